"""Ages, school years, fiscal and benefit years and eras, from the laws and published dates (rules.md D/E).

The tables are literal; the sweeps count day by day with no arithmetic of years.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kyufu.law.calendar.ages import age_at_end_of, age_on, first_month_start_after_age, reaches_age_on
from kyufu.law.calendar.wareki import format_wareki, parse_wareki, wareki_of
from kyufu.law.calendar.years import (
    first_march_31_from,
    fiscal_year,
    grade_starts_on,
    school_grade_on,
    year_from_month,
)

# 年齢計算ニ関スル法律, 民法143条: reached at the end of the day before the birthday.
REACHED = [
    ((2020, 10, 2), 1, (2021, 10, 1)),  # EX-401
    ((2020, 10, 1), 1, (2021, 9, 30)),  # EX-401: born on the 1st, the month before
    ((2011, 4, 1), 6, (2017, 3, 31)),
    ((2011, 4, 2), 6, (2017, 4, 1)),
    ((1986, 8, 1), 40, (2026, 7, 31)),  # rules.md D/E
    ((2020, 1, 1), 1, (2020, 12, 31)),
    ((2020, 2, 29), 1, (2021, 2, 28)),  # no 29 February: the last day of the month
    ((2020, 2, 29), 4, (2024, 2, 28)),  # a 29 February: the day before it
    ((2020, 3, 1), 1, (2021, 2, 28)),
    ((2020, 3, 1), 4, (2024, 2, 29)),
    ((2008, 2, 29), 18, (2026, 2, 28)),
    ((2008, 12, 31), 18, (2026, 12, 30)),
]


@pytest.mark.parametrize(("born", "age", "day"), REACHED)
def test_an_age_is_reached_the_day_before(
    born: tuple[int, int, int], age: int, day: tuple[int, int, int]
) -> None:
    assert reaches_age_on(date(*born), age=age) == date(*day)
    assert age_at_end_of(date(*born), day=date(*day)) == age
    assert age_at_end_of(date(*born), day=date(*day) - timedelta(days=1)) == age - 1


@pytest.mark.parametrize(
    ("born", "age", "first"),
    [
        ((2020, 10, 2), 1, (2021, 11, 1)),  # EX-401: to the end of the month of the birthday
        ((2020, 10, 31), 1, (2021, 11, 1)),
        ((2020, 10, 1), 1, (2021, 10, 1)),  # EX-401: born on the 1st, to the day before the birthday
        ((2020, 11, 1), 1, (2021, 11, 1)),
        ((2020, 2, 29), 1, (2021, 3, 1)),
        ((2020, 3, 1), 1, (2021, 3, 1)),
        ((2020, 3, 2), 1, (2021, 4, 1)),
        ((2020, 1, 1), 3, (2023, 1, 1)),
        ((2020, 7, 2), 3, (2023, 8, 1)),  # EX-402: the oldest of the published births
        ((2020, 7, 1), 3, (2023, 7, 1)),
        ((2022, 7, 1), 1, (2023, 7, 1)),  # EX-402: the youngest
        ((2022, 7, 2), 1, (2023, 8, 1)),
    ],
)
def test_the_month_after_an_age_is_reached(
    born: tuple[int, int, int], age: int, first: tuple[int, int, int]
) -> None:
    assert first_month_start_after_age(date(*born), age=age) == date(*first)


def test_the_age_in_words_of_every_day_of_a_childhood() -> None:
    """Counted from birthday to birthday; a birthday of 29 February is kept on 1 March of other years."""
    for born, keeps in (
        (date(2008, 2, 29), (3, 1)),
        (date(2008, 4, 1), (4, 1)),
        (date(2007, 12, 31), (12, 31)),
    ):
        age, day = 0, born
        while day < date(2026, 6, 1):
            assert age_on(born, on=day) == age, (born, day)
            day += timedelta(days=1)
            birthday = (day.month, day.day) in {keeps, (born.month, born.day)}
            is_twice = (
                (born.month, born.day) == (2, 29) and day.year % 4 == 0 and (day.month, day.day) == (3, 1)
            )
            age += birthday and not is_twice


# EX-403: the grades of the school year 2023-04 to 2024-03 by first and last birth date.
COHORTS = [
    (7, (2010, 4, 2), (2011, 4, 1)),
    (8, (2009, 4, 2), (2010, 4, 1)),
    (9, (2008, 4, 2), (2009, 4, 1)),
    (1, (2016, 4, 2), (2017, 4, 1)),
    (6, (2011, 4, 2), (2012, 4, 1)),
    (10, (2007, 4, 2), (2008, 4, 1)),
    (12, (2005, 4, 2), (2006, 4, 1)),
    (0, (2017, 4, 2), (2018, 4, 1)),
]


@pytest.mark.parametrize(("grade", "oldest", "youngest"), COHORTS)
def test_the_grades_of_a_school_year(
    grade: int, oldest: tuple[int, int, int], youngest: tuple[int, int, int]
) -> None:
    born = date(*oldest)
    while born <= date(*youngest):
        assert school_grade_on(born, on=date(2023, 4, 1)) == grade
        assert school_grade_on(born, on=date(2024, 3, 31)) == grade
        born += timedelta(days=1)
    assert school_grade_on(date(*oldest) - timedelta(days=1), on=date(2023, 9, 1)) == grade + 1
    assert school_grade_on(born, on=date(2023, 9, 1)) == grade - 1


@pytest.mark.parametrize(
    ("born", "end_of_15", "end_of_18"),
    [
        ((2008, 4, 1), (2023, 3, 31), (2026, 3, 31)),
        ((2008, 4, 2), (2024, 3, 31), (2027, 3, 31)),
        ((2009, 3, 31), (2024, 3, 31), (2027, 3, 31)),
        ((2008, 2, 29), (2023, 3, 31), (2026, 3, 31)),
        ((2008, 12, 31), (2024, 3, 31), (2027, 3, 31)),
        ((2009, 1, 1), (2024, 3, 31), (2027, 3, 31)),
    ],
)
def test_the_first_31_march_from_the_day_an_age_is_reached(
    born: tuple[int, int, int], end_of_15: tuple[int, int, int], end_of_18: tuple[int, int, int]
) -> None:
    for age, last in ((15, end_of_15), (18, end_of_18)):
        assert first_march_31_from(reaches_age_on(date(*born), age=age)) == date(*last)
        assert grade_starts_on(date(*born), grade=age - 5) - timedelta(days=1) == date(*last)


def test_fiscal_and_benefit_years_turn_on_their_first_day_and_on_no_other() -> None:
    day, fiscal, benefit = date(2016, 8, 1), 2016, 2016
    while day < date(2028, 8, 1):
        fiscal += (day.month, day.day) == (4, 1)
        assert fiscal_year(day) == fiscal
        if (day.month, day.day) == (8, 1):
            benefit = day.year
        year = year_from_month(day, first_month=8)
        assert (year.start, year.last_day) == (date(benefit, 8, 1), date(benefit + 1, 7, 31))
        day += timedelta(days=1)


# First days of the eras (改元): a table of the historical dates.
ERA_DAYS = [
    ((1873, 1, 1), "明治6年1月1日", "M6.1.1"),
    ((1873, 12, 31), "明治6年12月31日", "M6.12.31"),
    ((1874, 1, 1), "明治7年1月1日", "M7.1.1"),
    ((1900, 2, 28), "明治33年2月28日", "M33.2.28"),
    ((1912, 7, 29), "明治45年7月29日", "M45.7.29"),
    ((1912, 7, 30), "大正元年7月30日", "T1.7.30"),
    ((1912, 12, 31), "大正元年12月31日", "T1.12.31"),
    ((1913, 1, 1), "大正2年1月1日", "T2.1.1"),
    ((1926, 12, 24), "大正15年12月24日", "T15.12.24"),
    ((1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
    ((1926, 12, 31), "昭和元年12月31日", "S1.12.31"),
    ((1927, 1, 1), "昭和2年1月1日", "S2.1.1"),
    ((1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
    ((1989, 1, 8), "平成元年1月8日", "H1.1.8"),
    ((1990, 1, 1), "平成2年1月1日", "H2.1.1"),
    ((2019, 4, 30), "平成31年4月30日", "H31.4.30"),
    ((2019, 5, 1), "令和元年5月1日", "R1.5.1"),
    ((2019, 12, 31), "令和元年12月31日", "R1.12.31"),
    ((2020, 2, 29), "令和2年2月29日", "R2.2.29"),
    ((2117, 12, 31), "令和99年12月31日", "R99.12.31"),
]


@pytest.mark.parametrize(("day", "long", "short"), ERA_DAYS)
def test_days_about_the_eras(day: tuple[int, int, int], long: str, short: str) -> None:
    assert format_wareki(date(*day)) == long
    assert parse_wareki(long) == parse_wareki(short) == date(*day)
    assert parse_wareki(long.replace("元年", "1年")) == date(*day)


def test_the_last_day_of_the_old_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="旧暦"):
        wareki_of(date(1872, 12, 31))
    for text in (
        "明治5年12月31日",
        "明治6年2月29日",
        "明治33年2月29日",
        "大正元年7月29日",
        "昭和元年12月24日",
    ):
        with pytest.raises(ValueError, match=r"[ぁ-ん]"):
            parse_wareki(text)


def test_every_day_since_meiji_6_has_one_name_and_names_do_not_repeat() -> None:
    day, names = date(1873, 1, 1), set()
    while day < date(2030, 1, 1):
        names.add(format_wareki(day))
        day += timedelta(days=1)
    assert len(names) == (date(2030, 1, 1) - date(1873, 1, 1)).days
