"""A Decision as records to be told: one sentence, the steps in sections with article and comparison, what is unsure.

The text of `explain` and the pages are both made from these, so that a decision is explained in one way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby
from types import MappingProxyType
from typing import NamedTuple

from kyufu.law.child.cities import city_of
from kyufu.law.child.city import City
from kyufu.law.child.doubts import certainties
from kyufu.law.child.labels import (
    FINDING_OUTCOME_LABELS,
    OUTCOME_LABELS,
    benefit_class_label,
    finding_label,
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
    SINGLE_PARENT_QUANTITIES,
    prefecture_quantities,
)
from kyufu.law.child.saying import say_citation, say_period_of, say_value
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


class _Places(NamedTuple):
    of: Mapping[str, _Place]
    other: _Place


@lru_cache(maxsize=16)
def _places(city: City) -> _Places:
    """Where each step stands in the explanation of a municipality's decisions, by the name of its quantity."""
    at = city.sources
    of_prefecture = tuple(chain.from_iterable(prefecture_quantities(city.prefecture_word)))
    places = (
        _Place("case", "児童と申請", at.entitled, CASE_QUANTITIES),
        _Place("exclusion", "対象外となる事由", at.exclusion, _EXCLUDING),
        _Place("band", "対象年齢の区分", at.benefit, CITY_BAND_QUANTITIES),
        _Place("income_year", "判定に使う所得の年", at.income, INCOME_YEAR_QUANTITIES),
        _Place("guardian", "保護者の所得の資料", at.income, GUARDIAN_QUANTITIES),
        _Place(
            "judged_income",
            "判定所得の計算",
            at.income,
            (*EARNER_QUANTITIES, *JUDGED_INCOME_QUANTITIES, *DEPENDANT_QUANTITIES),
        ),
        _Place("city_limit", "市の所得限度額との比較", at.limit, CITY_LIMIT_QUANTITIES),
        _Place("answer", "資格の期間と区分", at.application, ANSWER_QUANTITIES),
        _Place("prefecture", f"{city.prefecture_word}補助", at.prefecture, of_prefecture),
    )
    named = {quantity.name: place for place in places for quantity in place.quantities}
    return _Places(named, _Place("other", "そのほか", at.entitled, ()))


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
                finding_label(one.name, municipality=decision.municipality),
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
    places = _places(city_of(decision.municipality))
    for place, steps in groupby(
        tell_steps(decision, overlay=overlay), key=lambda step: places.of.get(step.name, places.other)
    ):
        result, holds = _result(place.code, values=values, decision=decision)
        yield Section(place.code, place.title, say_citation(place.citation), tuple(steps), result, holds)


def _result(code: str, *, values: Mapping[str, Value], decision: Decision) -> tuple[str, bool | None]:
    """What comes of a section in words, and whether its comparison holds (None: it compares nothing)."""
    if code == "city_limit" and "under_city_income_limit" in values:
        holds = values["under_city_income_limit"]
        text = _compared(values, figure="judged_income", limit="city_income_limit")
        return f"{text}（限度額{'未満' if holds else '以上'}）", bool(holds)
    if code == "prefecture" and "under_prefecture_income_limit" in values:
        holds = values["under_prefecture_income_limit"]
        word = city_of(decision.municipality).prefecture_word
        text = _compared(values, figure="judged_income", limit="prefecture_income_limit")
        return f"{text}（{word}の限度額{'未満' if holds else '以上'}）", bool(holds)
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
