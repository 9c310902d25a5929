"""Special collection from the pension (特別徴収): who it falls on, and how much is withheld when.

The pension's months are April, June, August (仮徴収) and October, December, February (本徴収).
国民健康保険法第76条の3・第76条の4、地方税法第706条。
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.ages import age_at_end_of, reaches_age_on
from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.wareki import format_wareki_month
from kyufu.law.calendar.years import fiscal_year as fiscal_year_of
from kyufu.law.decision import Citation, Quantity, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable, hash_facts
from kyufu.law.kokuho.premium.facts import fault_of_year
from kyufu.law.kokuho.premium.instalments import split
from kyufu.law.kokuho.premium.lacking import without_facts, without_rates
from kyufu.law.kokuho.premium.parameters import CollectionRules
from kyufu.law.kokuho.premium.rounding import cut
from kyufu.law.kokuho.premium.rules import YearRules, first_day_of, rules_of

RULE = "kokuho-special-collection"
ARTICLES = {"premium": ("国民健康保険法", "第76条の3・第76条の4"), "tax": ("地方税法", "第706条")}
PROVISIONAL_MONTHS, MAIN_MONTHS = (4, 6, 8), (10, 12, 2)


class Start(StrEnum):
    """Since when the pension is withheld from: the year before, this April, or this October."""

    CONTINUED = "continued"
    APRIL = "april"
    OCTOBER = "october"


class SpecialCollectionFacts(NamedTuple):
    """The head, the insured of the household, the head's pension and the premiums of the year (yen).

    `last_february` is what was withheld in February before (a continued collection), `last_total` the premium of the
    year before (one that begins in April).
    """

    fiscal_year: int
    head_is_insured: bool
    head_birth_date: date
    member_birth_dates: tuple[date, ...]
    pension: int
    care_is_withheld: bool
    care_premium: int
    total: int
    pays_by_transfer: bool
    start: Start
    last_february: int | None = None
    last_total: int | None = None

    def fault(self) -> tuple[str, str] | None:
        """Negative amounts, a year before these rules, nobody insured, an insured head who is not among them."""
        if not self.member_birth_dates:
            return "member_birth_dates", "被保険者がいません"
        if self.head_is_insured and self.head_birth_date not in self.member_birth_dates:
            return "member_birth_dates", "被保険者である世帯主の生年月日がありません"
        amounts = (self.pension, self.care_premium, self.total, self.last_february or 0, self.last_total or 0)
        if min(amounts) < 0:
            return "total", "負の額は使えません"
        return fault_of_year(self.fiscal_year)


class Withheld(NamedTuple):
    """What is withheld in a month in which the pension is paid, yen."""

    month: YearMonth
    amount: int


class SpecialCollection(NamedTuple):
    """Whether the pension is withheld from; the amounts, what is left to ordinary collection, what is given back."""

    applies: bool
    withheld: tuple[Withheld, ...]
    ordinary: int
    refund: int


NOT_WITHHELD = (
    ("head_not_insured", "世帯主が国民健康保険の被保険者ではありません"),
    ("member_of_other_age", "65歳未満の被保険者がいるか、75歳以上の人がいます"),
    ("head_turns_75", "世帯主がこの年度に75歳になります"),
    ("pension_small", "年金の年額が基準額に足りません"),
    ("care_not_withheld", "介護保険料が年金から特別徴収されていません"),
    ("over_share", "介護保険料との合計が年金額の2分の1を超えます"),
    ("transfer", "口座振替による納付を選んでいます"),
)


def hindrances(facts: SpecialCollectionFacts, *, rules: CollectionRules) -> tuple[Reason, ...]:
    """Each condition that is not met as of 1 April; none where the pension is withheld from."""
    on = first_day_of(facts.fiscal_year)
    seniors = range(rules.youngest_age, rules.oldest_age)
    head_leaves = fiscal_year_of(reaches_age_on(facts.head_birth_date, age=rules.oldest_age) + ONE_DAY)
    met = (
        facts.head_is_insured,
        all(age_at_end_of(each, day=on) in seniors for each in facts.member_birth_dates),
        head_leaves != facts.fiscal_year,
        facts.pension >= rules.pension_least,
        facts.care_is_withheld,
        (facts.care_premium + facts.total) * 10 <= facts.pension * rules.pension_share_tenths,
        not facts.pays_by_transfer,
    )
    return tuple(Reason(code, text) for (code, text), held in zip(NOT_WITHHELD, met, strict=True) if not held)


def withhold(facts: SpecialCollectionFacts, *, rules: CollectionRules) -> SpecialCollection | Undecidable:
    """The amounts of the year: three provisional ones alike, the rest in three with the remainder in October.

    One that begins in October withholds a sixth of the year three times; the other half is collected ordinarily.
    """
    unit, times, year = rules.special_unit, rules.special_times, facts.fiscal_year
    if facts.start is Start.OCTOBER:
        each = cut(facts.total // times, unit=unit)
        withheld = _months(year, months=MAIN_MONTHS, amounts=(each,) * len(MAIN_MONTHS))
        return SpecialCollection(True, withheld, facts.total - each * len(MAIN_MONTHS), 0)
    provisional = facts.last_february
    if facts.start is Start.APRIL:
        provisional = None if facts.last_total is None else cut(facts.last_total // times, unit=unit)
    if provisional is None:
        what = "前年度2月の特別徴収額" if facts.start is Start.CONTINUED else "前年度の年額"
        return Undecidable(
            (Reason("provisional.unknown", f"{what}が分からないため、仮徴収額を計算できません"),), (what,)
        )
    rest = facts.total - provisional * len(PROVISIONAL_MONTHS)
    main = split(max(rest, 0), into=len(MAIN_MONTHS), unit=unit, remainder="first")
    withheld = (
        *_months(year, months=PROVISIONAL_MONTHS, amounts=(provisional,) * len(PROVISIONAL_MONTHS)),
        *_months(year, months=MAIN_MONTHS, amounts=main),
    )
    return SpecialCollection(True, withheld, 0, max(-rest, 0))


def _months(year: int, *, months: tuple[int, ...], amounts: tuple[int, ...]) -> tuple[Withheld, ...]:
    return tuple(
        Withheld(YearMonth(year + (month < PROVISIONAL_MONTHS[0]), month), amount)
        for month, amount in zip(months, amounts, strict=True)
    )


def judge_special_collection(
    facts: SpecialCollectionFacts, *, municipality: str
) -> Answer[SpecialCollection]:
    """Whether and how much is withheld, as an answer; cannot be decided without what the provisional part rests on."""
    rules = rules_of(municipality, fiscal_year=facts.fiscal_year)
    if rules is None:
        return without_rates(facts, rule=RULE, municipality=municipality, fiscal_year=facts.fiscal_year)
    cited = _cited(rules)
    against = hindrances(facts, rules=rules.collection)
    found = NOTHING_WITHHELD if against else withhold(facts, rules=rules.collection)
    if isinstance(found, Undecidable):
        return without_facts(facts, rule=RULE, why=found, rules=rules)._replace(citations=cited)
    value = found if found.applies else found._replace(ordinary=facts.total)
    return Answer(
        RULE,
        municipality,
        value,
        against or (Reason("special_collection", "年金から特別徴収します"),),
        tuple(_steps(facts, found=value, rules=rules.collection)),
        cited,
        rules.version,
        hash_facts(facts, rule=RULE),
    )


def _cited(rules: YearRules) -> tuple[Citation, ...]:
    law, article = ARTICLES[rules.municipal.levy]
    unit = f"（{rules.collection.special_unit}円未満切捨て、残りは10月。公表資料で未確認）"
    return Citation(law, article, "assumed"), Citation("特別徴収の端数", unit, "assumed")


NOTHING_WITHHELD = SpecialCollection(False, (), 0, 0)


def _steps(facts: SpecialCollectionFacts, *, found: SpecialCollection, rules: CollectionRules) -> list[Step]:
    steps = [
        Step(Quantity("total", "年額", "円"), facts.total),
        Step(Quantity("pension", "年金の年額", "円"), facts.pension),
        Step(Quantity("pension_least", "特別徴収の対象となる年金の年額（以上）", "円"), rules.pension_least),
        Step(Quantity("care_premium", "介護保険料の年額", "円"), facts.care_premium),
        Step(Quantity("together", "介護保険料との合計", "円"), facts.care_premium + facts.total),
        Step(
            Quantity("together_limit", "合計の上限（年金の年額の2分の1）", "円"),
            facts.pension * rules.pension_share_tenths // 10,
        ),
    ]
    for month, amount in found.withheld:
        kind = "仮徴収" if month.month in PROVISIONAL_MONTHS else "本徴収"
        label = f"{kind}（{format_wareki_month(month.first_day)}）"
        steps.append(Step(Quantity(f"withheld.{month}", label, "円"), amount))
    return [
        *steps,
        Step(Quantity("ordinary", "普通徴収による額", "円"), found.ordinary),
        Step(Quantity("refund", "減額により返す額", "円"), found.refund),
    ]
