"""What an assessment tells besides its amounts: the trace, and the reasons in Japanese."""

from __future__ import annotations

from functools import lru_cache

from kyufu.law.calendar.months import MONTHS_A_YEAR
from kyufu.law.decision import Citation, Reason
from kyufu.law.kokuho.explain import say_fiscal_year
from kyufu.law.kokuho.premium.parts import PartFigures
from kyufu.law.kokuho.premium.quantities import (
    AMOUNTS,
    EASED,
    RATES,
    REDUCTION,
    TOTAL,
    YEAR,
    of_eased_member,
    of_member,
)
from kyufu.law.kokuho.premium.reduction import Reduction
from kyufu.law.kokuho.premium.rules import RATE_DENOMINATOR, PartRules, YearRules
from kyufu.law.kokuho.premium.spans import Span, is_relievable
from kyufu.law.kokuho.premium.sums import HouseholdMonths, Stretch
from kyufu.law.kokuho.premium.value import Premium
from kyufu.law.tracing import Block, Trace

UNEMPLOYED = {
    "premium": Citation("国民健康保険法施行令", "第29条の7の2", "secondary"),
    "tax": Citation("地方税法", "第703条の5の2", "secondary"),
}
_PERCENT = RATE_DENOMINATOR // 100


def trace_of(
    value: Premium,
    *,
    spans: list[Span],
    judged: list[tuple[Stretch, Reduction]],
    shared: HouseholdMonths,
    figures: list[PartFigures],
    rules: YearRules,
) -> Trace:
    """Every intermediate figure in order: the year, the reduction, each member, each part, the year's amount."""
    blocks: list[Block] = [(YEAR, (rules.fiscal_year, rules.municipal.label, rules.rounding.label))]
    blocks += [(REDUCTION, (stretch.months.bit_count(), *found)) for stretch, found in judged]
    for number, span in enumerate(spans, start=1):
        blocks += _of_member(span, number=number)
    for each, rates in zip(figures, rules.parts, strict=True):
        blocks.append(rates_block(rates))
        blocks.append((AMOUNTS[each.part], each[1:11]))
    special, continued, _ = shared
    if special or continued or value.maternity_exempted:
        eased = (special.bit_count(), continued.bit_count(), value.maternity_exempted)
        blocks.append((EASED, eased))
    blocks.append((TOTAL, (value.months, value.total)))
    return Trace(tuple(blocks))


def _of_member(span: Span, *, number: int) -> list[Block]:
    member, enrolled, care, relieved, maternity, former, preschool, minor = span
    owed = (member.ref, enrolled.bit_count(), care.bit_count(), member.income.base_income)
    blocks: list[Block] = [(of_member(number), owed)]
    if relieved or maternity or former or minor:
        eased = (relieved.bit_count(), maternity.bit_count(), preschool, minor, former.bit_count())
        blocks.append((of_eased_member(number), eased))
    return blocks


@lru_cache(maxsize=4096)
def rates_block(rates: PartRules) -> Block:
    """The steps of a part's rates, the same for everybody; what the municipality does not levy is left out."""
    part, income_rate, asset_rate, person, adult, household, ceiling = rates
    asset = _percent(asset_rate) if asset_rate else None
    values = (_percent(income_rate), asset, person, adult or None, household, ceiling)
    kept = [
        (quantity, value) for quantity, value in zip(RATES[part], values, strict=True) if value is not None
    ]
    return tuple(quantity for quantity, _ in kept), tuple(value for _, value in kept)


def _percent(rate: int) -> str:
    whole, rest = divmod(rate, _PERCENT)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") + "%"


def reasons_of(
    value: Premium,
    *,
    judged: list[tuple[Stretch, Reduction]],
    spans: list[Span],
    rules: YearRules,
) -> tuple[Reason, ...]:
    """The result in one sentence, then each thing that eased it or kept it from being eased."""
    year, order = _year_said(rules.fiscal_year), rules.citations[0]
    if not value.months:
        text = f"{year}に{rules.levy_label}のかかる月がありません（被保険者の期間と75歳の誕生日を確かめてください）"
        return (Reason("premium.no_months", text),)
    reasons = [
        Reason("premium", f"{year}の{rules.levy_label}は年額 {value.total:,}円です"),
        *(_said(found, stretch=stretch, several=len(judged) > 1, rules=rules) for stretch, found in judged),
    ]
    if value.maternity_exempted:
        text = f"産前産後の期間の所得割と均等割 {value.maternity_exempted:,}円を免除しました"
        reasons.append(Reason("maternity", text, order))
    for each in value.parts:
        if each.over_ceiling:
            text = f"{each.part.label}は賦課限度額を {each.over_ceiling:,}円超えるため、限度額までとしました"
            if each.months < MONTHS_A_YEAR:
                text += f"（限度額も{each.months}か月分に月割。月割は仮定）"
            reasons.append(Reason(f"ceiling.{each.part}", text, order))
    reasons += _of_members(spans, rules=rules)
    return tuple(reasons)


_year_said = lru_cache(maxsize=64)(say_fiscal_year)


def _said(found: Reduction, *, stretch: Stretch, several: bool, rules: YearRules) -> Reason:
    order = rules.citations[0]
    during = f"{stretch.months.bit_count()}か月について、" if several else ""
    if found.undeclared:
        return Reason(
            "reduction.undeclared", f"{during}所得を申告していない人がいるため、軽減しません", order
        )
    if not found.tenths:
        return Reason("reduction.none", f"{during}{NOT_REDUCED}", order)
    text = (
        f"{during}軽減判定所得が{found.tenths}割軽減の基準額以下のため、"
        f"均等割と平等割を{found.tenths}割軽減しました"
    )
    return Reason("reduction", text, order)


NOT_REDUCED = "軽減判定所得が2割軽減の基準額を超えるため、軽減はありません"


def _of_members(spans: list[Span], *, rules: YearRules) -> list[Reason]:
    reasons, age = [], rules.national.unemployed_age
    for span in spans:
        member, ref = span.member, span.member.ref
        unemployment = member.unemployment
        if span.relieved:
            text = (
                f"{ref} の給与所得を、非自発的失業により {span.relieved.bit_count()}か月は100分の30とみました"
            )
            reasons.append(Reason("unemployment", text, UNEMPLOYED[rules.municipal.levy]))
        elif unemployment is not None and not is_relievable(
            unemployment, member=member, national=rules.national
        ):
            reasons.append(
                Reason(
                    "unemployment.too_old",
                    f"{ref} は離職の日に{age}歳以上のため、非自発的失業の軽減はありません",
                    UNEMPLOYED[rules.municipal.levy],
                )
            )
        if member.former_dependant_since is not None:
            text = f"{ref} は旧被扶養者のため、所得割を減免しました（均等割の減免は {span.former.bit_count()}か月）"
            reasons.append(Reason("former_dependant", text, rules.dependant_cited))
    return reasons
