"""The facts that the child medical subsidy is judged on; every fact carries the period it speaks for.

Amounts are yen. None where evidence has no value; a rule that needs it then answers CannotDecide.
`docs/reference/facts.md` is the same as a file format. All are named tuples (change one with `_replace`); the
income records live in `kyufu.law.income.evidence` and are importable from here as well.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.period import Period
from kyufu.law.income.evidence import (
    Declared,
    Deductions,
    Dependants,
    IncomeEvidence,
    Incomes,
    IncomeSource,
)

__all__ = [
    "ChildFacts",
    "Declared",
    "Deductions",
    "Dependants",
    "Guardian",
    "IncomeEvidence",
    "IncomeSource",
    "Incomes",
    "InsuranceCoverage",
    "OtherScheme",
    "OtherSchemeKind",
    "Residence",
]


class OtherSchemeKind(StrEnum):
    """Subsidy schemes that come before the child subsidy (他制度)."""

    DISABILITY = "disability"
    SINGLE_PARENT = "single_parent"
    INSTITUTION = "institution"


class Residence(NamedTuple):
    """Registered in a municipality (全国地方公共団体コード, 6 digits) during a period."""

    municipality: str
    period: Period


class InsuranceCoverage(NamedTuple):
    """Covered by a health insurer during a period; `insurer_no` has 6 or 8 digits."""

    insurer_no: str
    period: Period


class OtherScheme(NamedTuple):
    """Entitled under another scheme during a period."""

    kind: OtherSchemeKind
    period: Period


class Guardian(NamedTuple):
    """A guardian (保護者): relation is father, mother or other; `ref` names the person within the facts."""

    ref: str
    relation: str
    incomes: tuple[IncomeEvidence, ...]


class ChildFacts(NamedTuple):
    """All that is known for one child's judgement; `insurances` empty means unknown, not uninsured.

    `died_on` is the day of the child's death as registered; None is the fact that the child is not known to be
    dead, so it alone has a default.
    """

    birth_date: date | None
    residences: tuple[Residence, ...]
    insurances: tuple[InsuranceCoverage, ...]
    public_assistance: tuple[Period, ...]
    other_schemes: tuple[OtherScheme, ...]
    guardians: tuple[Guardian, ...]
    applied_on: date | None
    died_on: date | None = None
