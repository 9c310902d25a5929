"""非自発的失業者: whose salary counts at 30/100, for which months, and why not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, month_of, months_of_fiscal_year
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.kokuho.income.facts import IncomeFacts, Leaving
from kyufu.law.kokuho.income.judgement import judge_income, member_income
from kyufu.law.kokuho.income.unemployed import Relief, relief_of, relief_period
from tests.law.kokuho.income.people import BORN, found, income, tables, year_of

CODES = ("11", "12", "21", "22", "23", "31", "32", "33", "34")


def reasons(facts: IncomeFacts) -> set[str]:
    return {reason.code for reason in judge_income(facts).reasons}


@pytest.mark.parametrize(
    ("left_on", "start", "end"),
    [
        # 箕面市: 令和6年3月31日 → 令和6年4月から令和8年3月; 令和6年6月30日 → 令和6年7月から令和8年3月.
        ("2024-03-31", YearMonth(2024, 4), YearMonth(2026, 4)),
        ("2024-06-30", YearMonth(2024, 7), YearMonth(2026, 4)),
        ("2024-03-30", YearMonth(2024, 3), YearMonth(2025, 4)),
        ("2024-04-01", YearMonth(2024, 4), YearMonth(2026, 4)),
        ("2024-06-29", YearMonth(2024, 6), YearMonth(2026, 4)),
        ("2024-12-31", YearMonth(2025, 1), YearMonth(2026, 4)),
    ],
)
def test_the_relief_runs_from_the_day_after_to_the_end_of_the_next_fiscal_year(
    left_on: str, start: YearMonth, end: YearMonth
) -> None:
    assert relief_period(date.fromisoformat(left_on)) == Relief(start, end)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_the_relief_lasts_13_to_24_months(left_on: date) -> None:
    start, end = relief_period(left_on)
    assert 13 <= end.number - start.number <= 24
    assert start == month_of(left_on + ONE_DAY)
    assert end.month == 4


@pytest.mark.parametrize("code", CODES)
def test_each_reason_of_the_list_counts(code: str) -> None:
    facts = year_of(salary=2_000_000, leaving=Leaving(date(2024, 6, 30), code))
    assert found(facts).relieved is not None
    assert reasons(facts) == {"income.found", "unemployed.relieved"}


@pytest.mark.parametrize("code", ["24", "25", "40", "45", "50", "55", "", "1", "１１"])
def test_other_reasons_do_not_count(code: str) -> None:
    facts = year_of(salary=2_000_000, leaving=Leaving(date(2024, 6, 30), code))
    assert found(facts).relieved is None
    assert "unemployed.other_reason" in reasons(facts)


@pytest.mark.parametrize(
    ("born", "left_on", "counts"),
    [
        ("1960-07-01", "2025-06-29", True),
        ("1960-07-01", "2025-06-30", False),
        ("1960-07-01", "2025-07-01", False),
        ("1960-07-02", "2025-06-30", True),
        ("1960-07-02", "2025-07-01", False),
    ],
)
def test_who_has_reached_65_does_not_count(born: str, left_on: str, counts: bool) -> None:
    """忍野村: 離職日の時点で65歳未満; 65 is reached on the day before the birthday."""
    leaving = Leaving(date.fromisoformat(left_on), "11")
    answer = relief_of(leaving, birth_date=date.fromisoformat(born), tables=tables(2024))
    assert isinstance(answer, Relief) is counts


def test_who_did_not_notify_does_not_count() -> None:
    leaving = Leaving(date(2024, 6, 30), "11", notified=False)
    facts = year_of(salary=2_000_000, leaving=leaving)
    assert found(facts).relieved is None
    assert "unemployed.not_notified" in reasons(facts)


def test_special_certificates_do_not_count() -> None:
    leaving = Leaving(date(2024, 6, 30), "11", special=True)
    facts = year_of(salary=2_000_000, leaving=leaving)
    assert found(facts).relieved is None
    assert "unemployed.special" in reasons(facts)


def test_three_tenths_of_the_salary_income_count() -> None:
    """能美市: 給与所得を30/100として計算; the reductions too."""
    facts = year_of(salary=4_000_000, leaving=Leaving(date(2025, 3, 31), "31"))
    relieved = found(facts).relieved
    assert relieved is not None
    assert (relieved.total_income, relieved.base_income, relieved.reduction_income) == (
        828_000,
        398_000,
        828_000,
    )
    assert income(facts).total_income == 2_760_000
    assert found(facts).gross_total == 2_760_000


def test_a_salary_of_5_million_counts_1_068_000() -> None:
    """A public calculator's own check: 給与収入500万円＝給与所得356万円→106万8,000円 (令和7年分, second-hand)."""
    facts = year_of(income_year=2025, salary=5_000_000, leaving=Leaving(date(2026, 3, 31), "11"))
    relieved = found(facts).relieved
    assert relieved is not None
    assert relieved.total_income == 1_068_000


def test_three_tenths_are_taken_after_the_adjustment_of_the_salary() -> None:
    """Assumed: 給与所得 is that after 所得金額調整控除 (租税特別措置法第41条の3の11)."""
    facts = year_of(salary=4_000_000, pension=1_000_000, leaving=Leaving(date(2025, 3, 31), "31"))
    relieved = found(facts).relieved
    assert relieved is not None
    assert relieved.total_income == (2_760_000 - 100_000) * 30 // 100 + 400_000


def test_other_income_counts_whole() -> None:
    facts = year_of(salary=4_000_000, business=1_000_000, leaving=Leaving(date(2025, 3, 31), "31"))
    relieved = found(facts).relieved
    assert relieved is not None
    assert relieved.total_income == 1_828_000


@pytest.mark.parametrize(
    ("income_year", "months"),
    [
        (2022, 0),
        (2023, 9),
        (2024, 12),
        (2025, 0),
    ],
)
def test_the_months_are_those_of_the_fiscal_year_that_uses_the_income(income_year: int, months: int) -> None:
    facts = year_of(income_year=income_year, salary=2_000_000, leaving=Leaving(date(2024, 6, 30), "11"))
    assert len(found(facts).relief_months) == months
    assert ("unemployed.outside" in reasons(facts)) is (months == 0)
    assert (found(facts).relieved is None) is (months == 0)


def test_the_premium_takes_the_relief_month_by_month() -> None:
    facts = year_of(income_year=2023, salary=4_000_000, leaving=Leaving(date(2024, 6, 30), "11"))
    bases = {
        str(month): member_income(facts, month=month).base_income for month in months_of_fiscal_year(2024)
    }
    assert set(list(bases.values())[:3]) == {2_330_000}
    assert set(list(bases.values())[3:]) == {398_000}


def test_an_earner_stays_one_under_relief() -> None:
    facts = year_of(salary=600_000, leaving=Leaving(date(2025, 3, 31), "11"))
    relieved = found(facts).relieved
    assert relieved is not None
    assert relieved.counts_as_earner
    assert relieved.total_income == 15_000


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 12_000_000), st.integers(0, 5_000_000), st.dates(date(2023, 4, 1), date(2025, 3, 30)))
def test_relief_never_raises_an_income(salary: int, business: int, left_on: date) -> None:
    facts = year_of(
        salary=salary, business=business, born=BORN, income_year=2023, leaving=Leaving(left_on, "11")
    )
    value = found(facts)
    assert value.relieved is not None
    assert value.relieved.base_income is not None
    assert value.income.base_income is not None
    assert value.relieved.base_income <= value.income.base_income
    assert all(month.fiscal_year == 2024 for month in value.relief_months)
