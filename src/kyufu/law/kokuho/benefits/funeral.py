"""The benefit for a funeral (葬祭費, 国保法第58条第1項), of the amount that the municipality's ordinance says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.decision import Citation, Reason
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.noting import ACT, DAY, SOURCE, Finding, answered, lacking, note
from kyufu.law.kokuho.benefits.parameters import (
    BENEFITS_FILE,
    FUNERAL_FILE,
    benefit_rules_on,
    cite,
    funeral_on,
)
from kyufu.law.kokuho.benefits.timebar import bar, bar_steps, before_the_figures, day_after_months, say_bar
from kyufu.law.parameters.entries import Entry

RULE = "kokuho-funeral"
ARTICLE = Citation(ACT, "第58条第1項", "assumed")


@dataclass(frozen=True, slots=True)
class FuneralFacts:
    """A death and a funeral.

    `held_on` is the day of the funeral, None where none was held. `employees_insurance_lost_on` is the day on which
    the dead lost an own membership of an employees' insurance, and `is_paid_there` whether that one pays.
    """

    died_on: date
    applied_on: date
    is_insured: bool | None
    held_on: date | None
    employees_insurance_lost_on: date | None = None
    is_paid_there: bool | None = None

    def fault(self) -> tuple[str, str] | None:
        """A funeral or an application before the death."""
        if self.applied_on < self.died_on:
            return "applied_on", "死亡の日より前です"
        return ("held_on", "死亡の日より前です") if self.held_on and self.held_on < self.died_on else None


class Funeral(NamedTuple):
    """What is paid to who held the funeral, yen."""

    payment: int


def judge_funeral(facts: FuneralFacts, *, municipality: str) -> Answer[Funeral]:
    """The funeral benefit, yen; raises UnknownMunicipality where the municipality's amount is not registered."""
    found = _find(facts, municipality=municipality)
    files = (BENEFITS_FILE, FUNERAL_FILE)
    return answered(found, rule=RULE, facts=facts, files=files, municipality=municipality)


def _find(facts: FuneralFacts, *, municipality: str) -> Finding | Undecidable:
    row = funeral_on(facts.died_on, municipality=municipality)
    before = before_the_figures(facts.died_on)
    if before is not None:
        return before
    if row is None:
        return lacking(
            "missing.rules",
            text="死亡の日の葬祭費の額が登録されていません。",
            missing=("葬祭費の額",),
            citation=ARTICLE,
        )
    refused = _refused(facts)
    if isinstance(refused, Undecidable):
        return refused
    died = note("died_on", label="死亡の日", value=facts.died_on, unit=DAY)
    if refused is not None or facts.held_on is None:
        why = refused or Reason("no_funeral", "葬祭が行われていないため、支給できません。", ARTICLE)
        return Finding(Funeral(0), (why,), (died,), (ARTICLE,))
    return _paid(facts, row=row, held_on=facts.held_on)


def _paid(facts: FuneralFacts, *, row: Entry, held_on: date) -> Finding | Undecidable:
    barred = bar(held_on + ONE_DAY, applied_on=facts.applied_on)
    if isinstance(barred, Undecidable):
        return barred
    amount = int(row.columns["amount"])
    payment = 0 if barred.is_barred else amount
    steps = (
        note("died_on", label="死亡の日", value=facts.died_on, unit=DAY),
        note("held_on", label="葬祭を行った日", value=held_on, unit=DAY),
        note("amount", label=str(row.columns["label"]), value=amount),
        note("source", label="額の出典", value=row.source, unit=SOURCE),
        *bar_steps(barred),
        note("payment", label="支給する額", value=payment),
    )
    text = f"葬祭を行った方に葬祭費{payment:,}円を支給します。"
    reasons = () if barred.is_barred else (Reason("benefit", text, ARTICLE),)
    cited = cite(
        row, law=f"{str(row.columns['label']).partition(' ')[0]}国民健康保険条例", article="（葬祭費）"
    )
    return Finding(Funeral(payment), (*reasons, say_bar(barred)), steps, (ARTICLE, cited))


def _refused(facts: FuneralFacts) -> Reason | Undecidable | None:
    if facts.is_insured is None:
        return lacking(
            "missing.insurance",
            text="死亡の日の国保の資格が確認できません。",
            missing=("死亡の日の国保の資格",),
            citation=ARTICLE,
        )
    if not facts.is_insured:
        return Reason("not_insured", "死亡の日に国保の被保険者でないため、支給できません。", ARTICLE)
    lost_on = facts.employees_insurance_lost_on
    if lost_on is None:
        return None
    months = benefit_rules_on(facts.died_on).funeral_other_months
    if facts.died_on >= day_after_months(lost_on, months=months):
        return None
    if facts.is_paid_there is None:
        return lacking(
            "missing.other_insurance",
            text=f"前の健康保険の資格を失って{months}か月以内の死亡のため、前の健康保険からの支給の有無の確認が要ります。",
            missing=("前の健康保険から支給を受けるかどうか",),
            citation=ARTICLE,
        )
    if not facts.is_paid_there:
        return None
    return Reason("paid_elsewhere", "前の健康保険から支給を受けるため、国保からは支給できません。", ARTICLE)
