"""Charts for any figures: nothing leaves the picture, heights and points say the values, words are escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.web.charts import (
    BOTTOM,
    HEIGHT,
    LABEL_EVERY_PIXELS,
    LEFT,
    MOST_SERIES,
    PLOT,
    RIGHT,
    SHORT_BAR,
    TOP,
    WIDTH,
    Chart,
    Series,
    bars,
    lines,
)

FEW = settings(max_examples=40, deadline=None)
Draw = Callable[..., str]
DRAWS = pytest.mark.parametrize("draw", [bars, lines])
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
FLOOR = TOP + PLOT
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=12)
VALUES = st.integers(0, 5_000_000)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """One to four series over one to fourteen categories."""
    number, width = draw(st.integers(1, MOST_SERIES)), draw(st.integers(1, 14))
    series = tuple(
        Series(f"列{at}", tuple(draw(st.lists(VALUES, min_size=width, max_size=width))))
        for at in range(number)
    )
    return Chart("表題", "説明", tuple(f"項{at}" for at in range(width)), series)


def drawn(draw: Draw, chart: Chart, *, ident: str = "c") -> Xml.Element:
    return Xml.fromstring(str(draw(chart, ident=ident)))


def bars_of(root: Xml.Element) -> list[Xml.Element]:
    """The bars that stand for a value; those of the legend say nothing."""
    return [one for one in root.iter("rect") if one.find("title") is not None]


def marks_of(root: Xml.Element) -> list[Xml.Element]:
    return [
        one
        for one in root.iter("path")
        if one.attrib["class"].startswith("chart-mark") and one.findtext("title") != "凡例"
    ]


def top_of_axis(root: Xml.Element, *, unit: str = "人") -> int:
    ticks = [one.text or "" for one in root.iter("text") if one.attrib["class"] == "chart-tick"]
    (highest,) = [one for one in ticks if re.fullmatch(rf"[\d,]+{unit}", one)]
    return int(highest.removesuffix(unit).replace(",", ""))


def number(element: Xml.Element, name: str) -> float:
    return float(element.attrib[name])


@FEW
@given(chart=charts())
def test_every_bar_stands_inside_the_plot_on_its_floor(chart: Chart) -> None:
    root = drawn(bars, chart)
    found = bars_of(root)
    assert len(found) == sum(len(one.values) for one in chart.series)
    for bar in found:
        left, top = number(bar, "x"), number(bar, "y")
        assert left >= LEFT - 0.1 and left + number(bar, "width") <= WIDTH - RIGHT + 0.1
        assert top >= TOP - 0.1 and top + number(bar, "height") == pytest.approx(FLOOR, abs=0.11)


@FEW
@given(chart=charts())
def test_no_bar_covers_another(chart: Chart) -> None:
    places = sorted((number(one, "x"), number(one, "width")) for one in bars_of(drawn(bars, chart)))
    for (left, width), (following, _) in pairwise(places):
        assert left + width <= following + 0.21


@FEW
@given(chart=charts())
def test_the_height_of_a_bar_is_its_value_on_the_axis(chart: Chart) -> None:
    root = drawn(bars, chart)
    top = top_of_axis(root)
    values = [value for one in chart.series for value in one.values]
    assert max(values) <= top
    for bar, value in zip(bars_of(root), values, strict=True):
        assert number(bar, "height") == pytest.approx(PLOT * value / top, abs=0.11)
        assert (bar.findtext("title") or "").endswith(f"：{value:,}人")


@FEW
@given(highest=st.integers(0, 10**9))
def test_the_axis_ends_at_a_round_number_not_far_above_the_highest_value(highest: int) -> None:
    root = drawn(bars, Chart("表題", "", ("一つ",), (Series("列", (highest,)),)))
    top = top_of_axis(root)
    assert max(highest, 4) <= top <= max(4, highest * 5 // 2 + 4)
    assert (str(top // 4).rstrip("0") or "0") in ("1", "2", "5")
    labels = [
        int((one.text or "").removesuffix("人").replace(",", ""))
        for one in root.iter("text")
        if one.attrib.get("text-anchor") == "end"
    ]
    assert labels == [top * part // 4 for part in range(5)]


@FEW
@given(chart=charts())
def test_every_point_of_a_line_lies_in_the_plot_at_its_value(chart: Chart) -> None:
    root = drawn(lines, chart)
    top = top_of_axis(root)
    curves = list(root.iter("polyline"))
    assert len(curves) == len(chart.series)
    for curve, series in zip(curves, chart.series, strict=True):
        points = [tuple(map(float, one.split(","))) for one in curve.attrib["points"].split()]
        assert len(points) == len(series.values)
        for (x, y), value in zip(points, series.values, strict=True):
            assert LEFT <= x <= WIDTH - RIGHT and TOP - 0.1 <= y <= FLOOR
            assert FLOOR - y == pytest.approx(PLOT * value / top, abs=0.11)
        assert [x for x, _ in points] == sorted(x for x, _ in points)


@FEW
@given(chart=charts())
def test_every_point_has_a_mark_that_says_its_value(chart: Chart) -> None:
    marks = marks_of(drawn(lines, chart))
    said = [one.findtext("title") for one in marks]
    assert said == [
        f"{category} {series.name}：{value:,}人"
        for series in chart.series
        for category, value in zip(chart.categories, series.values, strict=True)
    ]
    shapes = {one.attrib["class"]: len(NUMBER.findall(one.attrib["d"])) for one in marks}
    assert len(shapes) == len(chart.series), "each series has a mark of its own"


@DRAWS
@FEW
@given(name=WORDS, other=WORDS)
def test_any_words_come_out_as_they_went_in_and_nothing_runs(draw: Draw, name: str, other: str) -> None:
    chart = Chart(name, other, (name, other), (Series(other, (1, 2)), Series(name, (3, 4))))
    svg = str(draw(chart, ident="c"))
    root = Xml.fromstring(svg)
    assert (root.findtext("title"), root.findtext("desc")) == (name, other)
    tags = {one.tag for one in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "pattern", "path", "line", "text", "rect", "polyline"}
    for element in root.iter():
        assert not [one for one in element.attrib if one.startswith("on") or one in ("style", "href")]


@DRAWS
@FEW
@given(chart=charts(), ident=st.sampled_from(["a", "chart-ages", "effect-with_case"]))
def test_what_is_named_is_there_and_named_once(draw: Draw, chart: Chart, ident: str) -> None:
    """Two charts of a page do not share names; a pattern that a bar refers to exists."""
    svg = str(draw(chart, ident=ident))
    root = Xml.fromstring(svg)
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids)) and all(one.startswith(f"{ident}-") for one in ids)
    assert set(root.attrib["aria-labelledby"].split()) <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)


@FEW
@given(chart=charts())
def test_series_differ_by_pattern_and_not_by_colour_alone(chart: Chart) -> None:
    width = len(chart.categories)
    fills = [one.attrib["fill"] for one in bars_of(drawn(bars, chart))]
    per_series = [set(fills[at : at + width]) for at in range(0, len(fills), width)]
    assert all(len(one) == 1 for one in per_series)
    assert len(set.union(*per_series)) == len(chart.series)


@DRAWS
@FEW
@given(chart=charts())
def test_the_legend_names_every_series_where_there_are_several(draw: Draw, chart: Chart) -> None:
    root = drawn(draw, chart)
    below = [one.text for one in root.iter("text") if number(one, "y") > FLOOR + BOTTOM / 2]
    assert below == ([one.name for one in chart.series] if len(chart.series) > 1 else [])
    assert all(number(one, "y") <= HEIGHT for one in root.iter("text"))


@DRAWS
@FEW
@given(count=st.integers(1, 60), length=st.integers(1, 10))
def test_labels_under_the_axis_do_not_run_into_each_other(draw: Draw, count: int, length: int) -> None:
    label = "区" * length
    chart = Chart("表題", "", (label,) * count, (Series("列", (1,) * count),))
    places = sorted(
        number(one, "x")
        for one in drawn(draw, chart).iter("text")
        if one.text == label and number(one, "y") == FLOOR + 18
    )
    assert places
    gaps = [following - x for x, following in pairwise(places)]
    assert all(gap >= min(LABEL_EVERY_PIXELS, length * 13) - 0.2 for gap in gaps)


@FEW
@given(chart=charts())
def test_values_stand_at_bars_that_are_wide_enough(chart: Chart) -> None:
    root = drawn(bars, chart)
    values = [one.text for one in root.iter("text") if one.attrib["class"] == "chart-value"]
    wide = number(bars_of(root)[0], "width") >= SHORT_BAR
    assert values == ([f"{one:,}" for each in chart.series for one in each.values] if wide else [])


@DRAWS
def test_a_fifth_series_is_left_to_the_table(draw: Draw) -> None:
    chart = Chart("表題", "", ("項",), tuple(Series(f"列{at}", (at,)) for at in range(6)))
    root = drawn(draw, chart)
    assert len(bars_of(root) or marks_of(root)) == MOST_SERIES
    for bar in bars_of(root):
        assert number(bar, "x") >= LEFT


@DRAWS
def test_the_unit_of_the_figures_is_said(draw: Draw) -> None:
    chart = Chart("表題", "", ("四月",), (Series("申請", (1_234,)),), "件")
    root = drawn(draw, chart)
    assert "四月 申請：1,234件" in [one.text for one in root.iter("title")]
    assert top_of_axis(root, unit="件") >= 1_234


@DRAWS
def test_a_chart_of_zeros_lies_on_the_floor(draw: Draw) -> None:
    root = drawn(draw, Chart("表題", "", ("一", "二"), (Series("列", (0, 0)),)))
    assert [number(one, "height") for one in bars_of(root)] in ([], [0.0, 0.0])
    for curve in root.iter("polyline"):
        assert {one.split(",")[1] for one in curve.attrib["points"].split()} == {str(float(FLOOR))}
