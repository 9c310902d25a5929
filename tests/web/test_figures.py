"""Tables of figures, charts and files: sums tie, small numbers do not leak, nothing runs as a formula."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.parameters.entries import Certainty
from kyufu.web.charts import Chart, Series, bars, lines
from kyufu.web.figures import HIDDEN_TOTAL, FigureTable, cross, without_small
from kyufu.web.pages.figure_rules import figure_entries, figure_rules
from kyufu.web.pages.workbook import write_workbook
from tests.cases.world import ON

SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROWS = (("鶴見区", 3, 120, 123), ("神奈川区", 40, 55, 95), ("=cmd()", 0, 12, 12))
CHART = Chart("児童", "男と女", ("鶴見区", "神奈川区"), (Series("男", (3, 40)), Series("女", (120, 55))))
TABLE = FigureTable("t", "表[1]", "注", ("区", "男", "女", "計"), ROWS, chart=CHART)
NUMBERS = st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=1, max_size=6)


def table_of(rows: list[list[int]]) -> FigureTable:
    made = tuple((f"行{at}", *row, sum(row)) for at, row in enumerate(rows))
    return FigureTable("x", "表", "", ("行", "甲", "乙", "丙", "計"), made, chart=CHART)


def test_a_cross_table_sums_its_rows() -> None:
    counts = [("a", "x", 1), ("a", "x", 2), ("b", "y", 5), ("c", "z", 9)]
    assert cross(counts, rows=["a", "b"], columns=["x", "y"]) == (("a", 3, 0, 3), ("b", 0, 5, 5))
    assert TABLE.totals() == ("合計", 43, 187, 230)
    assert FigureTable("e", "空", "", ("a", "b"), ()).totals() == ()


@settings(deadline=None)
@given(rows=NUMBERS, below=st.integers(2, 15))
def test_no_small_number_leaves_the_house_nor_what_would_tell_it(rows: list[list[int]], below: int) -> None:
    shown = without_small(table_of(rows), below=below)
    hidden = 0
    for told, true in zip(shown.rows, rows, strict=True):
        for cell, number in zip(told[1:4], true, strict=True):
            assert not (isinstance(cell, int) and 0 < cell < below)
            hidden += not isinstance(cell, int)
            assert cell == number or not isinstance(cell, int)
        if any(not isinstance(cell, int) for cell in told[1:4]):
            assert told[4] == HIDDEN_TOTAL or not isinstance(told[4], int)
    # One alone would follow from a sum that another table tells.
    assert hidden != 1 or sum(number > 0 for row in rows for number in row) == 1
    if hidden:
        assert shown.chart is None
        totals = shown.totals()
        for column in range(1, 4):
            if any(not isinstance(row[column], int) for row in shown.rows):
                assert totals[column] == HIDDEN_TOTAL


def test_a_table_without_small_numbers_stays_as_it_is() -> None:
    table = table_of([[10, 20, 0]])
    assert without_small(table, below=10) is table


def test_the_rules_of_figures_are_dated_and_marked_assumed() -> None:
    assert figure_rules(ON).small_cell == 10
    assert {one.certainty for one in figure_entries()} == {Certainty.ASSUMED}


@pytest.mark.parametrize("draw", [bars, lines])
def test_a_chart_says_what_it_shows_without_colour_or_script(draw: object) -> None:
    assert callable(draw)
    svg = str(draw(CHART, ident="c1"))
    root = Xml.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "c1-title c1-desc"
    texts = [one.text or "" for one in root.iter()]
    for said in ("児童", "男と女", "鶴見区 男：3人", "神奈川区 女：55人"):
        assert said in texts
    assert "style=" not in svg and "<script" not in svg and "onload" not in svg
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids)) and all(one.startswith("c1-") for one in ids)


def test_the_bars_are_as_high_as_their_values() -> None:
    root = Xml.fromstring(str(bars(CHART, ident="c")))
    heights = [float(one.attrib["height"]) for one in root.iter("rect") if "title" in {c.tag for c in one}]
    values = [3, 40, 120, 55]
    ordered = [height for _, height in sorted(zip(values, heights, strict=True))]
    assert all(earlier < later for earlier, later in pairwise(ordered))
    assert heights[2] / heights[3] == pytest.approx(120 / 55, rel=0.02)


def test_names_in_a_chart_are_escaped_and_nothing_is_no_chart_that_breaks() -> None:
    hard = Chart("<b>", "&", ("<script>",), (Series('"', (0,)),))
    for draw in (bars, lines):
        assert "<script>" not in str(draw(hard, ident="h"))
        assert "<svg" in str(draw(Chart("空", "", (), (Series("なし", ()),)), ident="e"))


def opened(content: bytes) -> dict[str, Xml.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {name: Xml.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xml")}


def test_the_workbook_holds_the_conditions_and_a_sheet_for_each_table() -> None:
    parts = opened(
        write_workbook([TABLE, table_of([[1, 2, 3]])], conditions=[("基準日", "令和8年8月1日（2026年）")])
    )
    names = [one.attrib["name"] for one in parts["xl/workbook.xml"].iter(f"{SHEETS}sheet")]
    assert names == ["条件", "1 表・1・", "2 表"]
    strings = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"].iter(f"{SHEETS}si")]
    for said in ("令和8年8月1日（2026年）", "この統計の条件", "鶴見区", "合計", "計"):
        assert said in strings
    assert "'=cmd()" in strings and "=cmd()" not in strings
    sheet = parts["xl/worksheets/sheet2.xml"]
    numbers = [one.findtext(f"{SHEETS}v") for one in sheet.iter(f"{SHEETS}c") if one.attrib.get("t") != "s"]
    assert numbers == ["3", "120", "123", "40", "55", "95", "0", "12", "12", "43", "187", "230"]
    assert not list(sheet.iter(f"{SHEETS}f"))
    formats = {one.attrib["formatCode"] for one in parts["xl/styles.xml"].iter(f"{SHEETS}numFmt")}
    assert "#,##0" in formats or any(
        one.attrib.get("numFmtId") == "3" for one in parts["xl/styles.xml"].iter()
    )
    assert "xl/charts/chart1.xml" in parts


def test_a_table_for_outside_is_written_without_chart_and_with_words_for_small_numbers() -> None:
    hidden = without_small(TABLE, below=10)
    parts = opened(write_workbook([hidden], conditions=[]))
    strings = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"].iter(f"{SHEETS}si")]
    assert "10未満" in strings and HIDDEN_TOTAL in strings
    assert not [name for name in parts if "charts/" in name]
