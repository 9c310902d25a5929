"""Years by era are written in one place: no other code puts a number behind the name of an era."""

from __future__ import annotations

import ast
import re

from kyufu.law.calendar.wareki import ERAS
from tests.quality.shown import SOURCE

HOME = "law/calendar/wareki.py"
# What the register notes where no birth date is known is text of another system, which the synthetic city plays.
TEXT_OF_OTHERS = "demo/city/households.py"
NAMES = "|".join(era.name for era in ERAS)
# The name alone, or at the end of a part that a number follows, or before a place for one.
WRITES_A_YEAR = re.compile(rf"(?:{NAMES})(?:$|\{{|%)")


def years_written_in(source: str) -> list[str]:
    """The texts of a source that a year by era could be made from."""
    if not re.search(NAMES, source):
        return []
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITES_A_YEAR.search(node.value)
    ]


def test_only_the_calendar_writes_years_by_era() -> None:
    found = {
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if years_written_in(file.read_text(encoding="utf-8"))
    }
    assert found == {HOME, TEXT_OF_OTHERS}


def test_no_template_writes_years_by_era() -> None:
    names = re.compile(rf"(?:{NAMES})\s*(?:\{{|#|\+)")
    templates = [file for end in ("html", "typ", "js") for file in SOURCE.rglob(f"*.{end}")]
    assert len(templates) > 50
    assert [file.name for file in templates if names.search(file.read_text(encoding="utf-8"))] == []


def test_every_way_of_writing_a_year_is_found() -> None:
    for source in ("f'平成{year}年'", "'令和' + str(year)", "'昭和%d年' % year", "'平成{}年度'.format(year)"):
        assert years_written_in(source), source
    for source in ("'平成6年9月条例第34号'", "'例：令和8年8月1日'", "'明治'.join"):
        assert bool(years_written_in(source)) == source.endswith("join")
