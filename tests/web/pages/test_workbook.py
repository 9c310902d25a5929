"""The Excel file as its parts say: numbers are numbers, words are words, sums tie, charts point at their cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.web.charts import Chart, Series
from kyufu.web.figures import FigureTable
from kyufu.web.pages.tables import FORMULA_STARTS, TEXT_MARK, as_cell, csv_answer, without_mark, write_csv
from kyufu.web.pages.workbook import CONTENT_TYPE, FIRST_ROW, NAME_LENGTH, workbook_answer, write_workbook

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FEW = settings(max_examples=25, deadline=None)
SAID = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=15)
RISKY = [f"{start}cmd|' /C calc'!A0" for start in FORMULA_STARTS if start != "\r"] + [
    "  =1+1",
    "　＝SUM(A1)",
    '=HYPERLINK("x")',
]


def table(rows: list[tuple[str, int, int]], *, title: str = "表", chart: bool = True) -> FigureTable:
    made = tuple((label, one, other, one + other) for label, one, other in rows)
    drawn = Chart(title, "", tuple(row[0] for row in rows), (Series("男", (1,)),)) if chart else None
    return FigureTable("t", title, "注", ("区", "男", "女", "計"), made, chart=drawn)


def parts_of(content: bytes) -> dict[str, Xml.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {name: Xml.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xml")}


def cells(parts: dict[str, Xml.Element], *, sheet: int) -> dict[str, str | int]:
    """What stands in each cell of a sheet (from 1), read as a spreadsheet reads it."""
    words = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"].iter(f"{NS}si")]
    found: dict[str, str | int] = {}
    for one in parts[f"xl/worksheets/sheet{sheet}.xml"].iter(f"{NS}c"):
        value = one.findtext(f"{NS}v")
        if value is not None:
            found[one.attrib["r"]] = words[int(value)] if one.attrib.get("t") == "s" else int(value)
    return found


def rows_of(parts: dict[str, Xml.Element], *, sheet: int) -> list[list[str | int]]:
    """The rows of the table from its headings on."""
    held: dict[int, list[str | int]] = {}
    for place, value in cells(parts, sheet=sheet).items():
        held.setdefault(int(re.sub("[A-Z]+", "", place)), []).append(value)
    return [held[number] for number in sorted(held) if number >= FIRST_ROW]


@FEW
@given(
    rows=st.lists(
        st.tuples(SAID.filter(bool), st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=5
    )
)
def test_what_is_written_is_read_back_with_its_sums(rows: list[tuple[str, int, int]]) -> None:
    made = table(rows)
    read = rows_of(parts_of(write_workbook([made], conditions=[])), sheet=2)
    assert read[0] == ["区", "男", "女", "計"]
    for told, row in zip(read[1:-1], made.rows, strict=True):
        assert told == [as_cell(row[0]), *row[1:]]
    assert read[-1] == ["合計", *(sum(int(row[at]) for row in made.rows) for at in (1, 2, 3))]


@pytest.mark.parametrize("risky", RISKY)
def test_nothing_that_looks_like_a_formula_is_one_in_any_place(risky: str) -> None:
    """As title, note, heading, label, condition and name of a sheet."""
    hard = FigureTable("t", risky, risky, (risky, "数"), ((risky, 1),))
    parts = parts_of(write_workbook([hard], conditions=[(risky, risky)]))
    for name, part in parts.items():
        assert not list(part.iter(f"{NS}f")), name
        assert not list(part.iter(f"{NS}hyperlink")), name
    assert cells(parts, sheet=1)["A3"] == as_cell(risky) != risky
    read = cells(parts, sheet=2)
    assert read[f"A{FIRST_ROW}"] == read[f"A{FIRST_ROW + 1}"] == as_cell(risky)
    assert as_cell(risky).startswith(TEXT_MARK)


@FEW
@given(words=SAID)
def test_a_mark_is_set_only_where_it_is_needed_and_comes_off_again(words: str) -> None:
    marked = as_cell(words)
    risky = words.lstrip(" 　").startswith(FORMULA_STARTS)
    assert marked == (f"'{words}" if risky else words)
    assert not marked.lstrip(" 　").startswith(FORMULA_STARTS)
    assert without_mark(marked) == words


@FEW
@given(rows=st.lists(st.lists(st.one_of(SAID, st.integers(0, 10**6)), min_size=2, max_size=2), max_size=5))
def test_a_csv_is_read_back_cell_by_cell(rows: list[list[str | int]]) -> None:
    text = write_csv(["一", "二"], rows=rows)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == ["一", "二"]
    assert [[without_mark(cell) for cell in row] for row in read[1:]] == [
        [str(cell) for cell in row] for row in rows
    ]


def test_a_csv_begins_with_the_mark_of_its_encoding_and_is_not_kept() -> None:
    answer = csv_answer(["区"], rows=[["鶴見区"]], name="statistics-ages-20260801")
    assert answer.content.startswith("\ufeff区".encode())
    assert answer["Content-Disposition"] == 'attachment; filename="statistics-ages-20260801.csv"'
    assert answer["Cache-Control"] == "no-store" and "utf-8" in answer["Content-Type"]


def test_the_file_is_an_attachment_of_its_kind_that_nobody_keeps() -> None:
    answer = workbook_answer(
        [table([("鶴見区", 1, 2)])], conditions=[("統計", "表")], name="subsidy-20260801"
    )
    assert answer["Content-Type"] == CONTENT_TYPE and answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].endswith('filename="subsidy-20260801.xlsx"')
    assert "xl/workbook.xml" in parts_of(answer.content)


def test_conditions_come_first_each_in_a_row_of_its_own() -> None:
    conditions = [("統計", "小児"), ("基準日", "令和8年8月1日（2026年）"), ("取扱い", "庁内限り")]
    read = cells(parts_of(write_workbook([], conditions=conditions)), sheet=1)
    assert read["A1"] == "この統計の条件"
    assert [(read[f"A{at}"], read[f"B{at}"]) for at in (3, 4, 5)] == conditions


def names_of(parts: dict[str, Xml.Element]) -> list[str]:
    return [one.attrib["name"] for one in parts["xl/workbook.xml"].iter(f"{NS}sheet")]


@FEW
@given(titles=st.lists(st.text("資格[]:*?/\\'異動月別ab ", min_size=1, max_size=60), min_size=1, max_size=4))
def test_any_title_names_a_sheet_that_excel_takes(titles: list[str]) -> None:
    made = [table([("区", 1, 1)], title=title, chart=False) for title in titles]
    names = names_of(parts_of(write_workbook(made, conditions=[])))
    assert len(names) == len({name.casefold() for name in names}) == len(titles) + 1
    for name in names:
        assert len(name) <= NAME_LENGTH and not set(name) & set("[]:*?/\\'")


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_a_chart_points_at_the_cells_of_its_own_sheet(kind: str) -> None:
    made = table([("鶴見区", 1, 2), ("神奈川区", 3, 4), ("西区", 5, 6)], title="資格（区・年齢別）")._replace(
        kind=kind
    )
    parts = parts_of(write_workbook([table([("区", 1, 1)], chart=False), made], conditions=[]))
    (chart,) = [part for name, part in parts.items() if name.startswith("xl/charts/")]
    assert len(list(chart.iter(f"{CHARTS}{'barChart' if kind == 'bar' else 'lineChart'}"))) == 1
    pointed = {(one.text or "").replace("'", "") for one in chart.iter(f"{CHARTS}f")}
    sheet = names_of(parts)[2]
    last = FIRST_ROW + len(made.rows)
    assert {f"{sheet}!${column}${FIRST_ROW + 1}:${column}${last}" for column in "ABC"} <= pointed
    assert {f"{sheet}!$B${FIRST_ROW}", f"{sheet}!$C${FIRST_ROW}"} <= pointed
    assert not [one for one in pointed if "$D$" in one], "a sum is no series beside its parts"
    assert not [one for one in pointed if f"${last + 1}" in one], "nor is the row of sums"


def test_an_empty_table_has_its_headings_and_neither_sums_nor_chart() -> None:
    parts = parts_of(write_workbook([table([], title="なし")], conditions=[]))
    assert rows_of(parts, sheet=2) == [["区", "男", "女", "計"]]
    assert not [name for name in parts if "charts/" in name]


def test_numbers_have_separators_and_the_headings_stay_in_sight() -> None:
    parts = parts_of(write_workbook([table([("鶴見区", 1_234_567, 2)])], conditions=[]))
    sheet = parts["xl/worksheets/sheet2.xml"]
    pane = next(iter(sheet.iter(f"{NS}pane")))
    assert (pane.attrib["xSplit"], pane.attrib["ySplit"], pane.attrib["state"]) == (
        "1",
        str(FIRST_ROW),
        "frozen",
    )
    formats = [one.attrib for one in next(iter(parts["xl/styles.xml"].iter(f"{NS}cellXfs")))]
    styled = {
        one.attrib["r"]: formats[int(one.attrib["s"])] for one in sheet.iter(f"{NS}c") if "s" in one.attrib
    }
    named = {
        one.attrib["numFmtId"]: one.attrib["formatCode"] for one in parts["xl/styles.xml"].iter(f"{NS}numFmt")
    }
    # 3 is the built-in format with separators and without decimals.
    for place in (f"B{FIRST_ROW + 1}", f"D{FIRST_ROW + 2}"):
        assert {"3": "#,##0", **named}[styled[place]["numFmtId"]] == "#,##0"
    assert styled[f"A{FIRST_ROW + 1}"].get("numFmtId", "0") == "0"
