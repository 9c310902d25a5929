"""Ages by the Act on Calculation of Ages (年齢計算ニ関スル法律, 明治35年法律第50号) and Civil Code art. 143.

An age is reached at the end of the day before the birthday. Who is born on 29 February reaches it on 28
February in every year: in a leap year that is the day before, in others the month has no corresponding day
and the term ends with its last day (民法第143条第2項ただし書).
"""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.period import ONE_DAY


def reaches_age_on(birth_date: date, *, age: int) -> date:
    """The day at whose end the age is reached (年齢に達する日); raises ValueError for an age below 1."""
    if age < 1:
        raise ValueError("an age below 1 is not reached on a day")
    year = birth_date.year + age
    if birth_date.month == 2 and birth_date.day == 29:
        return date(year, 2, 28)
    return date(year, birth_date.month, birth_date.day) - ONE_DAY


def age_on(birth_date: date, *, on: date) -> int:
    """The age in full years while the day lasts (満年齢); raises ValueError before the birth."""
    if on < birth_date:
        raise ValueError("the day is before the birth")
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (not had_birthday)


def age_at_end_of(birth_date: date, *, day: date) -> int:
    """The age once the day is over: on the day an age is reached (達する日) it counts already."""
    return age_on(birth_date, on=day + ONE_DAY)


def first_of_month_after(day: date) -> date:
    """The first day of the month that follows the month of the day (翌月1日)."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def first_month_start_after_age(birth_date: date, *, age: int) -> date:
    """The first of the month after the month in which an age is reached; those born on the 1st a month
    earlier.
    """
    return first_of_month_after(reaches_age_on(birth_date, age=age))
