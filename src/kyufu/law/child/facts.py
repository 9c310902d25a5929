"""The facts that the child medical subsidy is judged on; every fact carries the period it speaks for.

Amounts are yen. None where evidence has no value; a rule that needs it then answers CannotDecide.
`docs/reference/facts.md` is the same as a file format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


class OtherSchemeKind(StrEnum):
    """Subsidy schemes that come before the child subsidy (他制度)."""

    DISABILITY = "disability"
    SINGLE_PARENT = "single_parent"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Residence:
    """Registered in a municipality (全国地方公共団体コード, 6 digits) during a period."""

    municipality: str
    period: Period


@dataclass(frozen=True, slots=True)
class InsuranceCoverage:
    """Covered by a health insurer during a period; `insurer_no` has 6 or 8 digits."""

    insurer_no: str
    period: Period


@dataclass(frozen=True, slots=True)
class OtherScheme:
    """Entitled under another scheme during a period."""

    kind: OtherSchemeKind
    period: Period


@dataclass(frozen=True, slots=True)
class Incomes:
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


@dataclass(frozen=True, slots=True)
class Deductions:
    """Deductions as taxed: amounts in yen, and numbers of persons where the rule gives an amount a head."""

    casualty_loss: int = 0
    medical: int = 0
    small_enterprise_mutual_aid: int = 0
    disabled_persons: int = 0
    specially_disabled_persons: int = 0
    widow: bool = False
    single_parent: bool = False
    working_student: bool = False


@dataclass(frozen=True, slots=True)
class Dependants:
    """Dependants for tax (扶養親族等) by kind; `total` counts every one, the others are among them."""

    total: int = 0
    elderly: int = 0
    specified: int = 0
    under_sixteen: int = 0
    elderly_spouse: bool = False


@dataclass(frozen=True, slots=True)
class IncomeEvidence:
    """The income of one calendar year (`covers`) taxed in `tax_year`, with its levies, source and date obtained."""

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


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian (保護者): relation is father, mother or other; `ref` names the person within the facts."""

    ref: str
    relation: str
    incomes: tuple[IncomeEvidence, ...]


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """All that is known for one child's judgement; `insurances` empty means unknown, not uninsured."""

    birth_date: date | None
    residences: tuple[Residence, ...]
    insurances: tuple[InsuranceCoverage, ...]
    public_assistance: tuple[Period, ...]
    other_schemes: tuple[OtherScheme, ...]
    guardians: tuple[Guardian, ...]
    applied_on: date | None
