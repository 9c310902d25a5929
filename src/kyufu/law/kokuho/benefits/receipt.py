"""What a patient pays at one facility in one month (高額療養費の現物給付), with or without a public scheme beside.

As the published claim examples of the Ministry compute it (高額療養費の請求計算事例, 平成27年1月 and 平成30年8月).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.decision import Citation, Reason
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.ceilings import monthly_ceiling, outpatient_ceiling
from kyufu.law.kokuho.benefits.claims import TENTHS, Setting
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.noting import ORDER, Finding, answered, lacking, note, say_month
from kyufu.law.kokuho.benefits.parameters import HIGH_COST_FILES, Limit, Rules, limit_on, rules_on

RULE = "kokuho-receipt"
IN_KIND = Citation(ORDER, "第29条の4（現物給付）", "assumed")


class PublicKind(StrEnum):
    """Whose ceiling holds for the care shared with the scheme: the person's own class, or the common one."""

    DESIGNATED_DISEASE = "designated_disease"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """One claim, yen.

    `tenths` is the share of cost in tenths; `cost` the whole cost under the insurance alone, `public_cost` that shared
    with a public scheme, of which the scheme lets the patient bear `public_burden` (公費の自己負担).
    """

    month: YearMonth
    setting: Setting
    tenths: int
    cost: int
    under_70: Under70 | None = None
    from_70: From70 | None = None
    is_several: bool = False
    is_half: bool = False
    public_kind: PublicKind = PublicKind.OTHER
    public_cost: int = 0
    public_burden: int = 0

    def fault(self) -> tuple[str, str] | None:
        """Facts that cannot be."""
        if (self.under_70 is None) == (self.from_70 is None):
            return "under_70", "under_70 か from_70 のどちらか一方を書いてください"
        if not 1 <= self.tenths < TENTHS:
            return "tenths", "負担割合（割）が範囲の外です"
        if min(self.cost, self.public_cost, self.public_burden) < 0:
            return "cost", "負の額は使えません"
        return (
            ("public_burden", "公費の医療費を超えています") if self.public_burden > self.public_cost else None
        )


class Receipt(NamedTuple):
    """What the claim comes to, yen.

    `patient` is what the patient pays in all, `public_burden` the part of it under the public scheme, `public_share`
    what the insurance leaves of the shared care (before the scheme pays), `uncovered` what it leaves of everything.
    """

    patient: int
    public_burden: int
    public_share: int
    uncovered: int


class _Row(NamedTuple):
    facts: ReceiptFacts
    own: Limit
    common: Limit
    rules: Rules


def judge_receipt(facts: ReceiptFacts) -> Answer[Receipt]:
    """What the patient pays at one facility in a month, yen (国保法施行令第29条の4)."""
    return answered(_find(facts), rule=RULE, facts=facts, files=HIGH_COST_FILES)


def _find(facts: ReceiptFacts) -> Finding | Undecidable:
    row = _row(facts)
    if isinstance(row, Undecidable):
        return row
    value = _compute(row)
    reason = Reason("patient", f"窓口での負担は{value.patient:,}円です。", IN_KIND)
    steps = (
        note("cost", label="保険単独の医療費（10割）", value=facts.cost),
        note("public_cost", label="公費併用の医療費（10割）", value=facts.public_cost),
        note("own_ceiling", label="保険単独分の限度額", value=_ceiling(row, limit=row.own, cost=facts.cost)),
        note("public_share", label="公費併用分の一部負担金（公費の支払い前）", value=value.public_share),
        note("public_burden", label="公費の自己負担", value=value.public_burden),
        note(
            "whole_ceiling",
            label="合算した限度額",
            value=_ceiling(row, limit=row.own, cost=facts.cost + facts.public_cost),
        ),
        note("patient", label="窓口での負担", value=value.patient),
    )
    cited = Citation(ORDER, f"第29条の3（自己負担限度額：{row.own.label}）", row.own.certainty)
    return Finding(value, (reason,), steps, (IN_KIND, cited))


def _row(facts: ReceiptFacts) -> _Row | Undecidable:
    code, table = (facts.under_70, "under_70") if facts.under_70 is not None else (facts.from_70, "from_70")
    common = Under70.U if table == "under_70" else _common_from_70(facts)
    on = facts.month.first_day
    own = limit_on(on, table=table, code=str(code))
    shared = limit_on(on, table=table, code=common)
    if own is None or shared is None:
        return lacking(
            "missing.rules",
            text="この診療月の限度額が登録されていません。",
            missing=(f"{say_month(facts.month)}の自己負担限度額",),
        )
    rules = rules_on(on)
    if facts.tenths not in _tenths(facts, rules=rules):
        return lacking(
            "contradictory.tenths",
            text=f"{own.label}の人の負担割合は{facts.tenths}割ではありません。",
            missing=("負担割合か所得区分の確認",),
            citation=IN_KIND,
        )
    shared = own if facts.public_kind is PublicKind.DESIGNATED_DISEASE else shared
    return _Row(facts, own, shared, rules)


def _tenths(facts: ReceiptFacts, *, rules: Rules) -> tuple[int, ...]:
    """The shares of cost that a person of the class can have (国保法第42条)."""
    if facts.from_70 is None:
        return rules.share_preschool, rules.share_standard
    return (rules.share_active,) if facts.from_70.is_active else (rules.share_senior, rules.share_special)


def _common_from_70(facts: ReceiptFacts) -> From70:
    """現役並み所得者 have no class of their own beside another public scheme than that of designated diseases."""
    is_active = facts.from_70 is not None and facts.from_70.is_active
    return From70.ACTIVE_1 if is_active else From70.GENERAL


def _compute(row: _Row) -> Receipt:
    facts = row.facts
    own = min(facts.cost * facts.tenths // TENTHS, _ceiling(row, limit=row.own, cost=facts.cost))
    nominal = facts.public_cost * facts.tenths // TENTHS
    common = row._replace(facts=_once(facts))
    share = min(nominal, _ceiling(common, limit=row.common, cost=facts.public_cost))
    borne = min(facts.public_burden, share)
    patient = own + borne
    counts = facts.from_70 is not None or nominal >= row.rules.minimum_item
    if counts and facts.public_cost:
        whole = _ceiling(row, limit=row.own, cost=facts.cost + facts.public_cost)
        patient = max(borne, min(patient, whole))
    return Receipt(patient, borne, share, share + patient - borne)


def _once(facts: ReceiptFacts) -> ReceiptFacts:
    """The same claim with the ceilings of the first time: the several-times rule speaks of the insurance alone."""
    return replace(facts, is_several=False)


def _ceiling(row: _Row, *, limit: Limit, cost: int) -> int:
    facts = row.facts
    if facts.setting is Setting.OUTPATIENT:
        outpatient = outpatient_ceiling(limit, is_half=facts.is_half, rules=row.rules)
        if outpatient is not None:
            return outpatient
    return monthly_ceiling(
        limit, cost=cost, is_several=facts.is_several, is_half=facts.is_half, rules=row.rules
    ).amount
