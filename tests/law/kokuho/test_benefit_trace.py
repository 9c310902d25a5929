"""The trace of the benefits added up again: what the steps say must give what the answer says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.benefits.combined import Combined
from kyufu.law.kokuho.benefits.expenses import Expenses
from kyufu.law.kokuho.benefits.highcost import HighCost
from kyufu.law.kokuho.benefits.meals import Meals
from kyufu.law.kokuho.benefits.receipt import Receipt
from tests.law.kokuho.benefit_cases import Case, read_cases

CASES = [case for case in read_cases() if case.answer().decided]


def for_each(rule: str, check: Callable[[Case], None]) -> None:
    """Check every decided case of a rule, and name the one that fails."""
    for case in CASES:
        if case.rule == rule:
            try:
                check(case)
            except AssertionError as error:
                raise AssertionError(case.id) from error


def numbers(answer: Answer[Any], *, name: str) -> list[int]:
    """The whole numbers of the steps of one name, in order."""
    found = [step.value for step in answer.steps if step.quantity.name == name]
    assert all(isinstance(value, int) for value in found), name
    return [value for value in found if isinstance(value, int)]


def one(answer: Answer[Any], *, name: str) -> int:
    values = numbers(answer, name=name)
    assert len(values) == 1, name
    return values[0]


def check_each_step_of_a_month_gives_what_is_above_its_ceiling(case: Case) -> None:
    answer = case.answer()
    value = answer.value
    assert isinstance(value, HighCost)
    for stage in ("outpatient", "turning_75", "from_70", "household"):
        burdens, ceilings, given = (
            numbers(answer, name=f"{stage}_{what}") for what in ("burden", "ceiling", "benefit")
        )
        assert len(burdens) == len(ceilings) == len(given)
        for burden, ceiling, part in zip(burdens, ceilings, given, strict=True):
            assert part == max(0, burden - ceiling)
        assert sum(given) == getattr(value, stage)
    assert sum(numbers(answer, name="specified_benefit")) == value.specified
    assert value.benefit == one(answer, name="benefit")
    assert value.payable == one(answer, name="payable")
    assert value.burden == one(answer, name="paid") - value.payable


def test_each_step_of_a_month_gives_what_is_above_its_ceiling() -> None:
    for_each("highcost", check_each_step_of_a_month_gives_what_is_above_its_ceiling)


def check_the_persons_of_a_month_come_to_its_sums(case: Case) -> None:
    value = case.answer().value
    assert isinstance(value, HighCost)
    assert sum(share.benefit for share in value.shares) == value.benefit
    assert sum(share.payable for share in value.shares) == value.payable
    assert [share.name for share in value.shares] == sorted(
        {claim["person"] for claim in case.facts["claims"]}
    )
    assert value.counts_as_several == bool(value.turning_75 or value.from_70 or value.household)


def test_the_persons_of_a_month_come_to_its_sums() -> None:
    for_each("highcost", check_the_persons_of_a_month_come_to_its_sums)


def check_the_burdens_of_the_items_flow_through_the_steps(case: Case) -> None:
    """What the household's step pools is what the steps before left of all that was not left out."""
    answer = case.answer()
    pooled = numbers(answer, name="household_burden")
    if not pooled or answer.value.specified:
        return
    burdens = {
        step.quantity.label: step.value for step in answer.steps if step.quantity.name == "item_burden"
    }
    left_out = [step.quantity.label for step in answer.steps if step.quantity.name == "item_left_out"]
    aside = sum(int(str(burdens[label.replace("：合算", "：一部負担金")])) for label in left_out)
    before = sum(
        sum(numbers(answer, name=f"{stage}_benefit")) for stage in ("outpatient", "turning_75", "from_70")
    )
    assert pooled == [sum(numbers(answer, name="item_burden")) - before - aside]


def test_the_burdens_of_the_items_flow_through_the_steps() -> None:
    for_each("highcost", check_the_burdens_of_the_items_flow_through_the_steps)


def check_a_receipt_adds_up(case: Case) -> None:
    answer = case.answer()
    value = answer.value
    assert isinstance(value, Receipt)
    own, whole = one(answer, name="own_ceiling"), one(answer, name="whole_ceiling")
    assert own <= whole
    tenths = case.facts["tenths"]
    single = min(case.facts["cost"] * tenths // 10, own)
    assert value.patient <= single + value.public_burden
    assert value.patient >= value.public_burden
    assert value.uncovered == value.public_share + value.patient - value.public_burden
    assert one(answer, name="patient") == value.patient
    assert one(answer, name="public_share") == value.public_share


def test_a_receipt_adds_up() -> None:
    for_each("receipt", check_a_receipt_adds_up)


def check_the_combined_benefit_adds_up(case: Case) -> None:
    answer = case.answer()
    value = answer.value
    assert isinstance(value, Combined)
    for stage, given in (("from_70", value.from_70), ("household", value.household)):
        if not numbers(answer, name=f"{stage}_limit"):
            assert given == 0
            continue
        medical, care, limit, excess, paid = (
            one(answer, name=f"{stage}_{what}") for what in ("medical", "care", "limit", "excess", "payment")
        )
        assert excess == max(0, medical + care - limit)
        assert paid == given
        assert given in (0, excess)
        assert (given == excess) == (excess > 500 and medical > 0 and care > 0) or excess == 0
    assert one(answer, name="payment_medical") + one(answer, name="payment_care") == value.payment


def test_the_combined_benefit_adds_up() -> None:
    for_each("combined", check_the_combined_benefit_adds_up)


def check_the_meals_add_up(case: Case) -> None:
    answer = case.answer()
    value = answer.value
    assert isinstance(value, Meals)
    rates, counts = numbers(answer, name="rate"), numbers(answer, name="meals")
    assert sum(rate * count for rate, count in zip(rates, counts, strict=True)) == value.payment
    assert sum(counts) == value.meals == sum(day["meals"] for day in case.facts["days"])


def test_the_meals_add_up() -> None:
    for_each("meals", check_the_meals_add_up)


def check_the_expenses_add_up(case: Case) -> None:
    answer = case.answer()
    value = answer.value
    assert isinstance(value, Expenses)
    assert one(answer, name="cost") == value.cost == min(case.facts["paid"], case.facts["standard_cost"])
    assert one(answer, name="payment") == value.payment
    assert value.payment in (0, value.cost * (10 - value.tenths) // 10)


def test_the_expenses_add_up() -> None:
    for_each("medical-expenses", check_the_expenses_add_up)


@pytest.mark.parametrize("rule", ["outpatient-year", "annual"])
def test_a_year_adds_up(rule: str) -> None:
    for case in (each for each in CASES if each.rule == rule):
        answer = case.answer()
        told = sum(
            month["burden"] - month.get("benefit", 0)
            for month in case.facts["months"]
            if month.get("counts", True)
        )
        assert one(answer, name="burden") == answer.value.burden == told
        ceilings = numbers(answer, name="ceiling")
        expected = max(0, told - ceilings[0]) if ceilings else 0
        assert answer.value.payment == expected, case.id
