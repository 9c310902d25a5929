"""Steps of a benefit's trace, and its answer: what every rule of the benefits shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.wareki import format_wareki, format_wareki_month
from kyufu.law.decision import Citation, Quantity, Reason, Step
from kyufu.law.kokuho.answer import Answer, CannotDecide, Undecidable, distinct, hash_facts
from kyufu.law.parameters.catalogue import parameter_version
from kyufu.law.tracing import Value

YEN, DAY, CLASS, YES_NO, SOURCE = "円", "日付", "区分", "真偽", "出典"
ACT, ORDER = "国民健康保険法", "国民健康保険法施行令"


def say_month(month: YearMonth) -> str:
    """A month by era: 令和8年8月."""
    return format_wareki_month(month.first_day)


def say_year(year: int) -> str:
    """A calendar year by era, as its last day is called: 令和7年."""
    return format_wareki(date(year, 12, 31)).partition("年")[0] + "年"


def note(name: str, *, label: str, value: Value, unit: str = YEN) -> Step:
    """One intermediate figure; the label may name a person or a facility, the name stays."""
    return Step(Quantity(name, label, unit), value)


def lacking(code: str, *, text: str, missing: Sequence[str], citation: Citation | None = None) -> Undecidable:
    """That a rule cannot go on: the reason, and each thing that lacks, in Japanese."""
    return Undecidable((Reason(code, text, citation),), tuple(missing))


class Finding(NamedTuple):
    """What a rule found: its value, the reasons (the first is the result), the steps and what it rests on."""

    value: Any
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    citations: tuple[Citation, ...]


def answered(
    found: Finding | Undecidable, *, rule: str, facts: object, files: tuple[str, ...], municipality: str = ""
) -> Answer[Any]:
    """The answer of a rule: what it found, or that it cannot be decided; `files` hold the figures it used."""
    if isinstance(found, Undecidable):
        cited = [reason.citation for reason in found.reasons if reason.citation is not None]
        found = Finding(CannotDecide(found.missing), found.reasons, (), tuple(cited))
    return Answer(
        rule,
        municipality,
        found.value,
        found.reasons,
        found.steps,
        distinct(found.citations),
        parameter_version(files),
        hash_facts(facts, rule=rule),
    )
