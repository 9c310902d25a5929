"""Enrolment and income as the premium takes them: the two sides count months and incomes alike."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.enrolment.facts import EnrolmentFacts, InsuranceKind, OtherInsurance
from kyufu.law.kokuho.enrolment.judgement import EnrolmentFound, judge_enrolment
from kyufu.law.kokuho.income.facts import Leaving
from kyufu.law.kokuho.premium.facts import Member, Unemployment
from kyufu.law.kokuho.premium.months import enrolled_months, months_in
from tests.law.kokuho.enrolment.people import ATSUGI, BORN, lived, person
from tests.law.kokuho.income.people import found, year_of

FIRST = date(2025, 1, 1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 150), st.sampled_from(InsuranceKind)), max_size=3),
    st.none() | st.integers(100, 500),
)
def test_the_premium_counts_the_months_that_enrolment_charges(
    works: list[tuple[int, int, InsuranceKind]], moved: int | None
) -> None:
    """The periods handed over give the premium the very months that enrolment tells."""
    insurances = tuple(
        OtherInsurance(kind, Period(FIRST + timedelta(start), FIRST + timedelta(start + length)))
        for start, length, kind in works
        if kind is not InsuranceKind.LATE_ELDERLY
    )
    end = None if moved is None else (FIRST + timedelta(moved)).isoformat()
    facts = person(residences=lived((ATSUGI, "2010-04-01", end)), insurances=insurances)
    value = judge_enrolment(EnrolmentFacts(ATSUGI, facts), on=date(2025, 6, 1)).value
    assert isinstance(value, EnrolmentFound)
    periods = [each.charged for each in value.enrolments]
    assert months_in(enrolled_months(periods, fiscal_year=2025), fiscal_year=2025) == value.charged_months


def test_the_relieved_income_is_what_the_premium_asks_of_the_unemployed() -> None:
    facts = year_of(salary=4_000_000, leaving=Leaving(date(2025, 3, 31), "11"))
    value = found(facts)
    assert value.relieved is not None
    assert facts.leaving is not None
    member = Member(
        ref="p1",
        birth_date=BORN,
        enrolled=(Period(date(2025, 4, 1), None),),
        income=value.income,
        unemployment=Unemployment(facts.leaving.left_on, value.relieved),
    )
    assert member.fault() is None
    assert member.unemployment is not None
    assert member.unemployment.income.base_income == 398_000
