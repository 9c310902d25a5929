"""The time bar of assessments (賦課決定の期間制限): until when a year's premium may still be decided or corrected.

料: 国民健康保険法第110条の2 (two years from the day after the first due date of the year, or from the day after
the premium could be levied, where that is later). 税: 地方税法第17条の5 (three years, to lower it five).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.decision import Quantity, Reason, Step
from kyufu.law.kokuho.answer import Answer, hash_facts
from kyufu.law.kokuho.explain import say_date
from kyufu.law.kokuho.premium.facts import fault_of_year
from kyufu.law.kokuho.premium.lacking import without_rates
from kyufu.law.kokuho.premium.rules import YearRules, rules_of

RULE = "kokuho-correction"


class CorrectionFacts(NamedTuple):
    """A year's premium before and after (yen), the year's first due date, and the day of the decision.

    `leviable_on` is the day on which it could first be levied, where that was after the first due date.
    """

    fiscal_year: int
    before: int
    after: int
    first_due_on: date
    decided_on: date
    leviable_on: date | None = None

    def fault(self) -> tuple[str, str] | None:
        """Negative amounts, a year before these rules."""
        if min(self.before, self.after) < 0:
            return "before", "負の額は使えません"
        return fault_of_year(self.fiscal_year)


class Correction(NamedTuple):
    """Whether the correction may still be decided, by how much it changes the year (yen), and the last day for it."""

    allowed: bool
    difference: int
    last_day: date


def last_day_of(start: date, *, years: int) -> date:
    """The last day of a term of years that begins with a day (民法第143条).

    The day before the corresponding one, or the last of the month where there is none.
    """
    year = start.year + years
    if start.day > monthrange(year, start.month)[1]:
        return date(year, start.month, monthrange(year, start.month)[1])
    return date(year, start.month, start.day) - ONE_DAY


def correct(facts: CorrectionFacts, *, rules: YearRules) -> Correction:
    """Whether a correction is within the time bar; one that changes nothing always is."""
    difference = facts.after - facts.before
    begins = max(facts.first_due_on, facts.leviable_on or facts.first_due_on) + ONE_DAY
    last_day = last_day_of(begins, years=_years(difference, rules=rules))
    return Correction(not difference or facts.decided_on <= last_day, difference, last_day)


def _years(difference: int, *, rules: YearRules) -> int:
    collection = rules.collection
    if rules.municipal.levy == "premium":
        return collection.premium_time_bar_years
    return collection.tax_reduction_time_bar_years if difference < 0 else collection.tax_time_bar_years


def judge_correction(facts: CorrectionFacts, *, municipality: str) -> Answer[Correction]:
    """The same as an answer; cannot be decided where the municipality's rates of the year are not kept."""
    rules = rules_of(municipality, fiscal_year=facts.fiscal_year)
    if rules is None:
        return without_rates(facts, rule=RULE, municipality=municipality, fiscal_year=facts.fiscal_year)
    found = correct(facts, rules=rules)
    steps = (
        Step(Quantity("before", "更正前の年額", "円"), facts.before),
        Step(Quantity("after", "更正後の年額", "円"), facts.after),
        Step(Quantity("difference", "増減", "円"), found.difference),
        Step(Quantity("last_day", "賦課決定のできる最後の日", "日付"), found.last_day),
        Step(Quantity("decided_on", "決定の日", "日付"), facts.decided_on),
    )
    return Answer(
        RULE,
        municipality,
        found,
        (_reason(found),),
        steps,
        rules.citations,
        rules.version,
        hash_facts(facts, rule=RULE),
    )


def _reason(found: Correction) -> Reason:
    if not found.difference:
        return Reason("unchanged", "年額は変わりません")
    if not found.allowed:
        return Reason("barred", f"{say_date(found.last_day)}を過ぎたため、賦課決定（更正）はできません")
    word = "増額" if found.difference > 0 else "減額"
    return Reason("corrected", f"年額を {abs(found.difference):,}円 {word}する更正ができます")
