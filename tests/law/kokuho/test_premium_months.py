"""Months as bits of a fiscal year, against counting every day of every month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.ages import reaches_age_on
from kyufu.law.calendar.months import YearMonth, months_of_fiscal_year
from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.premium.months import (
    WHOLE_YEAR,
    age_months,
    count,
    enrolled_months,
    first_number,
    is_until_march_after,
    months_before_birthday,
    months_from_to,
    months_in,
    months_since,
)

YEAR = 2026
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
LASTS = [
    date(month.year, month.month, monthrange(month.year, month.month)[1])
    for month in months_of_fiscal_year(YEAR)
]


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(1, 900))
    return Period(start, None if length is None else start + timedelta(days=length))


def bits(held: list[bool]) -> int:
    return sum(1 << place for place, yes in enumerate(held) if yes)


@given(st.lists(periods(), max_size=3))
def test_a_month_counts_where_its_last_day_is_within_a_period(spells: list[Period]) -> None:
    found = enrolled_months(spells, fiscal_year=YEAR)
    assert found == bits([any(last in period for period in spells) for last in LASTS])
    assert count(found) == len(months_in(found, fiscal_year=YEAR))


@given(st.integers(-30, 30), st.integers(-30, 30))
def test_places_beyond_the_year_are_cut(start: int, end: int) -> None:
    found = months_from_to(start=start, end=end)
    assert found == bits([start <= place < end for place in range(12)])
    assert found & ~WHOLE_YEAR == 0


@given(st.dates(date(1955, 1, 1), date(1990, 12, 31)), st.integers(36, 45), st.integers(60, 70))
def test_ages_count_from_the_month_of_reaching_one_to_before_that_of_another(
    born: date, since: int, until: int
) -> None:
    found = age_months(born, fiscal_year=YEAR, since_age=since, until_age=until)
    first, last = reaches_age_on(born, age=since), reaches_age_on(born, age=until)
    assert found == bits([first <= day and not last <= day for day in LASTS])


@given(st.dates(date(1949, 1, 1), date(1954, 12, 31)))
def test_the_months_before_a_birthday_end_before_its_own(born: date) -> None:
    found = months_before_birthday(born, fiscal_year=YEAR, age=75)
    reached = reaches_age_on(born, age=75)
    assert found == bits([day <= reached for day in LASTS])


@given(st.dates(date(2000, 1, 1), date(2027, 3, 31)), st.sampled_from((6, 18)))
def test_a_child_is_one_until_the_march_after_the_age(born: date, age: int) -> None:
    """The first 31 March on or after the day of reaching the age is within the year or later."""
    day = reaches_age_on(born, age=age)
    while (day.month, day.day) != (3, 31):
        day += timedelta(days=1)
    assert is_until_march_after(born, fiscal_year=YEAR, age=age) == (day >= date(YEAR + 1, 3, 31))


@given(DAYS, st.integers(0, 70), st.integers(0, 70))
def test_months_since_a_day_are_counted_with_its_own(day: date, skipped: int, length: int) -> None:
    found = months_since(day, fiscal_year=YEAR, skipped=skipped, length=length)
    own = YearMonth(day.year, day.month).number
    held = [own + skipped <= first_number(YEAR) + place < own + skipped + length for place in range(12)]
    assert found == bits(held)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (0, []),
        (WHOLE_YEAR, [str(month) for month in months_of_fiscal_year(YEAR)]),
        (0b1000_0000_0001, ["2026-04", "2027-03"]),
        (0b10_0000_0000, ["2027-01"]),
    ],
)
def test_bits_are_months_from_april_to_march(found: int, said: list[str]) -> None:
    assert [str(month) for month in months_in(found, fiscal_year=YEAR)] == said
