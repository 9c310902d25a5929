"""A Decision as records to be told: one sentence, the steps in sections with article and comparison, what is unsure.

The text of `explain` and the pages are both made from these, so that a decision is explained in one way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from kyufu.law.child.labels import (
    FINDING_LABELS,
    FINDING_OUTCOME_LABELS,
    OUTCOME_LABELS,
    benefit_class_label,
)
from kyufu.law.child.quantities import (
    ANSWER_QUANTITIES,
    ASSISTANCE_QUANTITIES,
    CASE_QUANTITIES,
    CITY_BAND_QUANTITIES,
    CITY_LIMIT_QUANTITIES,
    DEATH_QUANTITIES,
    DEPENDANT_QUANTITIES,
    DISABILITY_QUANTITIES,
    EARNER_QUANTITIES,
    GUARDIAN_QUANTITIES,
    INCOME_YEAR_QUANTITIES,
    INSTITUTION_QUANTITIES,
    PREFECTURE_BAND_QUANTITIES,
    PREFECTURE_LIMIT_QUANTITIES,
    SINGLE_PARENT_QUANTITIES,
)
from kyufu.law.child.reasons import (
    ARTICLE_2,
    ARTICLE_4,
    ARTICLE_5,
    EXCLUSIONS,
    INCOME_RULE,
    PREFECTURE,
)
from kyufu.law.child.saying import say_citation, say_period_of, say_value
from kyufu.law.child.yokohama.doubts import certainties
from kyufu.law.decision import Citation, Decision, Outcome, Quantity, Reason, Step
from kyufu.law.income.judged import JUDGED_INCOME_QUANTITIES
from kyufu.law.parameters.entries import Certainty
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Value

DOUBTS = MappingProxyType(
    {Certainty.ASSUMED: "未確認の値", Certainty.SECONDARY: "二次資料の値", Certainty.OFFICIAL: ""}
)
# A date of more than a year, and nothing, are told apart from figures by their own words.
INCOME_OVER = "income_over"


class ToldStep(NamedTuple):
    """One figure: its place among all steps, label, figure in words, and how unsure its value is (empty: sure)."""

    number: int
    name: str
    label: str
    figure: str
    doubt: str


class Section(NamedTuple):
    """Steps that belong together: title, article, and what comes of them; `holds` where it is a comparison."""

    code: str
    title: str
    citation: str
    steps: tuple[ToldStep, ...]
    result: str
    holds: bool | None


class ToldReason(NamedTuple):
    """A reason and the article it rests on (empty: none)."""

    code: str
    text: str
    citation: str


class ToldFinding(NamedTuple):
    """A second answer beside the main one, with its reasons."""

    label: str
    outcome: str
    reasons: tuple[ToldReason, ...]


class Told(NamedTuple):
    """The whole explanation of a decision; `sentence` is the answer with its first reason and figures."""

    outcome: Outcome
    outcome_label: str
    sentence: str
    judged_for: str
    period: str
    benefit_class: str
    reasons: tuple[ToldReason, ...]
    findings: tuple[ToldFinding, ...]
    sections: tuple[Section, ...]
    citations: tuple[str, ...]
    rule: str
    parameter_version: str
    facts_hash: str


class _Place(NamedTuple):
    code: str
    title: str
    citation: Citation
    quantities: tuple[Quantity, ...]


_EXCLUDING = (
    *DEATH_QUANTITIES,
    *ASSISTANCE_QUANTITIES,
    *DISABILITY_QUANTITIES,
    *SINGLE_PARENT_QUANTITIES,
    *INSTITUTION_QUANTITIES,
)
_PLACES = (
    _Place("case", "児童と申請", ARTICLE_2, CASE_QUANTITIES),
    _Place("exclusion", "対象外となる事由", EXCLUSIONS, _EXCLUDING),
    _Place("band", "対象年齢の区分", ARTICLE_4, CITY_BAND_QUANTITIES),
    _Place("income_year", "判定に使う所得の年", INCOME_RULE, INCOME_YEAR_QUANTITIES),
    _Place("guardian", "保護者の所得の資料", INCOME_RULE, GUARDIAN_QUANTITIES),
    _Place(
        "judged_income",
        "判定所得の計算",
        INCOME_RULE,
        (*EARNER_QUANTITIES, *JUDGED_INCOME_QUANTITIES, *DEPENDANT_QUANTITIES),
    ),
    _Place("city_limit", "市の所得限度額との比較", ARTICLE_4, CITY_LIMIT_QUANTITIES),
    _Place("answer", "資格の期間と区分", ARTICLE_5, ANSWER_QUANTITIES),
    _Place("prefecture", "県補助", PREFECTURE, (*PREFECTURE_BAND_QUANTITIES, *PREFECTURE_LIMIT_QUANTITIES)),
)
_PLACE_OF = {quantity.name: place for place in _PLACES for quantity in place.quantities}
_OTHER = _Place("other", "そのほか", ARTICLE_2, ())


def tell(decision: Decision, *, overlay: Overlay = NOTHING) -> Told:
    """A decision as records; pure, and the same in every process. `overlay` is what it was reached under."""
    period = decision.period
    code = decision.benefit_class
    return Told(
        outcome=decision.outcome,
        outcome_label=OUTCOME_LABELS[decision.outcome],
        sentence=say_in_one(decision),
        judged_for=say_value(Step(Quantity("judged_for", "", "日付"), decision.judged_for)),
        period="" if period is None else say_period_of(decision),
        benefit_class="" if code is None else benefit_class_label(code),
        reasons=tuple(map(_told_reason, decision.reasons)),
        findings=tuple(
            ToldFinding(
                FINDING_LABELS.get(one.name, one.name),
                FINDING_OUTCOME_LABELS[one.outcome],
                tuple(map(_told_reason, one.reasons)),
            )
            for one in decision.findings
        ),
        sections=tuple(_sections(decision, overlay=overlay)),
        citations=tuple(map(say_citation, decision.citations)),
        rule=decision.rule,
        parameter_version=decision.parameter_version,
        facts_hash=decision.facts_hash,
    )


def tell_steps(decision: Decision, *, overlay: Overlay = NOTHING) -> tuple[ToldStep, ...]:
    """Every step of a decision in its order, numbered from 1."""
    doubts = certainties(decision, overlay=overlay)
    return tuple(
        ToldStep(
            number=number,
            name=step.quantity.name,
            label=step.quantity.label,
            figure=say_value(step),
            doubt=DOUBTS[doubts.get(step.quantity.name, Certainty.OFFICIAL)],
        )
        for number, step in enumerate(decision.steps, start=1)
    )


def say_in_one(decision: Decision) -> str:
    """The outcome with its first reason, in one sentence; a limit of income with both figures."""
    label = OUTCOME_LABELS[decision.outcome]
    if not decision.reasons:
        return f"{label}。"
    first = decision.reasons[0].text.rstrip("。")
    figures = _figures(decision) if decision.reasons[0].code == INCOME_OVER else ""
    return f"{label}：{first}{f'（{figures}）' if figures else ''}。"


def _figures(decision: Decision) -> str:
    values = {step.quantity.name: step.value for step in decision.steps}
    return _compared(values, figure="judged_income", limit="city_income_limit")


def _told_reason(reason: Reason) -> ToldReason:
    cited = "" if reason.citation is None else say_citation(reason.citation)
    return ToldReason(reason.code, reason.text, cited)


def _sections(decision: Decision, *, overlay: Overlay) -> Iterator[Section]:
    values = {step.quantity.name: step.value for step in decision.steps}
    for place, steps in groupby(
        tell_steps(decision, overlay=overlay), key=lambda step: _PLACE_OF.get(step.name, _OTHER)
    ):
        result, holds = _result(place.code, values=values, decision=decision)
        yield Section(place.code, place.title, say_citation(place.citation), tuple(steps), result, holds)


def _result(code: str, *, values: Mapping[str, Value], decision: Decision) -> tuple[str, bool | None]:
    """What comes of a section in words, and whether its comparison holds (None: it compares nothing)."""
    if code == "city_limit":
        holds = values["under_city_income_limit"]
        text = _compared(values, figure="judged_income", limit="city_income_limit")
        return f"{text}（限度額{'未満' if holds else '以上'}）", bool(holds)
    if code == "prefecture" and "under_prefecture_income_limit" in values:
        holds = values["under_prefecture_income_limit"]
        text = _compared(values, figure="judged_income", limit="prefecture_income_limit")
        return f"{text}（県の限度額{'未満' if holds else '以上'}）", bool(holds)
    if code == "judged_income" and isinstance(values.get("judged_income"), int):
        return f"判定所得 {values['judged_income']:,}円", None
    if code == "answer" and decision.period is not None:
        return say_period_of(decision), None
    return "", None


def _compared(values: Mapping[str, Value], *, figure: str, limit: str) -> str:
    judged, most = values.get(figure), values.get(limit)
    if not isinstance(judged, int) or not isinstance(most, int):
        return ""
    return f"判定所得 {judged:,}円 {'＜' if judged < most else '≧'} 限度額 {most:,}円"


def doubtful(sections: Sequence[Section]) -> tuple[ToldStep, ...]:
    """The steps of an explanation that rest on a value which the municipality has still to confirm."""
    return tuple(
        step for section in sections for step in section.steps if step.doubt == DOUBTS[Certainty.ASSUMED]
    )
