"""The assessment (賦課) of a year's premium: from the facts of a household to its premium with trace and reasons."""

from __future__ import annotations

from kyufu.law.calendar.ages import reaches_age_on
from kyufu.law.decision import Reason
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import Answer, Undecidable, answer_of, hash_facts
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.kokuho.premium.facts import Household, Member
from kyufu.law.kokuho.premium.lacking import without_facts, without_rates
from kyufu.law.kokuho.premium.months import WHOLE_YEAR
from kyufu.law.kokuho.premium.parts import PartFigures, exempted_by_maternity, figures_of
from kyufu.law.kokuho.premium.reduction import Reduction, judge_reduction
from kyufu.law.kokuho.premium.rules import YearRules, rules_of
from kyufu.law.kokuho.premium.spans import Span, all_former_months, base_day, spans_of, special_months
from kyufu.law.kokuho.premium.sums import HouseholdMonths, Stretch
from kyufu.law.kokuho.premium.telling import reasons_of, trace_of
from kyufu.law.kokuho.premium.value import PartPremium, Premium
from kyufu.law.records import maker

RULE = "kokuho-premium"
_premium, _part_premium = maker(Premium), maker(PartPremium)


def assess(household: Household, *, municipality: str) -> Answer[Premium]:
    """The year's premium (yen) of a household by the rates of a municipality.

    Cannot be decided where rates of the year, or an income of the year before it, are not known. Raises
    UnknownMunicipality. 国民健康保険法第76条・第81条、同施行令第29条の7、地方税法第703条の4・第703条の5。
    """
    rules = rules_of(municipality, fiscal_year=household.fiscal_year)
    if rules is None:
        return without_rates(
            household, rule=RULE, municipality=municipality, fiscal_year=household.fiscal_year
        )
    return assess_under(household, rules=rules)


def assess_under(household: Household, *, rules: YearRules) -> Answer[Premium]:
    """The same under given rules: for trials of rates, and for batches that resolve them once."""
    spans = spans_of(household, rules=rules)
    lacking = _lacking(household, spans=spans, rules=rules)
    if lacking is not None:
        return without_facts(household, rule=RULE, why=lacking, rules=rules)
    judged: list[tuple[Stretch, Reduction]] = []
    for months in _stretches(spans):
        reduction = _reduction_in(months, household=household, spans=spans, rules=rules)
        if isinstance(reduction, Undecidable):
            return without_facts(household, rule=RULE, why=reduction, rules=rules)
        judged.append((Stretch(months, reduction.tenths), reduction))
    return _answer(household, spans=spans, judged=judged, rules=rules)


def _answer(
    household: Household, *, spans: list[Span], judged: list[tuple[Stretch, Reduction]], rules: YearRules
) -> Answer[Premium]:
    stretches = [stretch for stretch, _ in judged]
    special, continued = special_months(household.companions, spans=spans, rules=rules)
    shared = HouseholdMonths(special, continued, all_former_months(spans))
    figures = figures_of(spans, stretches=stretches, shared=shared, rules=rules)
    exempted = exempted_by_maternity(figures, spans=spans, stretches=stretches, shared=shared, rules=rules)
    value = _value(figures, tenths=judged[0][1].tenths, exempted=exempted, rules=rules)
    return answer_of(
        (
            RULE,
            rules.municipality,
            value,
            reasons_of(value, judged=judged, spans=spans, rules=rules),
            trace_of(value, spans=spans, judged=judged, shared=shared, figures=figures, rules=rules),
            rules.citations,
            rules.version,
            hash_facts(household, rule=RULE),
        )
    )


def _value(figures: list[PartFigures], *, tenths: int, exempted: int, rules: YearRules) -> Premium:
    parts = tuple(
        [
            _part_premium(
                (
                    each.part,
                    each.months,
                    each.income,
                    each.asset,
                    each.per_person,
                    each.per_household,
                    each.reduction,
                    each.over_ceiling,
                    each.amount,
                )
            )
            for each in figures
        ]
    )
    total = rules.rounding.total([each.exact for each in figures])
    return _premium((rules.fiscal_year, total, figures[0].months, tenths, parts, exempted))


def _stretches(spans: list[Span]) -> list[int]:
    """The months of the year cut where somebody's income begins or ends to count at 30/100; those owed by nobody go."""
    cut = [WHOLE_YEAR]
    owed = 0
    for span in spans:
        owed |= span.enrolled
    for span in spans:
        if span.relieved and span.relieved != owed:
            cut = [part for each in cut for part in (each & ~span.relieved, each & span.relieved) if part]
    return [each & owed for each in cut if each & owed] or cut[:1]


def _reduction_in(
    months: int, *, household: Household, spans: list[Span], rules: YearRules
) -> Reduction | Undecidable:
    eased = {span.member.ref for span in spans if span.relieved & months}

    def income_of(member: Member) -> MemberIncome:
        if member.unemployment is not None and member.ref in eased:
            return member.unemployment.income
        return member.income

    on = base_day(household, fiscal_year=rules.fiscal_year)
    return judge_reduction(household, on=on, income_of=income_of, national=rules.national)


def _lacking(household: Household, *, spans: list[Span], rules: YearRules) -> Undecidable | None:
    """What must be known and is not: incomes of the year before, base incomes of who owes, asset tax where levied."""
    year = rules.fiscal_year - 1
    for companion in household.companions:
        if companion.income.income_year != year:
            return _wrong_year(companion.ref, year=year)
    for span in spans:
        member = span.member
        if _is_young_dependant(member, rules=rules):
            return _no_former_dependant(member.ref, age=rules.national.former_dependant_age)
        for income in _used_incomes(span):
            if income.income_year != year:
                return _wrong_year(member.ref, year=year)
            if span.enrolled and income.base_income is None and not _is_exempt(member, rules=rules):
                return _unknown_base(member.ref, declared=income.declared)
        if span.enrolled and member.asset_tax is None and rules.levies_assets:
            text = f"{member.ref} の固定資産税額が分からないため、資産割を計算できません"
            return Undecidable((Reason("asset.unknown", text),), (f"{member.ref} の固定資産税額",))
    return None


def _used_incomes(span: Span) -> tuple[MemberIncome, ...]:
    unemployment = span.member.unemployment
    if unemployment is None or not span.relieved:
        return (span.member.income,)
    return span.member.income, unemployment.income


def _is_exempt(member: Member, *, rules: YearRules) -> bool:
    return member.former_dependant_since is not None and rules.national.former_dependant_income_exempt


def _is_young_dependant(member: Member, *, rules: YearRules) -> bool:
    since, age = member.former_dependant_since, rules.national.former_dependant_age
    return since is not None and since < reaches_age_on(member.birth_date, age=age)


def _no_former_dependant(ref: str, *, age: int) -> Undecidable:
    text = f"{ref} は{age}歳に達する前に資格を取得しているため、旧被扶養者になりません"
    return Undecidable((Reason("former_dependant.too_young", text),), (f"{ref} の旧被扶養者の資格の確認",))


def _wrong_year(ref: str, *, year: int) -> Undecidable:
    text = f"{ref} の所得は{year}年中のものでなければなりません（前年中の所得により賦課します）"
    return Undecidable((Reason("income.wrong_year", text),), (f"{ref} の{year}年中の所得",))


def _unknown_base(ref: str, *, declared: Declared) -> Undecidable:
    why = "申告されていない" if declared is Declared.NO else "分からない"
    text = f"{ref} の旧ただし書所得が{why}ため、所得割を計算できません（0円とはみません）"
    return Undecidable((Reason("income.base_unknown", text),), (f"{ref} の旧ただし書所得（又は所得の申告）",))
