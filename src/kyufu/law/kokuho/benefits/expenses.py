"""Medical expenses paid in full (療養費, 国保法第54条) and the cost of being carried (移送費, 国保法第54条の4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.months import month_of
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.wareki import format_wareki_month
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.claims import TENTHS
from kyufu.law.kokuho.benefits.household import AgeGroup, age_group, share_tenths
from kyufu.law.kokuho.benefits.noting import ACT, DAY, Finding, answered, lacking, note
from kyufu.law.kokuho.benefits.parameters import (
    BENEFITS_FILE,
    HIGH_COST_FILE,
    HIGH_COST_FILES,
    registered_from,
    rules_on,
)
from kyufu.law.kokuho.benefits.timebar import TimeBar, bar, bar_steps, say_bar

EXPENSES_RULE = "kokuho-medical-expenses"
TRANSPORT_RULE = "kokuho-transport"
EXPENSES = Citation(ACT, "第54条", "assumed")
TRANSPORT = Citation(ACT, "第54条の4", "assumed")
ROUNDING = Citation("療養費の端数", "（1円未満切捨て。公表資料で未確認）", "assumed")


class Why(StrEnum):
    """Why the care was paid in full."""

    NO_CARD = "no_card"
    ORTHOTIC = "orthotic"
    JUDO = "judo"
    ACUPUNCTURE = "acupuncture"
    BLOOD = "blood"
    ABROAD = "abroad"


WHY_LABELS = {
    Why.NO_CARD: "やむを得ず資格を示さずに受けた診療",
    Why.ORTHOTIC: "治療用装具",
    Why.JUDO: "柔道整復師の施術",
    Why.ACUPUNCTURE: "はり・きゅう・あん摩マッサージの施術",
    Why.BLOOD: "生血",
    Why.ABROAD: "海外で受けた診療",
}


@dataclass(frozen=True, slots=True)
class ExpensesFacts:
    """Care that was paid in full, yen.

    `standard_cost` is what the care would have cost under the insurance as the insurer found (abroad: converted at the
    rate of the day of the decision); `is_active` 現役並み所得者, needed from 70 on; `is_accepted` whether the insurer
    found it unavoidable or necessary, None where it is not yet looked at.
    """

    why: Why
    birth_date: date
    treated_on: date
    paid_on: date
    applied_on: date
    paid: int
    standard_cost: int
    is_accepted: bool | None
    is_active: bool | None = None

    def fault(self) -> tuple[str, str] | None:
        """Amounts or days that cannot be."""
        if min(self.paid, self.standard_cost) < 0:
            return "paid", "負の額は使えません"
        if self.treated_on < self.birth_date:
            return "treated_on", "生年月日より前です"
        return ("applied_on", "支払った日より前です") if self.applied_on < self.paid_on else None


class Expenses(NamedTuple):
    """What is paid, yen, with the cost it is reckoned from and the share that stays with the patient in tenths."""

    payment: int
    cost: int
    tenths: int


@dataclass(frozen=True, slots=True)
class TransportFacts:
    """The carrying of a patient, yen.

    `standard_cost` is that of the most economical usual way as the insurer found. The three conditions are None where
    they are not yet looked at: ordered by a physician, the patient could hardly move, urgent or otherwise unavoidable.
    """

    moved_on: date
    paid_on: date
    applied_on: date
    paid: int
    standard_cost: int
    is_for_proper_care: bool | None
    is_hardly_movable: bool | None
    is_urgent: bool | None

    def fault(self) -> tuple[str, str] | None:
        """Amounts or days that cannot be."""
        if min(self.paid, self.standard_cost) < 0:
            return "paid", "負の額は使えません"
        return ("applied_on", "支払った日より前です") if self.applied_on < self.paid_on else None


class Transport(NamedTuple):
    """What is paid, yen."""

    payment: int


def judge_expenses(facts: ExpensesFacts) -> Answer[Expenses]:
    """What is paid of care that the patient paid in full, yen: the cost less the patient's share.

    The cost is the smaller of what was paid and what the insurance would have cost; less than a yen is dropped.
    """
    files = (BENEFITS_FILE, *HIGH_COST_FILES)
    return answered(_find_expenses(facts), rule=EXPENSES_RULE, facts=facts, files=files)


def judge_transport(facts: TransportFacts) -> Answer[Transport]:
    """What is paid for carrying a patient, yen: the cost of the usual way, at most what was paid."""
    return answered(_find_transport(facts), rule=TRANSPORT_RULE, facts=facts, files=(BENEFITS_FILE,))


def _find_expenses(facts: ExpensesFacts) -> Finding | Undecidable:
    barred = bar(facts.paid_on + ONE_DAY, applied_on=facts.applied_on)
    if isinstance(barred, Undecidable):
        return barred
    tenths = _tenths(facts)
    if isinstance(tenths, Undecidable):
        return tenths
    if facts.is_accepted is None:
        return lacking(
            "missing.acceptance",
            text="療養費を支給すべき場合に当たるかが審査されていません。",
            missing=("やむを得ない又は必要と認めるかどうか",),
            citation=EXPENSES,
        )
    cost = min(facts.paid, facts.standard_cost)
    payment = cost * (TENTHS - tenths) // TENTHS if facts.is_accepted and not barred.is_barred else 0
    steps = (
        note("why", label="療養費の種類", value=WHY_LABELS[facts.why], unit="区分"),
        note("paid", label="支払った額", value=facts.paid),
        note("standard_cost", label="保険者が認めた費用の額", value=facts.standard_cost),
        note("cost", label="支給の基礎となる額", value=cost),
        note("tenths", label="一部負担金の割合", value=tenths, unit="割"),
        *_closing(barred, payment=payment),
    )
    refused = None if facts.is_accepted else "療養費を支給すべき場合に当たらないため、支給できません。"
    reasons = _say(payment, barred=barred, refused=refused, cited=EXPENSES)
    return Finding(Expenses(payment, cost, tenths), reasons, steps, (EXPENSES, ROUNDING))


def _tenths(facts: ExpensesFacts) -> int | Undecidable:
    month = month_of(facts.treated_on)
    first = registered_from(HIGH_COST_FILE, table="rule")
    if month.first_day < first:
        return lacking(
            "missing.rules",
            text=f"{format_wareki_month(first)}より前の負担割合は登録されていません。",
            missing=("負担割合",),
        )
    rules = rules_on(month.first_day)
    group = age_group(facts.birth_date, month=month, rules=rules)
    if group is AgeGroup.LATE_ELDERLY:
        return lacking(
            "missing.insurance",
            text="75歳以上のため、国保の給付ではありません。",
            missing=("国保の資格",),
            citation=EXPENSES,
        )
    if group is AgeGroup.FROM_70 and facts.is_active is None:
        return lacking(
            "missing.class",
            text="70歳以上の負担割合が分かりません。",
            missing=("現役並み所得者かどうか",),
            citation=EXPENSES,
        )
    return share_tenths(facts.birth_date, month=month, is_active=bool(facts.is_active), rules=rules)


def _find_transport(facts: TransportFacts) -> Finding | Undecidable:
    barred = bar(facts.paid_on + ONE_DAY, applied_on=facts.applied_on)
    if isinstance(barred, Undecidable):
        return barred
    conditions = (
        (facts.is_for_proper_care, "移送により適切な療養を受けたこと（医師の指示）"),
        (facts.is_hardly_movable, "病気やけがにより移動が困難であったこと"),
        (facts.is_urgent, "緊急その他やむを得なかったこと"),
    )
    unknown = [label for met, label in conditions if met is None]
    unmet = [label for met, label in conditions if met is False]
    if unknown and not unmet:
        return lacking(
            "missing.conditions",
            text="移送費の要件が審査されていません。",
            missing=unknown,
            citation=TRANSPORT,
        )
    payment = 0 if unmet or barred.is_barred else min(facts.paid, facts.standard_cost)
    steps = (
        note("moved_on", label="移送の日", value=facts.moved_on, unit=DAY),
        note("paid", label="支払った額", value=facts.paid),
        note("standard_cost", label="最も経済的な通常の経路と方法による費用", value=facts.standard_cost),
        *_closing(barred, payment=payment),
    )
    refused = f"次の要件を満たさないため、支給できません：{'、'.join(unmet)}。" if unmet else None
    reasons = _say(payment, barred=barred, refused=refused, cited=TRANSPORT)
    return Finding(Transport(payment), reasons, steps, (TRANSPORT,))


def _closing(barred: TimeBar, *, payment: int) -> tuple[Step, ...]:
    return (*bar_steps(barred), note("payment", label="支給する額", value=payment))


def _say(payment: int, *, barred: TimeBar, refused: str | None, cited: Citation) -> tuple[Reason, ...]:
    if refused is not None:
        return (Reason("refused", refused, cited),)
    if barred.is_barred:
        return (say_bar(barred),)
    return (Reason("benefit", f"{payment:,}円を支給します。", cited), say_bar(barred))
