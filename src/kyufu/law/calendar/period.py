"""Half-open periods of dates: the only way Kyufu says «from when to when»."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

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


def period_of(*, start: date, end: date | None) -> Period:
    """Make a period; raises ValueError when it would hold no day."""
    if end is not None and end <= start:
        raise ValueError("period is empty: its end is not after its start")
    return Period(start, end)


def intersect(a: Period, b: Period) -> Period | None:
    """The days in both periods, None where there is none."""
    start = max(a.start, b.start)
    end = b.end if a.end is None else a.end if b.end is None else min(a.end, b.end)
    return Period(start, end) if end is None or start < end else None


def covering(periods: Iterable[Period], *, day: date) -> Period | None:
    """The first of the periods that holds the day, None where no one does."""
    return next((period for period in periods if day in period), None)
