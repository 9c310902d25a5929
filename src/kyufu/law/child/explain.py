"""A Decision told in Japanese, step by step, as a clerk reads it out: yen with commas, dates by era, articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki
from kyufu.law.child.labels import (
    FINDING_LABELS,
    FINDING_OUTCOME_LABELS,
    OUTCOME_LABELS,
    benefit_class_label,
)
from kyufu.law.decision import Citation, Decision, Reason, Step
from kyufu.law.parameters.entries import Certainty

SCHEME_LABELS = {("child", "yokohama"): "横浜市 小児医療費助成"}
_LAST_GRADES = ((0, "就学前"), (6, "小学校{}年"), (9, "中学校{}年"), (12, "高等学校相当{}年"))


def explain(decision: Decision) -> str:
    """The outcome, the reasons, every figure in order and what it rests on, one line each."""
    return "\n".join(
        [
            *_explain_answer(decision),
            "",
            *_explain_findings(decision),
            *_explain_steps(decision),
            "【根拠】",
            *(f"・{say_citation(citation)}" for citation in decision.citations),
            f"判定規則 {decision.rule}／基準値の版 {decision.parameter_version}／事実の要約値 {decision.facts_hash}",
        ]
    )


def _explain_answer(decision: Decision) -> Iterator[str]:
    scheme = SCHEME_LABELS.get((decision.scheme, decision.municipality), decision.scheme)
    yield f"【{scheme}】{OUTCOME_LABELS[decision.outcome]}"
    yield f"判定の基準日：{say_date(decision.judged_for)}"
    if decision.period is not None:
        yield f"この判定の期間：{say_period_of(decision)}"
    if decision.benefit_class is not None:
        yield f"助成の区分：{benefit_class_label(decision.benefit_class)}"
    yield from (f"理由：{say_reason(reason)}" for reason in decision.reasons)


def _explain_findings(decision: Decision) -> Iterator[str]:
    for finding in decision.findings:
        yield f"【{FINDING_LABELS.get(finding.name, finding.name)}】{FINDING_OUTCOME_LABELS[finding.outcome]}"
        yield from (f"理由：{say_reason(reason)}" for reason in finding.reasons)
        yield ""


def _explain_steps(decision: Decision) -> Iterator[str]:
    if not decision.steps:  # a day before the first known rules
        return
    yield "【判定の過程】"
    yield from (f"{number:>3}. {say_step(step)}" for number, step in enumerate(decision.steps, start=1))
    yield ""


def say_date(day: date) -> str:
    """A date by era; before 1873, or the far ends of the calendar, as it is."""
    return format_wareki(day) if day >= GREGORIAN_FROM else day.isoformat()


def say_period_of(decision: Decision) -> str:
    """The period of a decision with its last day included, as letters write it."""
    period = decision.period
    if period is None:
        return "なし"
    last_day = period.last_day
    return f"{say_date(period.start)}から{'' if last_day is None else say_date(last_day) + 'まで'}"


def say_reason(reason: Reason) -> str:
    """A reason with the article it rests on."""
    return reason.text if reason.citation is None else f"{reason.text}（{say_citation(reason.citation)}）"


def say_citation(citation: Citation) -> str:
    """A citation with its article, and how sure it is where it is not official."""
    certainty = Certainty(citation.certainty)
    doubt = "" if certainty is Certainty.OFFICIAL else f"〔{certainty.label}〕"
    return f"{citation.law} {citation.article}{doubt}"


def say_step(step: Step) -> str:
    """A step as label and value with its unit."""
    return f"{step.quantity.label}：{say_value(step)}"


def say_value(step: Step) -> str:
    """The value of a step in words: yen with commas, dates by era, grades by school."""
    value, unit = step.value, step.quantity.unit
    if value is None:
        return "（なし）"
    if isinstance(value, date):
        return say_date(value)
    if isinstance(value, bool):
        return ("はい" if value else "いいえ") if unit == "真偽" else ("あり" if value else "なし")
    if isinstance(value, str):
        return value
    if unit == "年度":
        return f"{format_wareki(date(value, 12, 31)).partition('年')[0]}年度"
    return _say_grade(value) if unit == "学年" else f"{value:,}{unit}"


def _say_grade(grade: int) -> str:
    lowest = 0
    for last, label in _LAST_GRADES:
        if grade <= last:
            return label.format(grade - lowest)
        lowest = last
    return "高等学校相当の学年を過ぎている"
