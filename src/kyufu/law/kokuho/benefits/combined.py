"""High combined medical and care expenses of a year (高額介護合算療養費, 国保法第57条の3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.classes import From70, Under70
from kyufu.law.kokuho.benefits.noting import ACT, SOURCE, Finding, answered, lacking, note, say_month
from kyufu.law.kokuho.benefits.parameters import (
    BENEFITS_FILE,
    HIGH_COST_FILES,
    amount_on,
    benefit_rules_on,
    cite,
)
from kyufu.law.kokuho.benefits.sharing import share
from kyufu.law.kokuho.benefits.years import first_month_of, first_year, last_day_of, year_fault
from kyufu.law.parameters.entries import Entry

RULE = "kokuho-combined"
ARTICLE = Citation(ACT, "第57条の3", "assumed")
ROUNDING = Citation("按分の端数", "（1円未満は端数の大きい順に1円ずつ。公表資料で未確認）", "assumed")


@dataclass(frozen=True, slots=True)
class PersonYear:
    """What one person bore in the year after the high-cost benefits of both insurances, yen.

    `medical` holds, under 70, only what came from items of 21,000 yen or more. Meals, room and board are left out.
    """

    name: str
    is_from_70: bool
    medical: int
    care: int

    def fault(self) -> tuple[str, str] | None:
        """Amounts cannot be negative."""
        return ("medical", "負の額は使えません") if min(self.medical, self.care) < 0 else None


@dataclass(frozen=True, slots=True)
class CombinedFacts:
    """A household's year from August `year`; the classes are those of its last day (基準日 7月31日)."""

    year: int
    people: tuple[PersonYear, ...]
    under_70: Under70 | None = None
    from_70: From70 | None = None

    def fault(self) -> tuple[str, str] | None:
        """Two of one name."""
        names = [person.name for person in self.people]
        twice = ("people", "同じ名前の人が二人います") if len(set(names)) != len(names) else None
        return twice or year_fault(self.year)


class CombinedShare(NamedTuple):
    """One person's part, yen: what the medical insurance pays and what the care insurance pays."""

    name: str
    medical: int
    care: int


class Combined(NamedTuple):
    """The payment of a year, yen: of the persons from 70 on, of the whole household, and by insurance."""

    payment: int
    from_70: int
    household: int
    medical: int
    care: int
    shares: tuple[CombinedShare, ...]


class _Pool(NamedTuple):
    """What each person still bears in medical and in care, keyed by name and kind."""

    left: Mapping[tuple[str, str], int]

    def of(self, kind: str) -> int:
        return sum(amount for (_, each), amount in self.left.items() if each == kind)


class _Stage(NamedTuple):
    given: Mapping[tuple[str, str], int]
    total: int
    steps: tuple[Step, ...]
    citations: tuple[Citation, ...]


MEDICAL, CARE = "medical", "care"
NOTHING = _Stage({}, 0, (), ())


def judge_combined(facts: CombinedFacts) -> Answer[Combined]:
    """The combined benefit of a year, yen: first the persons from 70 on, then the household.

    Nothing is paid where either insurance saw no burden, nor up to 500 yen; what is paid is shared by burden between
    the two insurances and among the persons.
    """
    return answered(_find(facts), rule=RULE, facts=facts, files=(BENEFITS_FILE, *HIGH_COST_FILES))


def _find(facts: CombinedFacts) -> Finding | Undecidable:
    if facts.year < first_year():
        return lacking(
            "missing.rules",
            text=f"{say_month(first_month_of(first_year()))}より前の基準は登録されていません。",
            missing=("年間の限度額",),
        )
    seniors = [person for person in facts.people if person.is_from_70]
    lack = _lacking_class(facts, seniors=seniors)
    if lack is not None:
        return lack
    pool = _pool(seniors)
    first = _stage("from_70", who="70歳以上", pool=pool, row=_row(facts, table="combined_from_70"))
    second = NOTHING
    if len(seniors) < len(facts.people):
        left = {key: amount - first.given.get(key, 0) for key, amount in pool.left.items()}
        left |= _pool([person for person in facts.people if not person.is_from_70]).left
        row = _row(facts, table="combined_under_70")
        second = _stage("household", who="世帯全体", pool=_Pool(left), row=row)
    return _answer(facts, first=first, second=second)


def _lacking_class(facts: CombinedFacts, *, seniors: Sequence[PersonYear]) -> Undecidable | None:
    missing = []
    if seniors and facts.from_70 is None:
        missing.append("70歳以上の所得区分")
    if len(seniors) < len(facts.people) and facts.under_70 is None:
        missing.append("70歳未満の所得区分")
    if missing:
        return lacking(
            "missing.class",
            text="所得区分が分からないため、限度額が決まりません。",
            missing=missing,
            citation=ARTICLE,
        )
    if facts.from_70 is From70.LOW_1 and sum(1 for person in seniors if person.care) > 1:
        return lacking(
            "missing.low_1_care",
            text="低所得者Ⅰで介護の利用者が2人以上いる世帯は介護側の限度額が別に定められていますが、登録されていません。",
            missing=("低所得者Ⅰで介護の利用者が複数いる世帯の計算の基準",),
            citation=ARTICLE,
        )
    return None


def _pool(people: Sequence[PersonYear]) -> _Pool:
    return _Pool(
        {(p.name, kind): amount for p in people for kind, amount in ((MEDICAL, p.medical), (CARE, p.care))}
    )


def _row(facts: CombinedFacts, *, table: str) -> Entry | None:
    code = facts.from_70 if table == "combined_from_70" else facts.under_70
    return None if code is None else amount_on(last_day_of(facts.year), table=table, code=code)


def _stage(stage: str, *, who: str, pool: _Pool, row: Entry | None) -> _Stage:
    if row is None or not pool.left:
        return NOTHING
    limit = int(row.columns["amount"])
    burden = pool.of(MEDICAL) + pool.of(CARE)
    excess = max(0, burden - limit)
    least = benefit_rules_on(row.period.start).combined_minimum
    total = excess if excess > least and pool.of(MEDICAL) and pool.of(CARE) else 0
    given = share(total, among=pool.left)
    steps = (
        note(f"{stage}_medical", label=f"{who}：医療の自己負担", value=pool.of(MEDICAL)),
        note(f"{stage}_care", label=f"{who}：介護の自己負担", value=pool.of(CARE)),
        note(f"{stage}_limit", label=f"{who}：限度額（{row.columns['label']}）", value=limit),
        note(f"{stage}_source", label=f"{who}：限度額の出典", value=row.source, unit=SOURCE),
        note(f"{stage}_excess", label=f"{who}：限度額を超える額", value=excess),
        note(f"{stage}_payment", label=f"{who}：支給する額（{least}円以下は支給しない）", value=total),
    )
    return _Stage(given, total, steps, (cite(row, law="高額介護合算療養費の限度額", article=who),))


def _answer(facts: CombinedFacts, *, first: _Stage, second: _Stage) -> Finding:
    def given(name: str, kind: str) -> int:
        return first.given.get((name, kind), 0) + second.given.get((name, kind), 0)

    shares = tuple(
        CombinedShare(person.name, given(person.name, MEDICAL), given(person.name, CARE))
        for person in sorted(facts.people, key=lambda each: each.name)
    )
    medical, care = sum(each.medical for each in shares), sum(each.care for each in shares)
    value = Combined(first.total + second.total, first.total, second.total, medical, care, shares)
    steps = (
        *first.steps,
        *second.steps,
        note("payment", label="支給する額の合計", value=value.payment),
        note("payment_medical", label="うち医療保険からの支給額", value=medical),
        note("payment_care", label="うち介護保険からの支給額", value=care),
    )
    cited = (ARTICLE, *first.citations, *second.citations, ROUNDING)
    return Finding(value, (_say(value, facts=facts),), steps, cited)


def _say(value: Combined, *, facts: CombinedFacts) -> Reason:
    if value.payment:
        text = (
            f"高額介護合算療養費は{value.payment:,}円（医療{value.medical:,}円、介護{value.care:,}円）です。"
        )
        return Reason("benefit", text, ARTICLE)
    if not sum(p.medical for p in facts.people) or not sum(p.care for p in facts.people):
        return Reason(
            "one_side_only", "医療と介護のどちらかの自己負担がないため、支給はありません。", ARTICLE
        )
    return Reason(
        "not_over", "自己負担の合計が限度額を超えないか、超える額がわずかなため、支給はありません。", ARTICLE
    )
