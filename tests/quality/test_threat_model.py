"""The threat model names for each threat the tests that show its control, and they exist."""

from __future__ import annotations

import re

import pytest

from tests.quality.shown import TESTS, missing, rows

PAGE = TESTS.parent / "docs" / "explanation" / "threat-model.md"
HEADER = "| Threat | By | Control | Shown by |"
ROWS = [(cells[0], cells[-1]) for cells in rows(PAGE.read_text(encoding="utf-8"), header=HEADER)]


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
    assert list(rows(text, header=HEADER)) == [("S: x", "y", "z", "`a.py`")]
