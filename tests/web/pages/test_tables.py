"""CSV for spreadsheets: nothing in it is run as a formula, and what was written can be read back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.web.pages.tables import FORMULA_STARTS, TEXT_MARK, as_cell, csv_answer, write_csv

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "=HYPERLINK(A1)", "+1", "@A",
    " =1", "　=1", "−1",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS[:-1])
def test_a_cell_that_would_be_a_formula_becomes_text(text: str) -> None:
    assert as_cell(text) == TEXT_MARK + text


@pytest.mark.parametrize("text", ["見本　太郎", "12", "", "a=b", "鶴見区-1", "'既に", "R8.8.1"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert as_cell(text) == text


def test_nothing_is_an_empty_cell_and_a_number_its_digits() -> None:
    assert (as_cell(None), as_cell(0), as_cell(12)) == ("", "0", "12")


def test_a_negative_number_is_marked_too() -> None:
    assert as_cell(-5) == "'-5"


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12), min_size=2,
                         max_size=2), max_size=5))  # fmt: skip
def test_no_cell_of_any_table_starts_a_formula_and_no_cell_is_lost(rows: list[list[str]]) -> None:
    text = write_csv(["一", "二"], rows=rows)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == len(rows) + 1
    for before, after in zip(rows, read[1:], strict=True):
        for given_cell, cell in zip(before, after, strict=True):
            assert not cell.lstrip(" 　").startswith(FORMULA_STARTS)
            assert cell in (given_cell, TEXT_MARK + given_cell)


def test_a_cell_cannot_break_out_of_its_quotes() -> None:
    text = write_csv(["氏名", "住所"], rows=[['a","=1', "x\n=2"]])
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == ['a","=1', "x\n=2"]


def test_the_heading_is_guarded_as_well() -> None:
    assert write_csv(["=1"], rows=[]).startswith("'=1")


def test_the_answer_is_a_file_that_nobody_keeps() -> None:
    answer = csv_answer(["氏名"], rows=[["見本"]], name="rights")
    assert answer["Content-Disposition"] == 'attachment; filename="rights.csv"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.decode("utf-8-sig") == "氏名\r\n見本\r\n"
    assert answer.content.startswith(b"\xef\xbb\xbf")
