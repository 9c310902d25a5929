"""Which year's income counts on a day, and for which months evidence of a levy year speaks: there and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.income_years import IncomeYear, income_year_of, income_year_on
from kyufu.law.child.judgement import UnknownMunicipality

YEAR_2026 = IncomeYear(
    2026, Period(date(2025, 1, 1), date(2026, 1, 1)), Period(date(2026, 8, 1), date(2027, 8, 1))
)
DAYS = st.dates(min_value=date(2019, 8, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "tax_year"),
    [
        (date(2026, 7, 31), 2025),
        (date(2026, 8, 1), 2026),
        (date(2026, 11, 29), 2026),
        (date(2027, 3, 31), 2026),
        (date(2027, 7, 31), 2026),
        (date(2027, 8, 1), 2027),
    ],
)
def test_the_year_changes_with_the_certificate_year(day: date, tax_year: int) -> None:
    found = income_year_on(day, municipality="yokohama")
    assert found is not None
    assert found.tax_year == tax_year


def test_evidence_of_a_levy_year_speaks_for_the_months_from_august() -> None:
    assert income_year_on(date(2026, 11, 29), municipality="yokohama") == YEAR_2026
    assert income_year_of(2026, municipality="yokohama") == YEAR_2026


def test_before_the_first_rules_no_year_counts() -> None:
    assert income_year_on(date(2000, 1, 1), municipality="yokohama") is None
    assert income_year_of(2000, municipality="yokohama") is None


def test_an_unknown_municipality_is_refused() -> None:
    with pytest.raises(UnknownMunicipality):
        income_year_on(date(2026, 8, 1), municipality="atlantis")
    with pytest.raises(UnknownMunicipality):
        income_year_of(2026, municipality="atlantis")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(day=DAYS)
def test_the_months_that_a_year_speaks_for_are_those_on_which_it_counts(day: date) -> None:
    asked = income_year_on(day, municipality="yokohama")
    assert asked is not None
    assert day in asked.benefit
    assert income_year_of(asked.tax_year, municipality="yokohama") == asked
    assert asked.income.last_day == date(asked.tax_year - 1, 12, 31)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tax_year=st.integers(min_value=2020, max_value=2090))
def test_years_follow_each_other_without_a_gap(tax_year: int) -> None:
    first, second = (income_year_of(one, municipality="yokohama") for one in (tax_year, tax_year + 1))
    assert first is not None
    assert second is not None
    assert first.benefit.end == second.benefit.start
    before = income_year_on(second.benefit.start - timedelta(days=1), municipality="yokohama")
    assert before == first
