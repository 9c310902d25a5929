"""軽減判定所得 and 給与所得者等: what the judgement of the reduction takes otherwise than the premium."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.income.facts import CarriedLosses, IncomeFacts, Separate
from kyufu.law.kokuho.income.reduction import REDUCTION_QUANTITIES, Reduction, as_if_no_family_salary
from tests.law.kokuho.income.people import OLD, income, steps_of, year_of

AMOUNT = st.integers(0, 12_000_000)


def judged(facts: IncomeFacts) -> int:
    amount = income(facts).reduction_income
    assert amount is not None
    return amount


def test_every_figure_has_a_name() -> None:
    assert tuple(quantity.name for quantity in REDUCTION_QUANTITIES) == Reduction._fields


def test_the_basic_deduction_is_not_taken_off() -> None:
    assert judged(year_of(business=1_000_000)) == 1_000_000


def test_what_a_business_paid_to_family_is_added_back() -> None:
    """東松山市・西原村: 事業専従者給与・専従者控除は事業主の所得とみなす。"""
    facts = year_of(business=1_000_000, paid=860_000)
    assert judged(facts) == 1_860_000
    assert income(facts).total_income == 1_000_000


def test_what_was_paid_to_family_fills_a_loss_first() -> None:
    assert judged(year_of(business=-500_000, paid=860_000)) == 360_000
    assert judged(year_of(business=-900_000, paid=860_000)) == 0


def test_what_family_paid_is_left_out_with_who_got_it() -> None:
    facts = year_of(salary=3_000_000, from_family=1_000_000)
    assert judged(facts) == 1_320_000
    assert income(facts).total_income == 2_020_000


def test_a_ledger_income_is_not_used_where_a_part_of_the_salary_is_left_out() -> None:
    facts = year_of(salary=3_000_000, from_family=1_000_000, ledger=2_000_000)
    assert judged(facts) == 1_320_000
    kept = year_of(salary=3_000_000, paid=10, ledger=2_000_000, business=1)
    assert judged(kept) == 2_000_011


def test_the_facts_of_the_judgement_have_no_salaries_within_the_family() -> None:
    changed = as_if_no_family_salary(year_of(salary=900_000, from_family=900_000, paid=5, business=-5))
    assert (changed.salary.revenue, changed.salary.from_family) == (0, 0)
    assert changed.comprehensive.business == 0


@pytest.mark.parametrize(
    ("pension", "off"),
    [(1_100_000, 0), (1_100_001, 1), (1_249_999, 149_999), (1_250_000, 150_000), (3_000_000, 150_000)],
)
def test_up_to_150_000_is_taken_off_the_pension_income_of_who_is_65(pension: int, off: int) -> None:
    """大和市: 最高15万円を控除して判定。"""
    facts = year_of(pension=pension, born=OLD)
    assert steps_of(facts)["pension_reduction"] == off
    assert judged(facts) == max(0, pension - 1_100_000) - off


@pytest.mark.parametrize(("pension", "within"), [(1_680_000, True), (1_680_001, False)])
def test_a_pension_of_1_680_000_is_the_line_of_seven_tenths(pension: int, within: bool) -> None:
    """A published line: alone from 65 with a pension of up to 1.68 million, the judgement income is 430,000."""
    assert (judged(year_of(income_year=2025, pension=pension, born=OLD)) <= 430_000) is within


def test_nothing_is_taken_off_other_income_of_who_is_65() -> None:
    assert judged(year_of(business=500_000, born=OLD)) == 500_000


def test_nothing_is_taken_off_before_65() -> None:
    assert judged(year_of(pension=1_000_000)) == 400_000


def test_a_loss_of_business_and_the_pension_deduction_leave_no_less_than_nothing() -> None:
    assert judged(year_of(pension=1_300_000, business=-100_000, born=OLD)) == 0


def test_land_counts_before_its_special_deduction() -> None:
    """西原村・大和市: 譲渡所得は特別控除前。"""
    apart = Separate(
        land_short=2_000_000, land_short_deduction=2_000_000, land_long=100, land_long_deduction=40
    )
    facts = year_of(separate=apart)
    assert judged(facts) == 2_000_100
    assert income(facts).total_income == 60


def test_losses_of_earlier_years_are_deducted() -> None:
    facts = year_of(business=3_000_000, losses=CarriedLosses(net=1_000_000, casualty=500_000))
    assert judged(facts) == 1_500_000


@pytest.mark.parametrize(
    ("year", "salary", "expected"),
    [
        (2023, 550_000, False),
        (2023, 550_001, True),
        (2024, 550_000, False),
        (2024, 550_001, True),
        (2025, 550_000, False),
        (2025, 550_001, True),
        (2025, 650_000, True),
    ],
)
def test_an_earner_has_a_salary_over_550_000(year: int, salary: int, expected: bool) -> None:
    """大和市; for 令和8年度 the Order still says 55万円 (the version in force from 2026-06-25, second-hand)."""
    assert income(year_of(income_year=year, salary=salary)).counts_as_earner is expected


@pytest.mark.parametrize(
    ("salary", "from_family", "expected"),
    [(1_000_000, 450_000, False), (1_000_000, 449_999, True), (1_000_000, 1_000_000, False)],
)
def test_a_salary_from_family_makes_no_earner(salary: int, from_family: int, expected: bool) -> None:
    """若狭町: 専従者給与を除く給与収入が55万円を超える方。"""
    assert income(year_of(salary=salary, from_family=from_family)).counts_as_earner is expected


@pytest.mark.parametrize(("pension", "expected"), [(600_000, False), (600_001, True)])
def test_an_earner_under_65_has_a_pension_over_600_000(pension: int, expected: bool) -> None:
    assert income(year_of(pension=pension)).counts_as_earner is expected


@pytest.mark.parametrize(("pension", "expected"), [(1_100_001, False), (1_250_000, False), (1_250_001, True)])
def test_an_earner_of_65_has_a_pension_over_1_250_000(pension: int, expected: bool) -> None:
    assert income(year_of(pension=pension, born=OLD)).counts_as_earner is expected


@pytest.mark.parametrize("kind", ["business", "miscellaneous", "temporary"])
def test_other_income_makes_no_earner(kind: str) -> None:
    assert income(year_of(**{kind: 9_000_000})).counts_as_earner is False


@settings(max_examples=100, deadline=None)
@given(AMOUNT, AMOUNT, st.booleans())
def test_without_family_and_land_the_judgement_differs_by_the_pension_alone(
    salary: int, pension: int, old: bool
) -> None:
    facts = year_of(salary=salary, pension=pension, born=OLD) if old else year_of(salary=salary)
    steps = steps_of(facts)
    total, off = income(facts).total_income, steps["pension_reduction"]
    assert total is not None
    assert isinstance(off, int)
    assert judged(facts) == total - off


@settings(max_examples=100, deadline=None)
@given(AMOUNT, AMOUNT)
def test_moving_salary_within_a_family_does_not_change_the_sum_of_the_judgement(
    business: int, paid: int
) -> None:
    """What the head pays to the wife counts with the head: the household's sum is that of no payment at all."""
    head = judged(year_of(business=business, paid=paid))
    wife = judged(year_of(salary=paid, from_family=paid))
    assert head + wife == judged(year_of(business=business + paid))
