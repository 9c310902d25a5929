"""An answer told in Japanese, step by step, as a clerk reads it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, CannotDecide
from kyufu.law.parameters.entries import Certainty

FISCAL_YEAR_UNIT = "年度"


def explain(answer: Answer[Any], *, title: str) -> str:
    """The result, the reasons, every figure in order and what it rests on, one line each.

    `title` names the rule in Japanese; what was found is told by the reasons, the first of which is the result.
    """
    return "\n".join(
        [
            f"【{title}】{'' if answer.decided else '判定できません'}",
            *_explain_missing(answer.value),
            *map(say_reason, answer.reasons),
            "",
            *_explain_steps(answer),
            "【根拠】",
            *(f"・{say_citation(citation)}" for citation in answer.citations),
            f"判定規則 {answer.rule}／基準値の版 {answer.parameter_version}／事実の要約値 {answer.facts_hash}",
        ]
    )


def say_reason(reason: Reason) -> str:
    """A reason with the article it rests on."""
    return reason.text if reason.citation is None else f"{reason.text}（{say_citation(reason.citation)}）"


def say_citation(citation: Citation) -> str:
    """A citation with its article, and how sure it is where it is not official."""
    certainty = Certainty(citation.certainty)
    doubt = "" if certainty is Certainty.OFFICIAL else f"〔{certainty.label}〕"
    return f"{citation.law} {citation.article}{doubt}"


def say_date(day: date) -> str:
    """A date by era; before 1873 as it is."""
    return format_wareki(day) if day >= GREGORIAN_FROM else day.isoformat()


def say_fiscal_year(year: int) -> str:
    """A fiscal year by era: 令和8年度."""
    return f"{format_wareki(date(year, 12, 31)).partition('年')[0]}年度"


def say_value(step: Step) -> str:
    """The value of a step in words: yen with commas, dates and fiscal years by era."""
    value, unit = step.value, step.quantity.unit
    if value is None:
        return "（なし）"
    if isinstance(value, date):
        return say_date(value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, str):
        return value
    return say_fiscal_year(value) if unit == FISCAL_YEAR_UNIT else f"{value:,}{unit}"


def _explain_missing(value: object) -> Iterator[str]:
    if isinstance(value, CannotDecide):
        yield from (f"足りないもの：{each}" for each in value.missing)


def _explain_steps(answer: Answer[Any]) -> Iterator[str]:
    if not answer.steps:
        return
    yield "【計算の過程】"
    for number, step in enumerate(answer.steps, start=1):
        yield f"{number:>3}. {step.quantity.label}：{say_value(step)}"
    yield ""
