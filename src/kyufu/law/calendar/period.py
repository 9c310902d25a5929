"""Half-open periods of dates: the only way Kyufu says «from when to when»."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from kyufu.law.records import maker

ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """Days from `start` up to but not including `end`; an `end` of None is open (期間の定めなし)."""

    start: date
    end: date | None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day and (self.end is None or day < self.end)

    @property
    def last_day(self) -> date | None:
        """The last day inside the period (満了日), None where it is open."""
        return None if self.end is None else self.end - ONE_DAY


_period = maker(Period)
ALWAYS = Period(date.min, None)


class Coverage(NamedTuple):
    """Whether a day is covered by some periods, and the whole run (or the whole gap) that holds the day."""

    covered: bool
    period: Period


NEVER_COVERED = Coverage(False, ALWAYS)
_coverage = maker(Coverage)


def period_of(*, start: date, end: date | None) -> Period:
    """Make a period; raises ValueError when it would hold no day."""
    if end is not None and end <= start:
        raise ValueError("period is empty: its end is not after its start")
    return Period(start, end)


def intersect(a: Period, b: Period) -> Period | None:
    """The days in both periods, None where there is none."""
    start, end = a
    start = max(start, b.start)
    if end is None or (b.end is not None and b.end < end):
        end = b.end
    return _period((start, end)) if end is None or start < end else None


def covering(periods: Iterable[Period], *, day: date) -> Period | None:
    """The first of the periods that holds the day, None where no one does."""
    return next((period for period in periods if day in period), None)


def subtract(period: Period, *, removed: Period) -> tuple[Period, ...]:
    """The days of a period that are not in `removed`: none, one or two periods, in order."""
    common = intersect(period, removed)
    if common is None:
        return (period,)
    before = (Period(period.start, common.start),) if period.start < common.start else ()
    if common.end is None or common.end == period.end:
        return before
    return (*before, Period(common.end, period.end))


def are_adjacent(a: Period, b: Period) -> bool:
    """Whether one period begins on the very day the other ends, with no day between and none shared."""
    return a.end == b.start or b.end == a.start


def union(periods: Iterable[Period]) -> tuple[Period, ...]:
    """All the days of some periods as the fewest periods: overlapping and adjacent ones merged, in order."""
    merged: list[Period] = []
    for period in sorted(periods, key=lambda each: each.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < period.start):
            merged.append(period)
        else:
            open_end = last.end is None or period.end is None
            merged[-1] = Period(last.start, None if open_end else max(last.end, period.end))  # type: ignore[type-var]
    return tuple(merged)


def gaps(periods: Iterable[Period], *, within: Period) -> tuple[Period, ...]:
    """The days of `within` that no one of the periods holds, as the fewest periods, in order."""
    left: tuple[Period, ...] = (within,)
    for period in periods:
        left = tuple(rest for each in left for rest in subtract(each, removed=period))
    return left


def coverage(periods: tuple[Period, ...], *, day: date) -> Coverage:
    """Whether the day is covered, with the run of touching periods, or the gap between them, that holds it."""
    if not periods:
        return NEVER_COVERED
    if len(periods) > 1:
        return _coverage_of_several(union(periods), day=day)
    start, end = periods[0]
    if day < start:
        return _coverage((False, _period((date.min, start))))
    if end is None or day < end:
        return _coverage((True, periods[0]))
    return _coverage((False, _period((end, None))))


def _coverage_of_several(runs: tuple[Period, ...], *, day: date) -> Coverage:
    gap_start = date.min
    for run in runs:
        if day < run.start:
            return Coverage(False, Period(gap_start, run.start))
        if run.end is None or day < run.end:
            return Coverage(True, run)
        gap_start = run.end
    return Coverage(False, Period(gap_start, None))
