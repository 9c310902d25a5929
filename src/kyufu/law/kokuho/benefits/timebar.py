"""Time bars of the benefits (時効, 国保法第110条): two years from a day that each benefit has of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.ages import first_of_month_after
from kyufu.law.calendar.months import MONTHS_A_YEAR, YearMonth
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.wareki import format_wareki, format_wareki_month
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.noting import ACT, DAY, YES_NO, Finding, answered, lacking, note
from kyufu.law.kokuho.benefits.parameters import BENEFITS_FILE, benefit_rules_on, registered_from
from kyufu.law.kokuho.benefits.years import last_day_of, year_fault

RULE = "kokuho-time-bar"
ARTICLE = Citation(ACT, "第110条", "secondary")
STARTS = Citation("時効の起算日", "（国保組合・健保組合・区市町村の公表による）", "secondary")


class Benefit(StrEnum):
    """What is claimed, which decides from when the time runs."""

    HIGH_COST = "high_cost"
    YEARLY = "yearly"
    MEDICAL_EXPENSES = "medical_expenses"
    TRANSPORT = "transport"
    CHILDBIRTH = "childbirth"
    FUNERAL = "funeral"


@dataclass(frozen=True, slots=True)
class TimeBarFacts:
    """What is claimed and since when; each benefit needs one of the dates.

    `treated` is the month of treatment, `paid_on` when the patient paid, `year` the year of computation from August,
    `happened_on` the day of birth or of the funeral.
    """

    benefit: Benefit
    applied_on: date
    treated: YearMonth | None = None
    paid_on: date | None = None
    year: int | None = None
    happened_on: date | None = None

    def fault(self) -> tuple[str, str] | None:
        """A year in which nothing can be computed."""
        return None if self.year is None else year_fault(self.year)


class TimeBar(NamedTuple):
    """The first day of the two years (起算日), the last day on which may be applied, and whether it is too late."""

    starts_on: date
    last_day: date
    is_barred: bool


def judge_time_bar(facts: TimeBarFacts) -> Answer[TimeBar]:
    """Whether an application comes in time (国保法第110条第1項)."""
    found = _find(facts)
    return answered(found, rule=RULE, facts=facts, files=(BENEFITS_FILE,))


def before_the_figures(day: date) -> Undecidable | None:
    """That a day lies before the first one of which figures are registered."""
    first = registered_from(BENEFITS_FILE, table="rule")
    if day >= first:
        return None
    return lacking(
        "missing.rules",
        text=f"{format_wareki_month(first)}より前の基準は登録されていません。",
        missing=(f"{format_wareki_month(day)}の基準",),
    )


def bar(starts_on: date, *, applied_on: date) -> TimeBar | Undecidable:
    """The time bar of a benefit whose time runs from a day on, that day counted (民法第143条)."""
    before = before_the_figures(starts_on)
    if before is not None:
        return before
    years = benefit_rules_on(starts_on).time_bar_years
    last_day = day_after_months(starts_on, months=years * MONTHS_A_YEAR) - ONE_DAY
    return TimeBar(starts_on, last_day, applied_on > last_day)


def bar_steps(found: TimeBar) -> tuple[Step, ...]:
    """The steps of a time bar."""
    return (
        note("time_bar_starts", label="時効の起算日", value=found.starts_on, unit=DAY),
        note("time_bar_last_day", label="申請できる最後の日", value=found.last_day, unit=DAY),
        note("time_barred", label="時効により申請できないか", value=found.is_barred, unit=YES_NO),
    )


def say_bar(found: TimeBar) -> Reason:
    """Whether the application is in time, in words."""
    day = format_wareki(found.last_day)
    if found.is_barred:
        return Reason(
            "time_barred", f"申請できる期間（{day}まで）を過ぎているため、支給できません。", ARTICLE
        )
    return Reason("in_time", f"{day}まで申請できます。", ARTICLE)


def day_after_months(day: date, *, months: int) -> date:
    """The corresponding day so many months later; where the month has none, the 1st of the next (民法第143条第2項)."""
    number = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1
    try:
        return date(year, month, day.day)
    except ValueError:
        return first_of_month_after(date(year, month, 1))


def starts_high_cost(treated: YearMonth, *, paid_on: date | None) -> date:
    """From when the time of a high-cost benefit runs: the next month's 1st, or the day after a later payment."""
    first = first_of_month_after(treated.first_day)
    return first if paid_on is None or paid_on < first else paid_on + ONE_DAY


def _find(facts: TimeBarFacts) -> Finding | Undecidable:
    starts_on = _starts_on(facts)
    found = starts_on if isinstance(starts_on, Undecidable) else bar(starts_on, applied_on=facts.applied_on)
    if isinstance(found, Undecidable):
        return found
    return Finding(found, (say_bar(found),), bar_steps(found), (ARTICLE, STARTS))


def _starts_on(facts: TimeBarFacts) -> date | Undecidable:
    match facts.benefit:
        case Benefit.HIGH_COST:
            treated = facts.treated
            return _lacks("診療月") if treated is None else starts_high_cost(treated, paid_on=facts.paid_on)
        case Benefit.YEARLY:
            return _lacks("計算期間の年") if facts.year is None else last_day_of(facts.year) + ONE_DAY
        case Benefit.MEDICAL_EXPENSES | Benefit.TRANSPORT:
            return _lacks("支払った日") if facts.paid_on is None else facts.paid_on + ONE_DAY
        case _:
            day = facts.happened_on
            return _lacks("出産又は葬祭の日") if day is None else day + ONE_DAY


def _lacks(what: str) -> Undecidable:
    return lacking("missing.date", text=f"{what}が分からないため、時効を判定できません。", missing=(what,))
