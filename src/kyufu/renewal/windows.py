"""The days that a renewal is about, and which end of a period is due to age: pure."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.ages import first_month_start_after_age, first_of_month_after, reaches_age_on
from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.calendar.years import SCHOOL_AND_FISCAL_FIRST_MONTH
from kyufu.renewal.states import RenewalKind

OLDEST_IN_YEARS = 20


def window_of(kind: RenewalKind, *, on: date) -> Period:
    """The days on which a period must end to be due: the day of a yearly renewal, of the others the month from it."""
    if kind in (RenewalKind.MONTHLY, RenewalKind.AGE):
        same = date(on.year + on.month // 12, on.month % 12 + 1, min(on.day, 28))
        return Period(on, same if on.day > 1 else first_of_month_after(on))
    return Period(on, on + ONE_DAY)


def is_age_event(birth_date: date, *, ends_on: date) -> bool:
    """Is the first day after a period one that an age brings: a birthday, the month after one, or a school year?

    The day of birth counts as the day after the age is reached (年齢計算ニ関スル法律); a school year begins on 1 April.
    """
    if (ends_on.month, ends_on.day) == (SCHOOL_AND_FISCAL_FIRST_MONTH, 1):
        return True
    age = ends_on.year - birth_date.year
    return any(
        ends_on
        in (reaches_age_on(birth_date, age=one) + ONE_DAY, first_month_start_after_age(birth_date, age=one))
        for one in (age - 1, age)
        if one > 0
    )
