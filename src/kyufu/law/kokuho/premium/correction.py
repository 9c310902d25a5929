"""The time bar of assessments (賦課決定の期間制限): until when a year's premium may still be decided or corrected.

料: 国民健康保険法第110条の2 (two years from the day after the first due date of the year, or from the day after
the premium could be levied, where that is later). 税: 地方税法第17条の5 (three years, to lower it five).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.decision import Citation, Quantity, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable, hash_facts
from kyufu.law.kokuho.common import common_entry
from kyufu.law.kokuho.explain import say_date
from kyufu.law.kokuho.premium.facts import fault_of_year
from kyufu.law.kokuho.premium.lacking import without_facts, without_rates
from kyufu.law.kokuho.premium.rules import YearRules, first_day_of, rules_of

RULE = "kokuho-correction"
PREMIUM, LONGER = "premium", "premium_reduction_time_bar_years"
ARTICLES = {PREMIUM: ("国民健康保険法", "第110条の2"), "tax": ("地方税法", "第17条の5")}
NOT_TOLD = Reason(
    "adjustment.unknown",
    "期間制限を過ぎていますが、被保険者の責めによらない被用者保険との調整による減額であれば、なお更正できます",
)


class CorrectionFacts(NamedTuple):
    """A year's premium before and after (yen), the year's first due date, and the day of the decision.

    `leviable_on` is the day on which it could first be levied, where that was after the first due date.
    `is_adjustment` tells whether a premium is lowered for an overlap with an employees' insurance that is not the
    insured person's fault, which has a longer term; None is not known.
    """

    fiscal_year: int
    before: int
    after: int
    first_due_on: date
    decided_on: date
    leviable_on: date | None = None
    is_adjustment: bool | None = None

    def fault(self) -> tuple[str, str] | None:
        """Negative amounts, a year before these rules, days before the year."""
        if min(self.before, self.after) < 0:
            return "before", "負の額は使えません"
        fault = fault_of_year(self.fiscal_year)
        if fault is not None:
            return fault
        for name, day in (("first_due_on", self.first_due_on), ("decided_on", self.decided_on)):
            if day < first_day_of(self.fiscal_year):
                return name, "年度の始まり（4月1日）より前です"
        return None


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


def correct(facts: CorrectionFacts, *, rules: YearRules) -> Correction | Undecidable:
    """Whether a correction is within the time bar; one that changes nothing always is.

    Cannot be decided where a premium is lowered after the common term and the reason for it is not known.
    """
    difference = facts.after - facts.before
    found = _within(facts, bar=_bar(difference, rules=rules), rules=rules)
    longer = _within(facts, bar=LONGER, rules=rules)
    if found.allowed or difference >= 0 or rules.municipal.levy != PREMIUM or not longer.allowed:
        return found
    if facts.is_adjustment is None:
        return Undecidable((NOT_TOLD,), ("被保険者の責めによらない被用者保険との調整による減額かどうか",))
    return longer if facts.is_adjustment else found


def _within(facts: CorrectionFacts, *, bar: str, rules: YearRules) -> Correction:
    difference = facts.after - facts.before
    begins = max(facts.first_due_on, facts.leviable_on or facts.first_due_on) + ONE_DAY
    last_day = last_day_of(begins, years=getattr(rules.collection, bar))
    return Correction(not difference or facts.decided_on <= last_day, difference, last_day)


def _bar(difference: int, *, rules: YearRules) -> str:
    """The name of the figure of the term."""
    if rules.municipal.levy == PREMIUM:
        return "premium_time_bar_years"
    return "tax_reduction_time_bar_years" if difference < 0 else "tax_time_bar_years"


def _cited(facts: CorrectionFacts, *, rules: YearRules) -> tuple[Citation, ...]:
    """The article of the term, as sure as its figure."""
    law, article = ARTICLES[rules.municipal.levy]
    names = [_bar(facts.after - facts.before, rules=rules)]
    names += [LONGER] if facts.is_adjustment else []
    rows = [common_entry(name, on=first_day_of(facts.fiscal_year)) for name in names]
    return tuple(
        Citation(law, f"{article}（{row.columns['label']}）", row.certainty.value)
        for row in rows
        if row is not None
    )


def judge_correction(facts: CorrectionFacts, *, municipality: str) -> Answer[Correction]:
    """The same as an answer; cannot be decided where the municipality's rates of the year are not kept."""
    rules = rules_of(municipality, fiscal_year=facts.fiscal_year)
    if rules is None:
        return without_rates(facts, rule=RULE, municipality=municipality, fiscal_year=facts.fiscal_year)
    found = correct(facts, rules=rules)
    cited = _cited(facts, rules=rules)
    if isinstance(found, Undecidable):
        return without_facts(facts, rule=RULE, why=found, rules=rules)._replace(citations=cited)
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
        cited,
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
