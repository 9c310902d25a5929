"""High-cost medical expenses of a month (高額療養費, 国保法第57条の2): the steps by age, household and the whole.

Out-patient care of each person from 70 on; the person who turns 75, with half ceilings; the household from 70 on; the
whole household, in which under 70 only what reaches 21,000 yen counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.wareki import format_wareki_month
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.ceilings import counts_several
from kyufu.law.kokuho.benefits.claims import Claim, Item, Setting, gather
from kyufu.law.kokuho.benefits.classes import (
    FROM_70_LABELS,
    UNDER_70_LABELS,
    Classes,
    From70,
    Household,
    Judged,
    Under70,
    classes_of,
)
from kyufu.law.kokuho.benefits.household import AgeGroup, Member, age_group, fault_of_members, share_tenths
from kyufu.law.kokuho.benefits.noting import (
    ACT,
    CLASS,
    ORDER,
    SOURCE,
    Finding,
    answered,
    lacking,
    note,
    say_month,
)
from kyufu.law.kokuho.benefits.parameters import (
    HIGH_COST_FILE,
    HIGH_COST_FILES,
    Limit,
    limit_on,
    registered_from,
    rules_on,
)
from kyufu.law.kokuho.benefits.stages import (
    Case,
    Stage,
    give_from_70,
    give_household,
    give_outpatient,
    give_specified,
    give_turning_75,
)

RULE = "kokuho-highcost"
BENEFIT = Citation(ACT, "第57条の2", "assumed")
PAID_IN_FULL = Reason(
    "paid_in_full",
    "窓口で支払った額の書かれていない明細は、一部負担金の全額を支払ったとみて計算しました（現物給付の有無を確かめてください）。",
)


@dataclass(frozen=True, slots=True)
class HighCostFacts:
    """The household and its claims of a month.

    `earlier_months` are those in which the household had high-cost benefits (世帯単位、現物給付を含む; those of
    out-patient care alone do not count). Where the classes are certified already, `under_70` and `from_70` give
    them and the incomes may be left out.
    """

    month: YearMonth
    members: tuple[Member, ...]
    claims: tuple[Claim, ...]
    earlier_months: tuple[YearMonth, ...] = ()
    income_test_applied: bool = False
    under_70: Under70 | None = None
    from_70: From70 | None = None

    def fault(self) -> tuple[str, str] | None:
        """Names that do not fit."""
        names = {member.name for member in self.members}
        if any(claim.person not in names for claim in self.claims):
            return "claims", "世帯にいない人の明細があります"
        return fault_of_members(self.members, month=self.month)


class PersonShare(NamedTuple):
    """One person's part of the benefit and of what is still to be paid, yen."""

    name: str
    benefit: int
    payable: int


class HighCost(NamedTuple):
    """The benefit of a month, yen.

    `benefit` is all of it, made of the steps: specified diseases (特定疾病), out-patient care, the person who turns 75,
    the household from 70 on, the whole household. `payable` is what was not yet given in kind at the counter; `burden`
    is what the household bears in the end of everything claimed. `counts_as_several` tells whether the month counts
    for 多数回.
    """

    benefit: int
    payable: int
    specified: int
    outpatient: int
    turning_75: int
    from_70: int
    household: int
    burden: int
    counts_as_several: bool
    shares: tuple[PersonShare, ...]


def judge_high_cost(facts: HighCostFacts) -> Answer[HighCost]:
    """The high-cost benefit of a month: yen, per person, with its trace (国保法第57条の2, 施行令第29条の2).

    Cannot be decided where the class lacks an income, or the month lies outside the tables.
    """
    return answered(_find(facts), rule=RULE, facts=facts, files=HIGH_COST_FILES)


def _find(facts: HighCostFacts) -> Finding | Undecidable:
    first = registered_from(HIGH_COST_FILE, table="from_70")
    if facts.month.first_day < first:
        return lacking(
            "missing.rules",
            text=f"この診療月の限度額が登録されていません（{format_wareki_month(first)}以後の分があります）。",
            missing=(f"{say_month(facts.month)}の限度額",),
        )
    judged = _classes(facts)
    if isinstance(judged, Undecidable):
        return judged
    case = _case(facts, classes=judged.classes)
    if isinstance(case, Undecidable):
        return case
    found = _compute(case, judged=judged, earlier=facts.earlier_months)
    if found.value.benefit and any(claim.paid is None and claim.cost for claim in facts.claims):
        return found._replace(reasons=(*found.reasons, PAID_IN_FULL))
    return found


def _classes(facts: HighCostFacts) -> Judged | Undecidable:
    rules = rules_on(facts.month.first_day)
    groups = {age_group(m.birth_date, month=facts.month, rules=rules) for m in facts.members if m.insured}
    stated = Classes(facts.under_70, facts.from_70)
    has_needed = (stated.under_70 or AgeGroup.UNDER_70 not in groups) and (
        stated.from_70 or AgeGroup.FROM_70 not in groups
    )
    if has_needed:
        return Judged(stated, (), (), ())
    judged = classes_of(Household(facts.month, facts.members, facts.income_test_applied))
    if isinstance(judged, Undecidable):
        return judged
    found = judged.classes
    classes = Classes(stated.under_70 or found.under_70, stated.from_70 or found.from_70)
    return judged._replace(classes=classes)


def _case(facts: HighCostFacts, *, classes: Classes) -> Case | Undecidable:
    rules, month = rules_on(facts.month.first_day), facts.month
    members = {member.name: member for member in facts.members}
    groups = {name: age_group(m.birth_date, month=month, rules=rules) for name, m in members.items()}
    claimed = {claim.person for claim in facts.claims}
    gone = sorted(
        name for name in claimed if groups[name] is AgeGroup.LATE_ELDERLY or not members[name].insured
    )
    if gone:
        return lacking(
            "missing.insurance",
            text="この月に国保の被保険者でない人の明細があります。",
            missing=tuple(f"{name}の国保の資格" for name in gone),
            citation=BENEFIT,
        )
    is_active = classes.from_70 is not None and classes.from_70.is_active
    tenths = {
        name: share_tenths(members[name].birth_date, month=month, is_active=is_active, rules=rules)
        for name in claimed
    }
    limits = {table: _limit(month, table=table, code=code) for table, code in classes._asdict().items()}
    unknown = [
        table for table, code in classes._asdict().items() if code is not None and limits[table] is None
    ]
    if unknown:
        return lacking(
            "missing.rules",
            text="この診療月の限度額が登録されていません（国保の令和9年8月以後の区分と限度額は公表資料で確認できません）。",
            missing=(f"{say_month(month)}の自己負担限度額",),
        )
    several = counts_several(facts.earlier_months, month=month, rules=rules) >= rules.several_months
    items = gather(facts.claims, tenths=tenths)
    return Case(month, members, groups, items, limits["under_70"], limits["from_70"], several, rules)


def _limit(month: YearMonth, *, table: str, code: str | None) -> Limit | None:
    return None if code is None else limit_on(month.first_day, table=table, code=code)


def _compute(case: Case, *, judged: Judged, earlier: Sequence[YearMonth]) -> Finding:
    specified, items = give_specified(case)
    seniors = [item for item in items if case.groups[item.person] is AgeGroup.FROM_70]
    young = [item for item in items if case.groups[item.person] is AgeGroup.UNDER_70]
    counted = [item for item in young if item.tested >= case.rules.minimum_item]
    outpatient = give_outpatient(case, items=seniors)
    turning = give_turning_75(case, items=seniors, left=outpatient.left)
    from_70 = give_from_70(case, items=seniors, left=turning.left)
    household = give_household(case, seniors=seniors, counted=counted, left=from_70.left)
    stages = (specified, outpatient, turning, from_70, household)
    shares = _share_out(case, stages=stages)
    benefit = sum(stage.total for stage in stages)
    paid = sum(item.paid for item in case.items)
    payable = sum(each.payable for each in shares)
    value = HighCost(
        benefit,
        payable,
        specified.total,
        outpatient.total,
        turning.total,
        from_70.total,
        household.total,
        paid - payable,
        bool(turning.total or from_70.total or household.total),
        shares,
    )
    steps = (
        *judged.steps,
        *_opening(case, earlier=earlier),
        *_item_steps(case, left_out=[item for item in young if item not in counted]),
        *(step for stage in stages for step in stage.steps),
        note("benefit", label="高額療養費の額", value=benefit),
        note("paid", label="窓口で支払った額の合計", value=paid),
        note("payable", label="支給する額（窓口での現物給付を除く）", value=payable),
    )
    return Finding(value, (_say(value), *judged.reasons), steps, (*_citations(case), *judged.citations))


def _say(value: HighCost) -> Reason:
    if not value.benefit:
        return Reason(
            "not_over", "一部負担金が自己負担限度額を超えないため、高額療養費はありません。", BENEFIT
        )
    text = f"高額療養費は{value.benefit:,}円、このうち支給する額は{value.payable:,}円です。"
    return Reason("benefit", text, BENEFIT)


def _citations(case: Case) -> Iterable[Citation]:
    yield BENEFIT
    yield Citation(ORDER, "第29条の2（支給の要件と額）", "assumed")
    for limit in (case.under_70, case.from_70):
        if limit is not None:
            yield Citation(ORDER, f"第29条の3（自己負担限度額：{limit.label}）", limit.certainty)


def _opening(case: Case, *, earlier: Sequence[YearMonth]) -> Iterable[Step]:
    yield note("month", label="診療月", value=say_month(case.month), unit="年月")
    if case.under_70 is not None:
        label = UNDER_70_LABELS[Under70(case.under_70.code)]
        yield note("class_under_70", label="70歳未満（世帯全体）の所得区分", value=label, unit=CLASS)
        yield note("source_under_70", label="限度額の出典", value=case.under_70.source, unit=SOURCE)
    if case.from_70 is not None:
        label = FROM_70_LABELS[From70(case.from_70.code)]
        yield note("class_from_70", label="70歳以上の所得区分", value=label, unit=CLASS)
        yield note("source_from_70", label="限度額の出典", value=case.from_70.source, unit=SOURCE)
    months = counts_several(earlier, month=case.month, rules=case.rules)
    yield note("several_months", label="直近12か月（当月を除く）の支給月数", value=months, unit="か月")


def _item_steps(case: Case, *, left_out: Sequence[Item]) -> Iterable[Step]:
    for item in case.items:
        where = _where(item)
        yield note("item_cost", label=f"{where}：医療費（10割）", value=item.cost)
        yield note("item_burden", label=f"{where}：一部負担金", value=item.burden)
    for item in left_out:
        text = f"対象外（{case.rules.minimum_item:,}円未満）"
        yield note("item_left_out", label=f"{_where(item)}：合算", value=text, unit=CLASS)


def _where(item: Item) -> str:
    setting = "入院" if item.setting is Setting.INPATIENT else "外来"
    return f"{item.person} {item.facility} {setting}{'（公費併用分）' if item.is_public else ''}"


def _share_out(case: Case, *, stages: Sequence[Stage]) -> tuple[PersonShare, ...]:
    """Each person's benefit, and of it what is payable: less what the counter already gave that person in kind.

    As no benefit is larger than the person's burden, what is payable is at most what the person paid.
    """
    names = sorted({item.person for item in case.items})
    benefit = {name: sum(stage.given.get(name, 0) for stage in stages) for name in names}
    in_kind = dict.fromkeys(names, 0)
    for item in case.items:
        in_kind[item.person] += max(0, item.burden - item.paid)
    return tuple(PersonShare(name, benefit[name], max(0, benefit[name] - in_kind[name])) for name in names)
