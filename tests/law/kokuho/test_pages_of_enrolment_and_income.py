"""The pages for clerks: their examples run, and their figures are those of the parameter files."""

from __future__ import annotations

import json
import re
import typing
from pathlib import Path
from typing import NamedTuple

import pytest

from kyufu.cli.main import main
from kyufu.law.kokuho.common import load_common_entries
from kyufu.law.kokuho.enrolment.facts import EnrolmentFacts
from kyufu.law.kokuho.enrolment.household_judgement import HouseholdFacts
from kyufu.law.kokuho.enrolment.parameters import load_enrolment_entries
from kyufu.law.kokuho.enrolment.share import ShareFacts
from kyufu.law.kokuho.income.facts import IncomeFacts
from kyufu.law.kokuho.income.parameters import load_income_entries
from kyufu.law.parameters.entries import Entry

FOLDER = Path(__file__).parents[3] / "docs" / "reference" / "kokuho"
NAMES = (
    "enrolment",
    "household",
    "income",
    "income-tables",
    "losses",
    "months",
    "notices",
    "places",
    "reduction-income",
    "share",
    "unemployed",
)
EXAMPLE = re.compile(r"```json (kokuho-[a-z-]+)(?: (\d{4}-\d{2}-\d{2}))?\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| `([a-z0-9_]+)` \| (.+) \|$", re.MULTILINE)


class Example(NamedTuple):
    """A facts file that a page shows, with the rule and the day it is for."""

    page: str
    rule: str
    on: str
    facts: str


def read_page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


EXAMPLES = [
    Example(name, rule, on, facts) for name in NAMES for rule, on, facts in EXAMPLE.findall(read_page(name))
]
ENTRIES = [*load_enrolment_entries(), *load_income_entries(), *load_common_entries()]
COLUMNS_AFTER_THE_NAME = 5
SHOWN = [
    (key, row)
    for name in NAMES
    for key, row in ROW.findall(read_page(name))
    if len(row.split(" | ")) == COLUMNS_AFTER_THE_NAME
]
# What each page's example must say, so that an example that judges nothing is noticed.
SAID = {
    "enrolment": "期限（令和6年4月15日）から35日遅れました",
    "household": "特定世帯に当たります",
    "income": "旧ただし書所得 3,250,000円",
    "losses": "旧ただし書所得 1,070,000円",
    "notices": "この日に賦課を決定できる年度は令和5年度です。",
    "places": "修学のため他の市町村に住む者の特例によります。",
    "reduction-income": "軽減判定所得 2,800,000円",
    "share": "一部負担金の割合は2割です",
    "unemployed": "旧ただし書所得 398,000円",
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.page)
def test_the_example_of_a_page_is_judged(
    example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(example.facts, encoding="utf-8")
    day = ["--on", example.on] if example.on else []
    assert main(["judge", example.rule, *day, "--explain", str(file)]) == 0
    told = capsys.readouterr().out
    assert SAID[example.page] in told
    assert "判定できません" not in told
    assert main(["judge", example.rule, *day, str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["decided"]


def test_every_page_but_the_tables_has_an_example() -> None:
    assert {each.page for each in EXAMPLES} == set(SAID)
    assert set(NAMES) - set(SAID) == {"income-tables", "months"}


def value_of(entry: Entry) -> str:
    """What a page writes of a row."""
    columns = entry.columns
    if "value" not in columns:
        return f"{columns['amount']:,}円" if "amount" in columns else "対象"
    value = columns["value"]
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return f"{value:,}{columns['unit']}"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda each: f"{each.key} {each.period.start}")
def test_every_figure_stands_in_a_page_as_the_file_has_it(entry: Entry) -> None:
    start = f"{entry.period.start:%Y-%m-%d}～"
    year = f"{entry.period.start.year}年分～"
    rows = [row for key, row in SHOWN if key == entry.key and (start in row or year in row)]
    assert rows, "no page shows it"
    for row in rows:
        label, value, _, certainty, source = row.split(" | ")
        assert (label, value) == (entry.columns["label"], value_of(entry))
        assert certainty == entry.certainty.label
        assert source == entry.source


def test_no_page_shows_a_figure_that_no_file_has() -> None:
    assert {key for key, _ in SHOWN} <= {each.key for each in ENTRIES}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_its_rule_and_its_law(name: str) -> None:
    text = read_page(name)
    assert text.startswith("# ")
    assert "根拠：" in text
    module = re.search(r"`kyufu\.law\.kokuho\.((?:enrolment|income)(?:\.\w+)?)`", text)
    assert module is not None
    path = Path(__file__).parents[3] / "src" / "kyufu" / "law" / "kokuho" / module[1].replace(".", "/")
    assert path.is_dir() or path.with_suffix(".py").exists()


def fields_of(record: type[tuple[object, ...]]) -> set[str]:
    """The names of a facts record and of every record within it."""
    found: set[str] = set()
    for name, kind in typing.get_type_hints(record).items():
        found.add(name)
        for part in (kind, *typing.get_args(kind)):
            inner = typing.get_args(part)[0] if typing.get_args(part) else part
            if isinstance(inner, type) and hasattr(inner, "_fields") and inner.__module__.startswith(MODULES):
                found |= fields_of(inner)
    return found


MODULES = ("kyufu.law.kokuho.enrolment", "kyufu.law.kokuho.income")


@pytest.mark.parametrize(
    ("record", "pages"),
    [
        (EnrolmentFacts, ("enrolment",)),
        (HouseholdFacts, ("household", "enrolment")),
        (ShareFacts, ("share",)),
        (IncomeFacts, ("income",)),
    ],
)
def test_the_pages_name_every_fact_that_is_read(
    record: type[tuple[object, ...]], pages: tuple[str, ...]
) -> None:
    text = "".join(read_page(name) for name in pages)
    words = set(re.findall(r"[a-z_]+", "".join(re.findall(r"`[^`\n]+`", text))))
    assert fields_of(record) - words == set()


def test_the_records_within_the_facts_are_looked_into() -> None:
    assert {"from_family", "land_long_deduction", "left_on", "casualty"} <= fields_of(IncomeFacts)
    assert {"home_municipality", "notified_on", "due_on"} <= fields_of(EnrolmentFacts)
    assert {"old_head_agrees", "birth_date", "worker_joined_late_elderly_on"} <= fields_of(HouseholdFacts)
