"""The months of a fiscal year in which somebody owes, as bits: bit 0 is April, bit 11 the March after.

Months count, days do not: a month is owed when the person is insured at its end (資格を取得した月から、喪失した月の
前月まで; 月割賦課).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from kyufu.law.calendar.ages import reaches_age_on
from kyufu.law.calendar.months import MONTHS_A_YEAR, YearMonth, month_numbered
from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.calendar.years import SCHOOL_AND_FISCAL_FIRST_MONTH, first_march_31_from

WHOLE_YEAR = (1 << MONTHS_A_YEAR) - 1


def first_number(fiscal_year: int) -> int:
    """The number (YearMonth.number) of the April in which a fiscal year begins."""
    return fiscal_year * MONTHS_A_YEAR + SCHOOL_AND_FISCAL_FIRST_MONTH - 1


def months_from_to(*, start: int, end: int) -> int:
    """The bits from one place of the year up to, not including, another; places beyond the year are cut."""
    start, end = max(start, 0), min(end, MONTHS_A_YEAR)
    return (1 << end) - (1 << start) if start < end else 0


def enrolled_months(periods: Iterable[Period], *, fiscal_year: int) -> int:
    """The months of the year at whose end a person is insured."""
    first, bits = first_number(fiscal_year), 0
    for start, end in periods:
        since = start.year * MONTHS_A_YEAR + start.month - 1 - first
        until = MONTHS_A_YEAR if end is None else end.year * MONTHS_A_YEAR + end.month - 1 - first
        bits |= months_from_to(start=since, end=until)
    return bits


@lru_cache(maxsize=65536)
def age_months(birth_date: date, *, fiscal_year: int, since_age: int, until_age: int) -> int:
    """The months from that in which one age is reached up to, not including, that in which another is.

    An age is reached on the day before the birthday: who is born on the 1st is a month earlier.
    """
    first = first_number(fiscal_year)
    since, until = (reaches_age_on(birth_date, age=age) for age in (since_age, until_age))
    return months_from_to(
        start=since.year * MONTHS_A_YEAR + since.month - 1 - first,
        end=until.year * MONTHS_A_YEAR + until.month - 1 - first,
    )


@lru_cache(maxsize=65536)
def months_before_birthday(birth_date: date, *, fiscal_year: int, age: int) -> int:
    """The months before that of a birthday: the elderly are insured elsewhere from the birthday itself on.

    The birthday is the day after reaching the age, of those born on 29 February the 1st of March in most years.
    """
    day = reaches_age_on(birth_date, age=age) + ONE_DAY
    return months_from_to(start=0, end=day.year * MONTHS_A_YEAR + day.month - 1 - first_number(fiscal_year))


@lru_cache(maxsize=65536)
def is_until_march_after(birth_date: date, *, fiscal_year: int, age: int) -> bool:
    """Whether the year lies before the end of the school year in which an age is reached (…歳に達する日以後の最初の
    3月31日以前); the same for every month of a fiscal year.
    """
    return first_march_31_from(reaches_age_on(birth_date, age=age)).year > fiscal_year


def months_since(day: date, *, fiscal_year: int, skipped: int, length: int) -> int:
    """`length` months of the year counted from the month of a day, after leaving out the first `skipped`."""
    start = day.year * MONTHS_A_YEAR + day.month - 1 + skipped - first_number(fiscal_year)
    return months_from_to(start=start, end=start + length)


def count(months: int) -> int:
    """How many months."""
    return months.bit_count()


def months_in(bits: int, *, fiscal_year: int) -> tuple[YearMonth, ...]:
    """The months as values, in order."""
    first = first_number(fiscal_year)
    return tuple(month_numbered(first + place) for place in range(MONTHS_A_YEAR) if bits >> place & 1)
