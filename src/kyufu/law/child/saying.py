"""Dates, periods, figures, reasons and articles of a Decision in words, as a clerk reads them out."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki
from kyufu.law.decision import Citation, Decision, Reason, Step
from kyufu.law.parameters.entries import Certainty

_LAST_GRADES = ((0, "就学前"), (6, "小学校{}年"), (9, "中学校{}年"), (12, "高等学校相当{}年"))


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
