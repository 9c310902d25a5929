"""The page of public failures names for each the tests that show what stands against it, and they exist."""

from __future__ import annotations

import re

import pytest

from tests.quality.shown import SOURCE, TESTS, missing, rows

PAGE = TESTS.parent / "docs" / "explanation" / "failures.md"
HEADER = "| Where | What happened | What stands against it | For | Shown by |"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = list(rows(TEXT, header=HEADER))
NAMES = [row[0] for row in ROWS]
MODULE = re.compile(r"`kyufu\.([a-z_.]+)`")
# Modules that grow on a branch of their own: what is named of them is demanded as soon as they are here.
GROWING = frozenset({"renewal"})


def is_here(module: str) -> bool:
    """Is there such a module, as a file or as a folder?"""
    place = SOURCE / module.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").is_file()


def is_awaited(named: str) -> bool:
    """Is it of a module that is not here yet and is known to come?"""
    top = re.split(r"[/.]", named)[0]
    return top in GROWING and not is_here(top)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_what_a_row_names_exists(row: tuple[str, ...]) -> None:
    assert [one for one in missing(row[-1]) if not is_awaited(one)] == []


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_row_says_what_happened_where_it_is_told_and_which_module_stands_against_it(
    row: tuple[str, ...],
) -> None:
    _, happened, against, whom, _ = row
    assert re.search(r"\([^)]+\)$", happened), "no source"
    modules = MODULE.findall(against)
    assert modules
    assert [one for one in modules if not is_here(one) and not is_awaited(one)] == []
    assert re.match(r"today|later: ", whom)


def test_each_failure_is_told_once() -> None:
    assert len(NAMES) == len(set(NAMES)) == 21


def test_what_is_later_says_who_will_carry_it() -> None:
    later = [row[3] for row in ROWS if "later" in row[3]]
    assert len(later) > 5
    assert [one for one in later if "issue" not in one] == []


def test_a_module_that_is_gone_is_found() -> None:
    assert is_here("law.income.selection") and is_here("exchange.basic")
    assert not is_here("law.income.gone")
    assert not is_awaited("law/test_gone.py::test_gone")
