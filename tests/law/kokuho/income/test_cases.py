"""The published incomes of the case file, each with its source."""

from __future__ import annotations

import pytest

from kyufu.law.income.evidence import Declared
from tests.law.kokuho.income.people import IncomeCase, income, read_income_cases, steps_of

CASES = read_income_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_income_is_what_the_page_computes(case: IncomeCase) -> None:
    member = income(case.facts)
    for name, expected in case.income.items():
        assert getattr(member, name) == expected, name
    assert member.declared is Declared.YES
    assert member.income_year == case.facts.income_year


@pytest.mark.parametrize("case", [each for each in CASES if each.steps], ids=lambda case: case.name)
def test_the_steps_are_those_of_the_page(case: IncomeCase) -> None:
    steps = steps_of(case.facts)
    for name, expected in case.steps.items():
        assert steps[name] == expected, name


def test_the_cases_are_told_apart() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert {case.income["counts_as_earner"] for case in CASES} == {True, False}
