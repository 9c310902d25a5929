"""What a patient pays for meals in hospital (入院時食事療養の標準負担額, 国保法第52条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.noting import ACT, Finding, answered, lacking, note
from kyufu.law.kokuho.benefits.parameters import BENEFITS_FILE, amount_on, benefit_rules_on, cite
from kyufu.law.kokuho.benefits.timebar import before_the_figures
from kyufu.law.parameters.entries import Entry

RULE = "kokuho-meals"
ARTICLE = Citation(ACT, "第52条", "assumed")
GENERAL, DESIGNATED, PSYCHIATRIC, EXEMPT, LONG, LOW_1 = (
    "general",
    "designated",
    "psychiatric_2016",
    "exempt",
    "exempt_long",
    "low_1",
)


@dataclass(frozen=True, slots=True)
class MealDay:
    """The meals of one day in hospital."""

    day: date
    meals: int


@dataclass(frozen=True, slots=True)
class MealFacts:
    """A stay in hospital.

    `reduced_from` is the first day for which the reduction of the class holds (減額認定の適用日; with a card that shows
    it at the counter, the first day of the stay), None where there is none. `days_before` counts the days in hospital
    under that reduction in the twelve months before the first of `days`; `long_stay_from` is the first day for which
    the long stay was recognised (長期入院該当年月日).
    """

    days: tuple[MealDay, ...]
    under_70: Under70 | None = None
    from_70: From70 | None = None
    reduced_from: date | None = None
    days_before: int | None = None
    long_stay_from: date | None = None
    has_designated_disease: bool = False
    is_psychiatric_since_2016: bool = False

    def fault(self) -> tuple[str, str] | None:
        """Facts that cannot be."""
        if (self.under_70 is None) == (self.from_70 is None):
            return "under_70", "under_70 か from_70 のどちらか一方を書いてください"
        if not self.days:
            return "days", "入院した日がありません"
        if any(later.day <= earlier.day for earlier, later in pairwise(self.days)):
            return "days", "入院した日は古い順に、1日に1回だけ書いてください"
        return ("days_before", "負の日数は使えません") if (self.days_before or 0) < 0 else None


class Rate(NamedTuple):
    """So many meals at so many yen each."""

    label: str
    amount: int
    meals: int


class Meals(NamedTuple):
    """What the patient pays for the meals of a stay, yen, and from which rates it is made."""

    payment: int
    meals: int
    rates: tuple[Rate, ...]


def judge_meals(facts: MealFacts) -> Answer[Meals]:
    """What the patient pays for meals, yen (健康保険法第85条第2項の標準負担額による).

    Cannot be decided for days of which no amount is registered, or for more meals a day than are counted.
    """
    return answered(_find(facts), rule=RULE, facts=facts, files=(BENEFITS_FILE,))


def _find(facts: MealFacts) -> Finding | Undecidable:
    if facts.long_stay_from is not None and facts.days_before is None:
        return lacking(
            "missing.days_before",
            text="長期入院の日数を数えられません。",
            missing=("減額を受けて入院した、この入院より前12か月の日数",),
            citation=ARTICLE,
        )
    lines: list[tuple[Entry, int]] = []
    for number, each in enumerate(facts.days, start=1):
        code = _class_on(facts, day=each.day, number=number)
        row = None if code is None else amount_on(each.day, table="meal", code=code)
        if row is None:
            return lacking(
                "missing.rules",
                text=f"{format_wareki(each.day)}の標準負担額が登録されていません。",
                missing=(f"{format_wareki(each.day)}の食事療養標準負担額",),
                citation=ARTICLE,
            )
        if not 0 <= each.meals <= benefit_rules_on(each.day).meals_per_day:
            return lacking(
                "missing.meals",
                text=f"{format_wareki(each.day)}の食数が1日の上限を超えています。",
                missing=(f"{format_wareki(each.day)}の正しい食数",),
                citation=ARTICLE,
            )
        lines.append((row, each.meals))
    return _answer(lines)


def _class_on(facts: MealFacts, *, day: date, number: int) -> str | None:
    """The class of meals of one day, None before the figures; `number` counts the days of the stay from 1."""
    if before_the_figures(day) is not None:
        return None
    is_reduced = facts.reduced_from is not None and facts.reduced_from <= day
    if is_reduced and facts.from_70 is From70.LOW_1:
        return LOW_1
    if is_reduced and (facts.under_70 is Under70.O or facts.from_70 is From70.LOW_2):
        return LONG if _is_long(facts, day=day, number=number) else EXEMPT
    if facts.has_designated_disease:
        return DESIGNATED
    return PSYCHIATRIC if facts.is_psychiatric_since_2016 else GENERAL


def _is_long(facts: MealFacts, *, day: date, number: int) -> bool:
    recognised = facts.long_stay_from is not None and facts.long_stay_from <= day
    # Days of this stay before the reduction began are no days under it.
    unreduced = sum(
        1 for each in facts.days if facts.reduced_from is not None and each.day < facts.reduced_from
    )
    counted = (facts.days_before or 0) + number - unreduced
    return recognised and counted > benefit_rules_on(day).long_stay_days


def _answer(lines: Sequence[tuple[Entry, int]]) -> Finding:
    rates: list[Rate] = []
    steps: list[Step] = []
    cited = [ARTICLE]
    for row, group in groupby(lines, key=lambda line: line[0]):
        meals = sum(count for _, count in group)
        rate = Rate(str(row.columns["label"]), int(row.columns["amount"]), meals)
        rates.append(rate)
        steps += _rate_steps(rate)
        cited.append(cite(row, law=f"標準負担額（{rate.label}）", article=f"1食{rate.amount}円"))
    payment = sum(rate.amount * rate.meals for rate in rates)
    steps.append(note("payment", label="食事の自己負担", value=payment))
    reason = Reason(
        "payment", f"食事の自己負担は{payment:,}円です（高額療養費の対象になりません）。", ARTICLE
    )
    value = Meals(payment, sum(rate.meals for rate in rates), tuple(rates))
    return Finding(value, (reason,), tuple(steps), tuple(cited))


def _rate_steps(rate: Rate) -> tuple[Step, ...]:
    return (
        note("rate", label=f"1食の標準負担額（{rate.label}）", value=rate.amount),
        note("meals", label="食数", value=rate.meals, unit="食"),
    )
