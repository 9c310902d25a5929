"""Decision, Reason, Citation and Step: what every rule of law answers with.

A decision is a record, not a field: it carries its outcome, the period it speaks for, the reasons as codes
with Japanese text, every intermediate figure in order, what it cites, the parameter version and a hash of the
facts. All are named tuples (a batch makes millions of them); change one with `_replace`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.period import Period


class Outcome(StrEnum):
    """The three answers of a rule; a rule without the evidence it needs answers CANNOT_DECIDE."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    CANNOT_DECIDE = "cannot_decide"


class Citation(NamedTuple):
    """Where a rule is written: law or ordinance, article, and how sure the wording is."""

    law: str
    article: str
    certainty: str


class Reason(NamedTuple):
    """Why: a stable code, its Japanese sentence (already filled in) and what it cites."""

    code: str
    text: str
    citation: Citation | None = None


class Quantity(NamedTuple):
    """The fixed half of a trace step: stable name, Japanese label and unit (円, 歳, 人, 日付, 区分)."""

    name: str
    label: str
    unit: str


class Step(NamedTuple):
    """One intermediate figure of a judgement: which quantity, and its value (a date where the unit is 日付)."""

    quantity: Quantity
    value: int | str | bool | date | None


class Finding(NamedTuple):
    """A second answer beside the main one, e.g. whether the prefecture subsidises the city (県補助).

    `period` is where this second answer stays the same, None where it was not reached.
    """

    name: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    period: Period | None = None


class Decision(NamedTuple):
    """The whole answer of one judgement; `period` is where it stays the same, within the certificate year."""

    scheme: str
    municipality: str
    judged_for: date
    outcome: Outcome
    period: Period | None
    benefit_class: str | None
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    steps: Sequence[Step]
    citations: tuple[Citation, ...]
    rule: str
    parameter_version: str
    facts_hash: str
