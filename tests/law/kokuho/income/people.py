"""Synthetic persons' years, short: what a test does not name is declared, nothing earned, born in June 1980."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kyufu.law.kokuho.income.facts import (
    CarriedLosses,
    Comprehensive,
    Declaration,
    IncomeFacts,
    Leaving,
    Salary,
    Separate,
)
from kyufu.law.kokuho.income.judgement import PersonIncome, judge_income
from kyufu.law.kokuho.income.parameters import IncomeTables, tables_of
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.kokuho.reading import facts_from_plain

CASES = Path(__file__).parents[2] / "cases" / "kokuho"
BORN = date(1980, 6, 15)
OLD = date(1950, 6, 15)


@dataclass(frozen=True, slots=True)
class IncomeCase:
    """A published income: facts, some steps, and what the premium takes."""

    name: str
    facts: IncomeFacts
    steps: dict[str, Any]
    income: dict[str, Any]


def read_income_cases() -> list[IncomeCase]:
    """Every case of income.toml; a case without source or with an unknown key is an error."""
    content = tomllib.loads((CASES / "income.toml").read_text(encoding="utf-8"))
    cases = []
    for case in content["case"]:
        assert case["source"], case["name"]
        assert case.keys() <= {"name", "source", "facts", "steps", "income"}, case["name"]
        given = {"ref": "p1", "birth_date": BORN.isoformat(), "declaration": "declared", **case["facts"]}
        facts = facts_from_plain(given, into=IncomeFacts)
        cases.append(IncomeCase(case["name"], facts, case.get("steps", {}), case["income"]))
    return cases


def year_of(
    *,
    income_year: int = 2024,
    born: date | None = BORN,
    declaration: Declaration = Declaration.DECLARED,
    salary: int = 0,
    from_family: int = 0,
    ledger: int | None = None,
    adjustable: bool = False,
    pension: int = 0,
    paid: int = 0,
    leaving: Leaving | None = None,
    losses: CarriedLosses | None = None,
    separate: Separate | None = None,
    **comprehensive: int,
) -> IncomeFacts:
    """One person's year."""
    return IncomeFacts(
        ref="p1",
        birth_date=born,
        income_year=income_year,
        declaration=declaration,
        salary=Salary(salary, from_family, ledger, adjustable),
        pension_revenue=pension,
        comprehensive=Comprehensive(**comprehensive),
        separate=separate or Separate(),
        losses=losses or CarriedLosses(),
        family_salaries_paid=paid,
        leaving=leaving,
    )


def tables(income_year: int = 2024) -> IncomeTables:
    """The figures of a year that is kept."""
    found = tables_of(income_year)
    assert found is not None
    return found


def found(facts: IncomeFacts) -> PersonIncome:
    """The income of a person whose income can be told."""
    value = judge_income(facts).value
    assert isinstance(value, PersonIncome)
    return value


def income(facts: IncomeFacts) -> MemberIncome:
    """The income as the premium takes it, without relief."""
    return found(facts).income


def steps_of(facts: IncomeFacts) -> dict[str, object]:
    """The steps by name; of the figures told twice, the first (without relief)."""
    steps: dict[str, object] = {}
    for step in judge_income(facts).steps:
        steps.setdefault(step.quantity.name, step.value)
    return steps
