"""Ages, school years and benefit years, with the published examples of the day before the birthday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.ages import (
    age_at_end_of,
    age_on,
    first_month_start_after_age,
    first_of_month_after,
    reaches_age_on,
)
from kyufu.law.calendar.years import (
    calendar_year,
    first_march_31_from,
    fiscal_year,
    grade_starts_on,
    school_grade_on,
    year_from_month,
)

BIRTHS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("born", "age", "reached"),
    [
        (date(1985, 5, 1), 40, date(2025, 4, 30)),  # EX-601 長久手市 例1
        (date(1985, 5, 2), 40, date(2025, 5, 1)),  # EX-601 例2
        (date(2008, 4, 1), 18, date(2026, 3, 31)),  # rules.md D: 4/1生まれは3/31に達する
        (date(1985, 8, 1), 40, date(2025, 7, 31)),  # rules.md D
        (date(2020, 2, 29), 1, date(2021, 2, 28)),  # 民法第143条第2項ただし書
        (date(2020, 2, 29), 4, date(2024, 2, 28)),  # leap year: the day before
        (date(2020, 3, 1), 1, date(2021, 2, 28)),
        (date(2020, 3, 1), 4, date(2024, 2, 29)),
        (date(2020, 1, 1), 1, date(2020, 12, 31)),
    ],
)
def test_an_age_is_reached_at_the_end_of_the_day_before_the_birthday(
    born: date, age: int, reached: date
) -> None:
    assert reaches_age_on(born, age=age) == reached
    assert age_at_end_of(born, day=reached) == age
    assert age_on(born, on=reached) == age - 1


@given(BIRTHS, st.integers(1, 100))
def test_the_age_turns_exactly_at_the_end_of_the_day_it_is_reached(born: date, age: int) -> None:
    reached = reaches_age_on(born, age=age)
    assert age_at_end_of(born, day=reached) == age
    assert age_at_end_of(born, day=reached - timedelta(days=1)) == age - 1


def test_there_is_no_age_before_birth_and_none_below_one_is_reached() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 1, 2), on=date(2026, 1, 1))
    with pytest.raises(ValueError, match="below 1"):
        reaches_age_on(date(2026, 1, 2), age=0)


@pytest.mark.parametrize(
    ("born", "age", "first"),
    [
        (date(2020, 10, 2), 1, date(2021, 11, 1)),  # EX-401: 令和3年10月31日まで
        (date(2020, 10, 1), 1, date(2021, 10, 1)),  # EX-401: 1日生まれは誕生日の前日まで
        (date(2020, 12, 31), 1, date(2022, 1, 1)),
        (date(2020, 7, 2), 3, date(2023, 8, 1)),  # EX-402
        (date(2020, 7, 1), 3, date(2023, 7, 1)),  # EX-402
    ],
)
def test_the_month_after_an_age_begins(born: date, age: int, first: date) -> None:
    assert first_month_start_after_age(born, age=age) == first


@given(BIRTHS)
def test_the_next_month_begins_after_the_day_and_within_31_days(day: date) -> None:
    first = first_of_month_after(day)
    assert first.day == 1
    assert 1 <= (first - day).days <= 31


@pytest.mark.parametrize(
    ("born", "junior_high", "after_18"),
    [
        (date(2008, 4, 2), date(2021, 4, 1), date(2027, 4, 1)),  # EX-403: 新中学1〜3年生 2008-04-02〜
        (date(2011, 4, 1), date(2023, 4, 1), date(2029, 4, 1)),  # EX-403: 〜2011-04-01
        (date(2011, 4, 2), date(2024, 4, 1), date(2030, 4, 1)),  # EX-403: 小学6年以下
        (date(2012, 2, 29), date(2024, 4, 1), date(2030, 4, 1)),
    ],
)
def test_school_grades_begin_on_1_april(born: date, junior_high: date, after_18: date) -> None:
    assert grade_starts_on(born, grade=7) == junior_high
    assert grade_starts_on(born, grade=13) == after_18
    assert school_grade_on(born, on=junior_high) == 7
    assert school_grade_on(born, on=junior_high - timedelta(days=1)) == 6


@given(BIRTHS, st.integers(1, 13))
def test_a_grade_begins_after_the_year_in_which_its_age_is_reached(born: date, grade: int) -> None:
    reached = reaches_age_on(born, age=grade + 5)
    starts = grade_starts_on(born, grade=grade)
    assert (starts.month, starts.day) == (4, 1)
    assert 1 <= (starts - reached).days <= 366


def test_31_march_itself_counts_as_the_first() -> None:
    assert first_march_31_from(date(2026, 3, 31)) == date(2026, 3, 31)
    assert first_march_31_from(date(2026, 4, 1)) == date(2027, 3, 31)


def test_years_begin_in_their_month() -> None:
    assert fiscal_year(date(2026, 3, 31)) == 2025
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert year_from_month(date(2026, 7, 31), first_month=8) == (date(2025, 8, 1), date(2026, 8, 1))
    assert year_from_month(date(2026, 8, 1), first_month=8) == (date(2026, 8, 1), date(2027, 8, 1))
    assert calendar_year(2025) == (date(2025, 1, 1), date(2026, 1, 1))
