"""A person's periods as a picture: pure, periods in, places of rectangles and words out, in the units of an SVG.

A lane holds bars of one kind of fact. Bars that share days are laid in rows below each other, so that none hides
another; what reaches out of the years shown is cut at the edge and marked so.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.ages import age_on
from kyufu.law.calendar.period import Period, intersect
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.calendar.years import fiscal_year
from kyufu.notation.display import format_date

LEFT, RIGHT, TOP = 112, 1084, 54
WIDTH = 1100
ROW, GAP, BAR = 26, 8, 20
# How wide a character of the bars' words is, and how far the words stand from the edges of a bar.
LETTER, INSET = 12.5, 6
YEARS_BEFORE, YEARS_AFTER = 3, 2
NEW_YEAR_OF_OFFICES = (4, 1)
LEAP_DAY = (2, 29)


class Bar(NamedTuple):
    """A period in words; `kind` is a class of the style sheet."""

    period: Period
    text: str
    kind: str


class Lane(NamedTuple):
    """A kind of fact with its periods."""

    label: str
    bars: tuple[Bar, ...]


class BarDrawn(NamedTuple):
    """A bar in its place; `text` is empty where it does not fit, `title` says all of it."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    text: str
    title: str
    is_cut_left: bool
    is_cut_right: bool


class LaneDrawn(NamedTuple):
    """A lane in its place, with its bars from left to right, row by row."""

    label: str
    y: float
    height: float
    bars: tuple[BarDrawn, ...]


class Tick(NamedTuple):
    """A mark of time: `year` the beginning of a fiscal year (年度), `birthday` a birthday with the age reached."""

    x: float
    text: str
    kind: str


class Drawing(NamedTuple):
    """The whole picture; `today_x` is where today stands."""

    width: int
    height: float
    left: int
    right: int
    top: int
    lanes: tuple[LaneDrawn, ...]
    ticks: tuple[Tick, ...]
    today_x: float
    shown: Period


def draw(lanes: Sequence[Lane], *, today: date, birth_date: date | None) -> Drawing:
    """Lay out the lanes around today, whole fiscal years, with ticks for years and birthdays."""
    shown = window_of(lanes, today=today)
    drawn: list[LaneDrawn] = []
    y = float(TOP)
    for lane in lanes:
        found = _lane(lane, y=y, shown=shown)
        drawn.append(found)
        y += found.height + GAP
    ticks = (*_years(shown), *_birthdays(birth_date, shown=shown))
    return Drawing(
        WIDTH, y, LEFT, RIGHT, TOP, tuple(drawn), ticks, round(_x(today, shown=shown), 1), shown
    )  # fmt: skip


def window_of(lanes: Sequence[Lane], *, today: date) -> Period:
    """The fiscal years shown: back to the first fact, at most three years, and on to the last, at most two."""
    this_year = fiscal_year(today)
    periods = [bar.period for lane in lanes for bar in lane.bars]
    first = min((fiscal_year(one.start) for one in periods), default=this_year)
    last = max((fiscal_year(one.last_day) for one in periods if one.last_day is not None), default=this_year)
    first = max(this_year - YEARS_BEFORE, min(first, this_year - 1))
    last = min(this_year + YEARS_AFTER, max(last, this_year + 1))
    return Period(date(first, *NEW_YEAR_OF_OFFICES), date(last + 1, *NEW_YEAR_OF_OFFICES))


def _lane(lane: Lane, *, y: float, shown: Period) -> LaneDrawn:
    ends: list[date | None] = []
    bars: list[BarDrawn] = []
    for bar in sorted(lane.bars, key=lambda one: (one.period.start, one.period.end or date.max, one.text)):
        seen = intersect(bar.period, shown)
        if seen is None:
            continue
        row = next((row for row, end in enumerate(ends) if end is not None and end <= seen.start), len(ends))
        ends[row : row + 1] = [seen.end]
        bars.append(_bar(bar, seen=seen, y=y + row * ROW, shown=shown))
    return LaneDrawn(lane.label, y, max(1, len(ends)) * ROW, tuple(bars))


def _bar(bar: Bar, *, seen: Period, y: float, shown: Period) -> BarDrawn:
    # Both edges are rounded alike, so that what follows upon a bar begins where that ends and never before.
    start = round(_x(seen.start, shown=shown), 1)
    end = round(_x(seen.end or _end_of(shown), shown=shown), 1)
    fits = len(bar.text) * LETTER + 2 * INSET <= end - start
    return BarDrawn(
        x=start,
        y=y,
        width=round(end - start, 1),
        height=BAR,
        kind=bar.kind,
        text=bar.text if fits else "",
        title=f"{bar.text}：{say_period(bar.period)}",
        is_cut_left=bar.period.start < shown.start,
        is_cut_right=bar.period.end is None or bar.period.end > _end_of(shown),
    )


def say_period(period: Period) -> str:
    """A period in words as the picture says it, from its first to its last day."""
    last = period.last_day
    end = "（終わりの定めなし）" if last is None else f"{format_date(last)}まで"
    return f"{format_date(period.start)}から{end}"


def _years(shown: Period) -> tuple[Tick, ...]:
    years = range(shown.start.year, _end_of(shown).year)
    return tuple(
        Tick(
            round(_x(date(year, *NEW_YEAR_OF_OFFICES), shown=shown), 1),
            f"{format_wareki(date(year, *NEW_YEAR_OF_OFFICES)).partition('年')[0]}年度",
            "year",
        )
        for year in years
    )


def _birthdays(birth_date: date | None, *, shown: Period) -> tuple[Tick, ...]:
    if birth_date is None:
        return ()
    days = (_birthday(birth_date, year=year) for year in range(shown.start.year, _end_of(shown).year + 1))
    return tuple(
        Tick(round(_x(day, shown=shown), 1), f"{age_on(birth_date, on=day)}歳", "birthday")
        for day in days
        if day in shown and day >= birth_date
    )


def _birthday(birth_date: date, *, year: int) -> date:
    month_and_day = (birth_date.month, birth_date.day)
    return date(year, 3, 1) if month_and_day == LEAP_DAY and not isleap(year) else date(year, *month_and_day)


def _x(day: date, *, shown: Period) -> float:
    return LEFT + (RIGHT - LEFT) * (day - shown.start).days / (_end_of(shown) - shown.start).days


def _end_of(shown: Period) -> date:
    if shown.end is None:
        raise ValueError("the years shown have an end")
    return shown.end
