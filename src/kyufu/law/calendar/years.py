"""Years that do not begin in January: school years, fiscal years (年度) and benefit years."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.ages import reaches_age_on
from kyufu.law.calendar.period import Period

SCHOOL_AND_FISCAL_FIRST_MONTH = 4
# Years that a day of somebody living can lie in: a mistyped one far off would run over the end of the calendar.
SENSIBLE_YEARS = range(1868, 2200)
AGE_BEFORE_FIRST_GRADE = 6


def is_sensible(day: date) -> bool:
    """Whether a day lies in a year that an application, a birth or a judgement can lie in."""
    return day.year in SENSIBLE_YEARS


def year_from_month(day: date, *, first_month: int) -> Period:
    """The year of twelve months that begins on the 1st of `first_month` and holds the day."""
    start_year = day.year if day.month >= first_month else day.year - 1
    return Period(date(start_year, first_month, 1), date(start_year + 1, first_month, 1))


def fiscal_year(day: date) -> int:
    """The fiscal year (年度, April to March) of a day, named by the year it begins in."""
    return day.year if day.month >= SCHOOL_AND_FISCAL_FIRST_MONTH else day.year - 1


def calendar_year(year: int) -> Period:
    """The days of a calendar year."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def first_march_31_from(day: date) -> date:
    """The first 31 March on or after a day (「…する日以後の最初の3月31日」)."""
    return date(fiscal_year(day) + 1, 3, 31)


def grade_starts_on(birth_date: date, *, grade: int) -> date:
    """1 April on which a school grade begins: 1 is 小1, 7 is 中1, 10 the year after 中3, 13 after the age of 18.

    The day after the first 31 March on or after the day the age of `grade` + 5 is reached (学校教育法第17条);
    who is born on 1 April reaches it on 31 March and is a school year earlier.
    """
    last_day_before = first_march_31_from(reaches_age_on(birth_date, age=grade + AGE_BEFORE_FIRST_GRADE - 1))
    return date(last_day_before.year, 4, 1)


def school_grade_on(birth_date: date, *, on: date) -> int:
    """The school grade of a child on a day: 1 to 6 小学校, 7 to 9 中学校, 10 to 12 高校; 0 or less before
    school.
    """
    return fiscal_year(on) - grade_starts_on(birth_date, grade=1).year + 1
