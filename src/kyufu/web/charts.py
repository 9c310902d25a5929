"""Charts as inline SVG, made here without scripts or style attributes: bars and lines with titles, labels, patterns.

No colour stands alone: series differ by pattern (bars) or mark (lines), values are written at the bars, and every chart
is beside a table that says the same. Pure: numbers in, text out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LEFT, TOP, BOTTOM, RIGHT = 760, 64, 16, 56, 16
PLOT = 220
HEIGHT = TOP + PLOT + BOTTOM
MOST_SERIES = 4
# Wider labels would run into each other.
LABEL_EVERY_PIXELS = 44
SHORT_BAR = 26
STEPS = (1, 2, 5)


class Series(NamedTuple):
    """One row of values, in the order of the categories."""

    name: str
    values: tuple[int, ...]


class Chart(NamedTuple):
    """What is drawn: what it is about, in a sentence what it says, its categories and its series."""

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "人"


def bars(chart: Chart, *, ident: str) -> SafeString:
    """A chart of bars beside each other, one pattern a series; `ident` is its own on the page."""
    top = _ceiling(chart)
    slot = (WIDTH - LEFT - RIGHT) / max(len(chart.categories), 1)
    width = min(slot * 0.8 / max(len(chart.series), 1), 48.0)
    inside = format_html_join(
        "", "{}", ((one,) for one in _bars(chart, ident=ident, top=top, slot=slot, width=width))
    )
    return _framed(chart, ident=ident, top=top, slot=slot, inside=inside, kind="bar")


def lines(chart: Chart, *, ident: str) -> SafeString:
    """A chart of lines, one mark and dash a series."""
    top = _ceiling(chart)
    slot = (WIDTH - LEFT - RIGHT) / max(len(chart.categories), 1)
    inside = format_html_join("", "{}", ((one,) for one in _lines(chart, top=top, slot=slot)))
    return _framed(chart, ident=ident, top=top, slot=slot, inside=inside, kind="line")


def _ceiling(chart: Chart) -> int:
    """The upper end of the axis: the next round number above the highest value."""
    highest = max((value for series in chart.series for value in series.values), default=0)
    power = 1
    while True:
        for step in STEPS:
            if step * power * 4 >= highest:
                return step * power * 4
        power *= 10


def _y(value: int, *, top: int) -> float:
    return round(TOP + PLOT - PLOT * value / top, 1)


def _bars(chart: Chart, *, ident: str, top: int, slot: float, width: float) -> Iterator[SafeString]:
    for number, series in enumerate(chart.series[:MOST_SERIES]):
        for at, value in enumerate(series.values):
            left = LEFT + slot * at + (slot - width * len(chart.series)) / 2 + width * number
            y = _y(value, top=top)
            yield format_html(
                '<rect class="chart-bar" fill="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
                _fill(number, ident=ident), f"{left:.1f}", y, f"{width:.1f}", f"{TOP + PLOT - y:.1f}",
                _said(chart, series=series, at=at),
            )  # fmt: skip
            if width >= SHORT_BAR:
                yield format_html(
                    '<text class="chart-value" x="{}" y="{}" text-anchor="middle">{}</text>',
                    f"{left + width / 2:.1f}", y - 4, f"{value:,}",
                )  # fmt: skip


def _lines(chart: Chart, *, top: int, slot: float) -> Iterator[SafeString]:
    for number, series in enumerate(chart.series[:MOST_SERIES]):
        points = [(LEFT + slot * (at + 0.5), _y(value, top=top)) for at, value in enumerate(series.values)]
        path = " ".join(f"{x:.1f},{y}" for x, y in points)
        yield format_html('<polyline class="chart-line chart-line-{}" points="{}"/>', number + 1, path)
        for at, (x, y) in enumerate(points):
            yield _mark(number, x=x, y=y, said=_said(chart, series=series, at=at))


def _said(chart: Chart, *, series: Series, at: int) -> str:
    """What a bar or mark says to who points at it."""
    return f"{chart.categories[at]} {series.name}：{series.values[at]:,}{chart.unit}"


def _mark(number: int, *, x: float, y: float, said: str) -> SafeString:
    """The mark of a series: a disc, a square, a triangle or a diamond."""
    shapes = (
        f"M{x - 4:.1f} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
        f"M{x - 4:.1f} {y - 4}h8v8h-8z",
        f"M{x:.1f} {y - 5}l5 9h-10z",
        f"M{x:.1f} {y - 6}l5 6l-5 6l-5 -6z",
    )
    return format_html(
        '<path class="chart-mark-{}" d="{}"><title>{}</title></path>', number + 1, shapes[number], said
    )


def _framed(chart: Chart, *, ident: str, top: int, slot: float, inside: SafeString, kind: str) -> SafeString:
    """The picture around the marks: title, description, patterns, axis, labels and legend."""
    return format_html(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}{}{}{}</svg>',
        WIDTH, HEIGHT, ident, ident, ident, chart.title, ident, chart.description, _patterns(ident),
        _axis(chart, top=top), inside, _categories(chart, slot=slot), _legend(chart, ident=ident, kind=kind),
    )  # fmt: skip


def _patterns(ident: str) -> SafeString:
    """Hatches of the second to fourth series; the first is plain."""
    shapes = ("M0 6L6 0", "M1 1h2v2h-2z", "M0 3H6")
    return format_html(
        "<defs>{}</defs>",
        format_html_join(
            "",
            '<pattern id="{}-fill-{}" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<path class="chart-hatch" d="{}"/></pattern>',
            ((ident, number, shape) for number, shape in enumerate(shapes, start=2)),
        ),
    )


def _fill(number: int, *, ident: str) -> str:
    return "currentColor" if number == 0 else f"url(#{ident}-fill-{number + 1})"


def _axis(chart: Chart, *, top: int) -> SafeString:
    ticks = [top * part // 4 for part in range(5)]
    return format_html_join(
        "",
        '<line class="chart-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="chart-tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, WIDTH - RIGHT, _y(tick, top=top), _y(tick, top=top), LEFT - 8, _y(tick, top=top) + 4,
             f"{tick:,}{chart.unit if tick == top else ''}")
            for tick in ticks
        ),
    )  # fmt: skip


def _categories(chart: Chart, *, slot: float) -> SafeString:
    """The labels under the axis; where they would meet, only each second, third ..."""
    longest = max((len(one) for one in chart.categories), default=1)
    every = max(1, -(-int(max(LABEL_EVERY_PIXELS, longest * 13)) // max(int(slot), 1)))
    return format_html_join(
        "",
        '<text class="chart-tick" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (f"{LEFT + slot * (at + 0.5):.1f}", TOP + PLOT + 18, label)
            for at, label in enumerate(chart.categories)
            if at % every == 0
        ),
    )


def _legend(chart: Chart, *, ident: str, kind: str) -> SafeString:
    if len(chart.series) < 2:
        return SafeString("")
    step = (WIDTH - LEFT) / len(chart.series)
    places = [
        (number, LEFT + step * number, one.name) for number, one in enumerate(chart.series[:MOST_SERIES])
    ]
    return format_html_join(
        "",
        '{}<text class="chart-tick" x="{}" y="{}">{}</text>',
        (
            (_sample(number, x=x, ident=ident, kind=kind), f"{x + 20:.1f}", HEIGHT - 8, name)
            for number, x, name in places
        ),
    )


def _sample(number: int, *, x: float, ident: str, kind: str) -> SafeString:
    if kind == "line":
        return _mark(number, x=x + 7, y=HEIGHT - 12, said="凡例")
    return format_html(
        '<rect class="chart-bar" fill="{}" x="{}" y="{}" width="14" height="12"/>',
        _fill(number, ident=ident), f"{x:.1f}", HEIGHT - 19,
    )  # fmt: skip
