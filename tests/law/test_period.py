"""The algebra of half-open periods, by properties on the days themselves."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.period import (
    NEVER_COVERED,
    ONE_DAY,
    Period,
    are_adjacent,
    coverage,
    covering,
    gaps,
    intersect,
    period_of,
    subtract,
    union,
)

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Periods within forty days, some of them open."""
    start = draw(st.integers(0, 35))
    end = draw(st.none() | st.integers(start + 1, 39))
    return Period(day(start), None if end is None else day(end))


def days_of(*given_periods: Period) -> set[date]:
    return {each for each in DAYS if any(each in period for period in given_periods)}


@given(periods(), periods())
def test_intersection_holds_the_days_in_both(a: Period, b: Period) -> None:
    common = intersect(a, b)
    assert days_of(*([common] if common else [])) == days_of(a) & days_of(b)
    assert common == intersect(b, a)


@given(periods(), periods())
def test_subtraction_holds_the_days_of_one_alone(a: Period, b: Period) -> None:
    rest = subtract(a, removed=b)
    assert days_of(*rest) == days_of(a) - days_of(b)
    assert all(period.end is None or period.start < period.end for period in rest)


@given(st.lists(periods(), max_size=6))
def test_union_holds_the_days_of_all_in_the_fewest_periods(some: list[Period]) -> None:
    merged = union(some)
    assert days_of(*merged) == days_of(*some)
    for earlier, later in pairwise(merged):
        assert earlier.end is not None
        assert earlier.end < later.start
    assert union(merged) == merged


@given(st.lists(periods(), max_size=6), periods())
def test_gaps_are_the_days_that_are_left(some: list[Period], within: Period) -> None:
    assert days_of(*gaps(some, within=within)) == days_of(within) - days_of(*some)


@given(st.lists(periods(), max_size=6), st.sampled_from(DAYS))
def test_coverage_is_the_whole_run_or_the_whole_gap(some: list[Period], on: date) -> None:
    covered, run = coverage(tuple(some), day=on)
    assert covered == (on in days_of(*some))
    assert on in run
    assert {each for each in DAYS if each in run} <= (
        {*days_of(*some)} if covered else {*DAYS} - days_of(*some)
    )
    for beyond in (run.start - ONE_DAY if run.start > date.min else None, run.end):
        if beyond is not None and beyond in DAYS:
            assert (beyond in days_of(*some)) is not covered


def test_coverage_by_nothing_is_a_gap_without_end() -> None:
    assert coverage((), day=FIRST) is NEVER_COVERED


@given(periods(), periods())
def test_adjacent_periods_merge_into_one_and_share_no_day(a: Period, b: Period) -> None:
    if are_adjacent(a, b):
        assert intersect(a, b) is None
        assert len(union([a, b])) == 1
    assert are_adjacent(a, b) == are_adjacent(b, a)


@given(periods())
def test_the_last_day_is_inside_and_the_end_is_not(period: Period) -> None:
    if period.end is None:
        assert period.last_day is None
        return
    assert period.last_day in period
    assert period.end not in period


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        period_of(start=FIRST, end=FIRST)
    assert period_of(start=FIRST, end=day(1)) == Period(FIRST, day(1))


def test_covering_finds_the_first_that_holds_the_day() -> None:
    some = [Period(day(0), day(5)), Period(day(5), None)]
    assert covering(some, day=day(5)) == some[1]
    assert covering(some[:1], day=day(5)) is None
    assert "2026-01-01" not in some[0]
