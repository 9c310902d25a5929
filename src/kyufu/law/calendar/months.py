"""Calendar months as values: premiums and ceilings count months, never days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.years import SCHOOL_AND_FISCAL_FIRST_MONTH

MONTHS_A_YEAR = 12


class YearMonth(NamedTuple):
    """One calendar month (年月); compares in the order of time."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def number(self) -> int:
        """Months since the year 0, for counting."""
        return self.year * MONTHS_A_YEAR + self.month - 1

    @property
    def first_day(self) -> date:
        """The 1st of the month."""
        return date(self.year, self.month, 1)

    @property
    def fiscal_year(self) -> int:
        """The fiscal year (年度) the month lies in."""
        return self.year if self.month >= SCHOOL_AND_FISCAL_FIRST_MONTH else self.year - 1


def month_of(day: date) -> YearMonth:
    """The month that holds a day (その日の属する月)."""
    return YearMonth(day.year, day.month)


def month_numbered(number: int) -> YearMonth:
    """The month with a number as `YearMonth.number` gives it."""
    return YearMonth(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1)


def months_later(month: YearMonth, *, months: int) -> YearMonth:
    """The month so many months later; earlier where the number is negative."""
    return month_numbered(month.number + months)


def months_of_fiscal_year(year: int) -> tuple[YearMonth, ...]:
    """April to March of a fiscal year, in order."""
    first = YearMonth(year, SCHOOL_AND_FISCAL_FIRST_MONTH).number
    return tuple(month_numbered(first + each) for each in range(MONTHS_A_YEAR))


def months_between(*, start: YearMonth, end: YearMonth) -> Iterator[YearMonth]:
    """The months from `start` up to but not including `end`."""
    return (month_numbered(each) for each in range(start.number, end.number))
