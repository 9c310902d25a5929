"""Age bands of a subsidy, and the life of one child laid out along them.

A boundary is written birth, age:N (the 1st of the month after the month in which age N is reached) or grade:N
(1 April of a school grade, 1 being 小1). Bands of one era touch each other from birth on; eras touch as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Generic, NamedTuple, Protocol, TypeVar

from kyufu.law.calendar.ages import first_month_start_after_age
from kyufu.law.calendar.period import Period, intersect, union
from kyufu.law.calendar.years import grade_starts_on
from kyufu.law.parameters.entries import Entry
from kyufu.law.parameters.wording import say_boundary

BIRTH = "birth"


class Banded(Protocol):
    """What a band of any subsidy has."""

    @property
    def era(self) -> Period: ...
    @property
    def starts(self) -> str: ...
    @property
    def ends(self) -> str: ...


Band = TypeVar("Band", bound=Banded)


class Span(NamedTuple, Generic[Band]):
    """A stretch of a child's life within one band of one era."""

    period: Period
    band: Band


class Life(NamedTuple, Generic[Band]):
    """A child's life along the bands: `starts` are those of the spans, `runs` the spans merged where they
    touch.
    """

    starts: tuple[date, ...]
    spans: tuple[Span[Band], ...]
    runs: tuple[Period, ...]


def boundary_day(birth_date: date, *, boundary: str) -> date:
    """The day on which a boundary is crossed; raises ValueError for a boundary that is not known."""
    kind, _, number = boundary.partition(":")
    if kind == "age":
        return first_month_start_after_age(birth_date, age=int(number))
    if kind == "grade":
        return grade_starts_on(birth_date, grade=int(number))
    if boundary == BIRTH:
        return birth_date
    raise ValueError(f"unknown boundary {boundary}")


def lay_out(birth_date: date, *, bands: Sequence[Band]) -> Life[Band]:
    """The life of a child along the bands, oldest first."""
    spans: list[Span[Band]] = []
    for band in bands:
        start = boundary_day(birth_date, boundary=band.starts)
        end = boundary_day(birth_date, boundary=band.ends)
        period = intersect(Period(start, end), band.era) if start < end else None
        if period is not None:
            spans.append(Span(period, band))
    spans.sort(key=lambda span: span.period.start)
    periods = tuple(span.period for span in spans)
    return Life(tuple(period.start for period in periods), tuple(spans), union(periods))


def index_on(life: Life[Band], *, day: date) -> int | None:
    """The place of the span that holds the day, None where the day is in no band."""
    index = bisect_right(life.starts, day) - 1
    return index if index >= 0 and day in life.spans[index].period else None


def check_bands(entries: Sequence[Entry]) -> None:
    """Refuse bands that leave a gap or overlap, within an era or between eras, or have an unknown boundary."""
    eras: dict[Period, list[Entry]] = {}
    for entry in entries:
        eras.setdefault(entry.period, []).append(entry)
    ordered = sorted(eras.items(), key=lambda era: (era[0].start, era[0].end or date.max))
    for (earlier, _), (later, rows) in pairwise(ordered):
        if earlier.end != later.start:
            raise rows[0].refused("前の時期の区分と期間が重なっているか、空いています")
    if ordered[-1][0].end is not None:
        raise ordered[-1][1][0].refused("最後の時期に to があり、その後の区分がありません")
    for rows in eras.values():
        _check_chain(rows)


def _check_chain(rows: Sequence[Entry]) -> None:
    expected: object = BIRTH
    for row in rows:
        if row.columns["starts"] != expected:
            raise row.refused(
                f"始まり（starts）が、前の区分の終わり（{say_boundary(str(expected))}）と続いていません"
            )
        expected = row.columns["ends"]
        try:
            boundary_day(date(2000, 1, 1), boundary=str(expected))
        except ValueError:
            raise row.refused(f"知らない境目です：{expected}") from None
