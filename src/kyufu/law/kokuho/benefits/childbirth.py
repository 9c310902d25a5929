"""The lump sum for childbirth (出産育児一時金, 国保法第58条第1項)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.noting import ACT, DAY, Finding, answered, lacking, note
from kyufu.law.kokuho.benefits.parameters import BENEFITS_FILE, BenefitRules, benefit_rules_on
from kyufu.law.kokuho.benefits.timebar import (
    TimeBar,
    bar,
    bar_steps,
    before_the_figures,
    day_after_months,
    say_bar,
)

RULE = "kokuho-childbirth"
ARTICLE = Citation(ACT, "第58条第1項", "assumed")
AMOUNT = Citation("出産育児一時金の額", "（健康保険法施行令第36条と同額とする条例による）", "official")
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class OtherInsurance:
    """The employees' insurance that was lost before the birth (資格喪失後の給付).

    `is_paid_there` tells whether its benefit was chosen; None is not known.
    """

    lost_on: date
    months_insured: int
    is_paid_there: bool | None = None


@dataclass(frozen=True, slots=True)
class ChildbirthFacts:
    """A birth (also a stillbirth or miscarriage from the 85th day on).

    `pregnancy_days` counts from the first day of pregnancy as the institution certifies it; `has_compensation` tells
    whether the institution belongs to 産科医療補償制度; `paid_to_institution` is what it received directly
    (直接支払・受取代理), yen, for all children together, 0 where the head paid all, None where it is not known.
    """

    born_on: date
    applied_on: date
    is_insured: bool | None
    pregnancy_days: int
    has_compensation: bool
    children: int = 1
    paid_to_institution: int | None = None
    other: OtherInsurance | None = None

    def fault(self) -> tuple[str, str] | None:
        """Facts that cannot be."""
        if self.children < 1:
            return "children", "子の数は1以上です"
        paid = self.paid_to_institution or 0
        return ("paid_to_institution", "負の額は使えません") if paid < 0 else None


class Childbirth(NamedTuple):
    """The lump sum, yen: for each child, in all, of it what the institution received and what the head receives."""

    per_child: int
    total: int
    to_institution: int
    to_head: int


def judge_childbirth(facts: ChildbirthFacts) -> Answer[Childbirth]:
    """The lump sum for a birth, yen; cannot be decided where the insurance on the day is not known."""
    return answered(_find(facts), rule=RULE, facts=facts, files=(BENEFITS_FILE,))


def _find(facts: ChildbirthFacts) -> Finding | Undecidable:
    before = before_the_figures(facts.born_on)
    if before is not None:
        return before
    rules = benefit_rules_on(facts.born_on)
    refused = _refused(facts, rules=rules)
    if isinstance(refused, Undecidable):
        return refused
    barred = bar(facts.born_on + ONE_DAY, applied_on=facts.applied_on)
    if isinstance(barred, Undecidable):
        return barred
    if refused is not None:
        return Finding(Childbirth(0, 0, 0, 0), (refused,), _opening(facts), (ARTICLE,))
    if facts.paid_to_institution is None:
        return lacking(
            "missing.paid_to_institution",
            text="医療機関等へ直接支払う額が分からないため、世帯主へ支給する額を計算できません。",
            missing=("直接支払制度・受取代理制度による額（使っていないときは0）",),
            citation=ARTICLE,
        )
    return _paid(facts, rules=rules, barred=barred, to_institution=facts.paid_to_institution)


def _refused(facts: ChildbirthFacts, *, rules: BenefitRules) -> Reason | Undecidable | None:
    if facts.is_insured is None:
        return lacking(
            "missing.insurance",
            text="出産の日の国保の資格が確認できません。",
            missing=("出産の日の国保の資格",),
            citation=ARTICLE,
        )
    if not facts.is_insured:
        return Reason("not_insured", "出産の日に国保の被保険者でないため、支給できません。", ARTICLE)
    if facts.pregnancy_days < rules.childbirth_minimum_days:
        text = f"妊娠{rules.childbirth_minimum_days}日未満の出産（流産等）のため、支給できません。"
        return Reason("too_early", text, ARTICLE)
    return _paid_elsewhere(facts.other, born_on=facts.born_on, rules=rules)


def _paid_elsewhere(
    other: OtherInsurance | None, *, born_on: date, rules: BenefitRules
) -> Reason | Undecidable | None:
    """資格喪失後の給付 (健康保険法第106条): a year of own membership, and the birth within six months of the loss."""
    if other is None or other.months_insured < rules.childbirth_other_membership:
        return None
    if born_on >= day_after_months(other.lost_on, months=rules.childbirth_other_months):
        return None
    if other.is_paid_there is None:
        return lacking(
            "missing.other_insurance",
            text="前の健康保険から出産育児一時金を受けられるため、どちらから受けるかの確認が要ります。",
            missing=("前の健康保険から支給を受けるかどうか",),
            citation=ARTICLE,
        )
    if not other.is_paid_there:
        return None
    return Reason("paid_elsewhere", "前の健康保険から支給を受けるため、国保からは支給できません。", ARTICLE)


def _opening(facts: ChildbirthFacts) -> tuple[Step, ...]:
    return (
        note("born_on", label="出産の日", value=facts.born_on, unit=DAY),
        note("pregnancy_days", label="妊娠の日数", value=facts.pregnancy_days, unit="日"),
    )


def _paid(facts: ChildbirthFacts, *, rules: BenefitRules, barred: TimeBar, to_institution: int) -> Finding:
    weeks = facts.pregnancy_days // DAYS_A_WEEK
    is_added = facts.has_compensation and weeks >= rules.childbirth_addition_weeks
    addition = rules.childbirth_addition if is_added else 0
    per_child = rules.childbirth + addition
    total = per_child * facts.children
    to_institution = min(total, to_institution)
    to_head = 0 if barred.is_barred else total - to_institution
    value = Childbirth(per_child, total, to_institution, to_head)
    steps = (
        *_opening(facts),
        note("weeks", label="在胎週数", value=weeks, unit="週"),
        note("base", label="出産育児一時金", value=rules.childbirth),
        note("addition", label="産科医療補償制度の加算", value=addition),
        note("children", label="子の数", value=facts.children, unit="人"),
        note("total", label="出産育児一時金の合計", value=total),
        note("to_institution", label="医療機関等へ直接支払う額", value=to_institution),
        note("to_head", label="世帯主へ支給する額", value=to_head),
        *bar_steps(barred),
    )
    text = f"出産育児一時金は{total:,}円（世帯主への支給は{to_head:,}円）です。"
    reasons = (Reason("benefit", text, ARTICLE), say_bar(barred))
    return Finding(value, reasons[::-1] if barred.is_barred else reasons, steps, (ARTICLE, AMOUNT))
