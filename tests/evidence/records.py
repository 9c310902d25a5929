"""Evidence as a clerk would record it."""

from __future__ import annotations

from datetime import date

from kyufu.evidence.api import InsuranceEvidence
from kyufu.evidence.checks import calendar_year_before
from kyufu.law.calendar.period import Period
from kyufu.law.child.facts import Declared, Deductions, Dependants, IncomeEvidence, Incomes, IncomeSource

INCOME_BY_HAND = IncomeEvidence(
    tax_year=2024,
    covers=calendar_year_before(2024),
    declared=Declared.YES,
    source=IncomeSource.CERTIFICATE,
    obtained_on=date(2024, 7, 1),
    incomes=Incomes(salary=3_000_000, business=-200_000),
    deductions=Deductions(medical=50_000, disabled_persons=1),
    dependants=Dependants(total=2, elderly=1, under_sixteen=1),
    income_levy=90_000,
    per_capita_levy=5_000,
)
INSURANCE_BY_HAND = InsuranceEvidence(
    insurer_no="06130488",
    symbol="１２３",
    number="4567",
    branch="02",
    relation="family",
    valid=Period(date(2024, 4, 1), None),
    source="certificate",
    obtained_on=date(2024, 7, 1),
)


def income(
    *,
    tax_year: int = 2024,
    source: IncomeSource = IncomeSource.CERTIFICATE,
    obtained_on: date = date(2024, 7, 1),
    salary: int = 3_000_000,
) -> IncomeEvidence:
    """Income of nothing but a salary, with the year that its tax year wants."""
    return IncomeEvidence(
        tax_year,
        calendar_year_before(tax_year),
        Declared.YES,
        source,
        obtained_on,
        Incomes(salary=salary),
        Deductions(),
        Dependants(),
        None,
        None,
    )
