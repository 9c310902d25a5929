"""A Decision told in Japanese, step by step, as a clerk reads it out: the records of `telling` as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from kyufu.law.child.cities import city_of
from kyufu.law.child.saying import say_citation, say_date, say_period_of, say_reason, say_value
from kyufu.law.child.telling import Told, ToldReason, tell
from kyufu.law.decision import Decision

__all__ = ["explain", "say_citation", "say_date", "say_period_of", "say_reason", "say_value"]


def explain(decision: Decision) -> str:
    """The outcome, the reasons, every figure in order and what it rests on, one line each."""
    told = tell(decision)
    return "\n".join(
        [
            *_explain_answer(told, scheme=city_of(decision.municipality).full_scheme),
            "",
            *_explain_findings(told),
            *_explain_steps(told),
            "【根拠】",
            *(f"・{citation}" for citation in told.citations),
            f"判定規則 {told.rule}／基準値の版 {told.parameter_version}／事実の要約値 {told.facts_hash}",
        ]
    )


def _explain_answer(told: Told, *, scheme: str) -> Iterator[str]:
    yield f"【{scheme}】{told.outcome_label}"
    yield f"判定の基準日：{told.judged_for}"
    if told.period:
        yield f"この判定の期間：{told.period}"
    if told.benefit_class:
        yield f"助成の区分：{told.benefit_class}"
    yield from map(_line, told.reasons)


def _explain_findings(told: Told) -> Iterator[str]:
    for finding in told.findings:
        yield f"【{finding.label}】{finding.outcome}"
        yield from map(_line, finding.reasons)
        yield ""


def _explain_steps(told: Told) -> Iterator[str]:
    steps = [step for section in told.sections for step in section.steps]
    if not steps:  # a day before the first known rules
        return
    yield "【判定の過程】"
    yield from (f"{step.number:>3}. {step.label}：{step.figure}" for step in steps)
    yield ""


def _line(reason: ToldReason) -> str:
    return f"理由：{reason.text}{f'（{reason.citation}）' if reason.citation else ''}"
