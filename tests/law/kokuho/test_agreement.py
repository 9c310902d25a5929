"""Enrolment and income as the premium takes them: the two sides count months and incomes alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cli.main import main
from kyufu.law.calendar.months import months_of_fiscal_year
from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.catalogue import list_kokuho
from kyufu.law.kokuho.enrolment.facts import EnrolmentFacts, InsuranceKind, OtherInsurance
from kyufu.law.kokuho.enrolment.judgement import EnrolmentFound, judge_enrolment
from kyufu.law.kokuho.income.facts import Leaving
from kyufu.law.kokuho.income.judgement import member_income
from kyufu.law.kokuho.premium.facts import Member, Unemployment
from kyufu.law.kokuho.premium.months import enrolled_months, months_in
from kyufu.law.parameters.entries import Certainty
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


def test_both_sides_count_the_relief_of_the_unemployed_from_the_same_month() -> None:
    """The premium finds the months by itself: they must be those that the income tells."""
    for left_on in (date(2024, 3, 31), date(2024, 6, 30), date(2025, 3, 30), date(2025, 3, 31)):
        facts = year_of(income_year=2024, salary=4_000_000, leaving=Leaving(left_on, "11"))
        value = found(facts)
        assert value.relieved is not None
        member = Member(
            "p1",
            BORN,
            (Period(date(2020, 4, 1), None),),
            value.income,
            Unemployment(left_on, value.relieved),
        )
        told = {month: member_income(facts, month=month).base_income for month in months_of_fiscal_year(2025)}
        assert [month for month, base in told.items() if base == 398_000] == list(value.relief_months)
        assert member.fault() is None


def test_the_list_of_figures_holds_those_of_every_topic() -> None:
    listed = list_kokuho("atsugi")
    files = {each.file for each in listed}
    assert {
        "kokuho_common.toml",
        "kokuho_enrolment.toml",
        "kokuho_income.toml",
        "kokuho_premium.toml",
    } <= files
    order = list(Certainty)
    ranks = [order.index(each.certainty) for each in listed]
    assert ranks == sorted(ranks)


def test_the_command_lists_the_figures_in_a_clerks_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parameters", "--municipality", "atsugi", "--kokuho"]) == 0
    shown = capsys.readouterr().out
    assert "・離職理由コード11（特定受給資格者） 〔令和2年1月1日～〕" in shown
    assert "計算の形=収入の4分の1を千円未満切捨て×4×率－額、率（%）=70" in shown
    assert (
        "・収入額を市町村が確認できるときは申請を要しない＝いいえ 〔平成31年4月1日～令和3年12月31日〕"
        in shown
    )
    assert (
        "・給与所得者等：給与収入（この額を超える。専従者給与を除く）＝550,000円 〔令和7年1月1日～〕" in shown
    )
