"""The threat model names for each threat the tests that show its control, and they exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "explanation" / "threat-model.md"
SHOWN = re.compile(r"`(?:tests/)?([a-z_/]+\.py)(?:::(test_\w+))?`")
HEADER = "| Threat | By | Control | Shown by |"


def threats(text: str) -> Iterator[tuple[str, str]]:
    """Each row of the tables of threats: what it says, and its last cell."""
    inside = False
    for line in text.splitlines():
        if line == HEADER:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            yield cells[0], cells[-1]


@cache
def functions_in(file: Path) -> frozenset[str]:
    """The names of the test functions of a file, those in classes included; empty where there is no such file."""
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def missing(cell: str) -> list[str]:
    """What a cell names and the tests do not have; a cell that names nothing is missing everything."""
    named = SHOWN.findall(cell)
    lacking = [
        f"{file}::{test}" if test else file
        for file, test in named
        if not (test in functions_in(TESTS / file) if test else functions_in(TESTS / file))
    ]
    return lacking or ([] if named else ["no test at all"])


ROWS = list(threats(PAGE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("threat", "shown"), ROWS, ids=[threat for threat, _ in ROWS])
def test_what_a_threat_names_exists(threat: str, shown: str) -> None:
    assert missing(shown) == []


def test_every_kind_of_threat_and_every_boundary_is_there() -> None:
    assert {threat[0] for threat, _ in ROWS} == set("STRIDE")
    assert len(ROWS) > 40
    text = PAGE.read_text(encoding="utf-8")
    drawn = set(re.findall(r"-- (B\d)", text))
    told = {
        boundary
        for heading in re.findall("^## .*$", text, flags=re.MULTILINE)
        for boundary in re.findall(r"B\d", heading)
    }
    assert drawn <= told


def test_a_test_that_is_gone_a_file_that_is_gone_and_an_empty_cell_are_found() -> None:
    known = "`quality/test_threat_model.py::test_what_a_threat_names_exists`"
    assert missing(known) == []
    assert missing("`quality/test_threat_model.py`") == []
    assert missing(f"{known}, `quality/test_threat_model.py::test_gone`") == [
        "quality/test_threat_model.py::test_gone"
    ]
    assert missing("`quality/test_gone.py`") == ["quality/test_gone.py"]
    assert missing("the administrator takes care") == ["no test at all"]


def test_rows_are_found_in_tables_of_threats_alone() -> None:
    text = f"| Asset | x |\n|---|---|\n| A | b |\n\n{HEADER}\n|---|---|---|---|\n| S: x | y | z | `a.py` |\n\n| T | u |"
    assert list(threats(text)) == [("S: x", "`a.py`")]
