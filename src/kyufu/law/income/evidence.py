"""Evidence of income as local tax knows it: one calendar year of one person, from one source, obtained on a day.

Amounts are int yen, losses may be negative. The records are named tuples: a judgement makes and hashes
millions of them. Change one with `_replace`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.period import Period


class Declared(StrEnum):
    """Whether the income was declared (申告): known, known not to be, or not known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class IncomeSource(StrEnum):
    """Where income evidence comes from: city tax ledger, information network, certificate handed in."""

    TAX_LEDGER = "tax_ledger"
    NETWORK = "network"
    CERTIFICATE = "certificate"


class Incomes(NamedTuple):
    """Income by kind after the kind's own deduction (所得金額), yen."""

    salary: int = 0
    business: int = 0
    real_estate: int = 0
    interest: int = 0
    dividend: int = 0
    public_pension: int = 0
    miscellaneous: int = 0
    temporary: int = 0
    capital_gain_comprehensive: int = 0
    capital_gain_separate: int = 0
    stock: int = 0
    futures: int = 0
    forestry: int = 0
    retirement: int = 0


class Deductions(NamedTuple):
    """Deductions as taxed: amounts in yen, and numbers of persons where the rule gives an amount a head."""

    casualty_loss: int = 0
    medical: int = 0
    small_enterprise_mutual_aid: int = 0
    disabled_persons: int = 0
    specially_disabled_persons: int = 0
    widow: bool = False
    single_parent: bool = False
    working_student: bool = False


class Dependants(NamedTuple):
    """Dependants for tax (扶養親族等) by kind; `total` counts every one, the others are among them."""

    total: int = 0
    elderly: int = 0
    specified: int = 0
    under_sixteen: int = 0
    elderly_spouse: bool = False


class IncomeEvidence(NamedTuple):
    """The income of one calendar year (`covers`) taxed in `tax_year`, with its levies, source and date
    obtained.
    """

    tax_year: int
    covers: Period
    declared: Declared
    source: IncomeSource
    obtained_on: date
    incomes: Incomes
    deductions: Deductions
    dependants: Dependants
    income_levy: int | None
    per_capita_levy: int | None
