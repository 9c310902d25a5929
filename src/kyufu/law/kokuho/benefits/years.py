"""Ceilings of the year from August to July: out-patient care from 70 on (外来年間合算), the household (年間上限)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.months import MONTHS_A_YEAR, YearMonth, months_later
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.years import SENSIBLE_YEARS
from kyufu.law.decision import Citation, Reason, Step
from kyufu.law.kokuho.answer import Answer, Undecidable
from kyufu.law.kokuho.benefits.classes import FROM_70_LABELS, UNDER_70_LABELS, From70, Under70
from kyufu.law.kokuho.benefits.noting import ORDER, SOURCE, Finding, answered, lacking, note, say_month
from kyufu.law.kokuho.benefits.parameters import (
    HIGH_COST_FILE,
    HIGH_COST_FILES,
    Limit,
    limit_on,
    registered_from,
    rules_on,
)
from kyufu.law.kokuho.benefits.sharing import share

OUTPATIENT_RULE = "kokuho-outpatient-year"
ANNUAL_RULE = "kokuho-annual"
OUTPATIENT_YEAR = Citation(ORDER, "第29条の2の2（年間の高額療養費）", "assumed")
ANNUAL = Citation("国民健康保険法施行令（令和8年8月改正、条番号は未確認）", "年間上限", "secondary")
HOUSEHOLD_SUM = Citation("年間上限を世帯で合算すること", "（合算の単位は公表資料で未確認）", "assumed")


@dataclass(frozen=True, slots=True)
class OutpatientMonth:
    """One month of out-patient care, yen: the burden, and the high-cost benefit that was given for it.

    `counts` is False where the person was 現役並み所得者 or not yet 70 in the month: it is left out.
    """

    month: YearMonth
    burden: int
    benefit: int = 0
    counts: bool = True

    def fault(self) -> tuple[str, str] | None:
        """A benefit cannot be larger than the burden."""
        return ("benefit", "一部負担金を超えています") if not 0 <= self.benefit <= self.burden else None


@dataclass(frozen=True, slots=True)
class OutpatientYearFacts:
    """One person's year: `year` is that in which it begins (August), `class_at_end` the class on its last day."""

    year: int
    class_at_end: From70
    months: tuple[OutpatientMonth, ...]

    def fault(self) -> tuple[str, str] | None:
        """A month of another year, or one told twice."""
        return _months_fault([each.month for each in self.months], year=self.year, once=True)


class OutpatientYear(NamedTuple):
    """What is paid after the year, and what the person bore before it, yen."""

    payment: int
    burden: int


@dataclass(frozen=True, slots=True)
class NetMonth:
    """What one person still bore in one month after the high-cost benefit of the month, yen."""

    person: str
    month: YearMonth
    burden: int

    def fault(self) -> tuple[str, str] | None:
        """A burden cannot be negative."""
        return ("burden", "負の額は使えません") if self.burden < 0 else None


@dataclass(frozen=True, slots=True)
class AnnualFacts:
    """A household's year from August `year`; one class, under 70 or from 70 on.

    `is_low` tells whether the lower ceiling of small incomes (標準報酬月額15万円以下相当) applies; None is not known.
    """

    year: int
    months: tuple[NetMonth, ...]
    under_70: Under70 | None = None
    from_70: From70 | None = None
    is_low: bool | None = None

    def fault(self) -> tuple[str, str] | None:
        """Months of another year, or not exactly one class."""
        if (self.under_70 is None) == (self.from_70 is None):
            return "under_70", "under_70 か from_70 のどちらか一方を書いてください"
        return _months_fault([each.month for each in self.months], year=self.year, once=False)


class AnnualShare(NamedTuple):
    """One person's part of the payment, yen."""

    name: str
    payment: int


class Annual(NamedTuple):
    """What is paid after the year to the household, yen, and to whom of it it belongs."""

    payment: int
    burden: int
    shares: tuple[AnnualShare, ...]


def judge_outpatient_year(facts: OutpatientYearFacts) -> Answer[OutpatientYear]:
    """What is paid for a person's out-patient care above the ceiling of the year, yen (外来年間合算)."""
    return answered(_find_outpatient(facts), rule=OUTPATIENT_RULE, facts=facts, files=HIGH_COST_FILES)


def judge_annual(facts: AnnualFacts) -> Answer[Annual]:
    """What is paid to a household above the annual ceiling, yen (年間上限, from August 2026 on)."""
    return answered(_find_annual(facts), rule=ANNUAL_RULE, facts=facts, files=HIGH_COST_FILES)


def _find_outpatient(facts: OutpatientYearFacts) -> Finding | Undecidable:
    limit = _limit(facts.year, table="from_70", code=facts.class_at_end)
    if isinstance(limit, Undecidable):
        return limit
    label = FROM_70_LABELS[facts.class_at_end]
    counted = [each for each in facts.months if each.counts]
    burden = sum(each.burden - each.benefit for each in counted)
    steps = [
        note("months", label="計算に入れる月数", value=len(counted), unit="か月"),
        note("burden", label="外来の自己負担（月ごとの高額療養費を除く）の合計", value=burden),
        note("source", label="限度額の出典", value=limit.source, unit=SOURCE),
    ]
    cited = (OUTPATIENT_YEAR, Citation(ORDER, f"外来の年間上限（{limit.label}）", limit.certainty))
    if limit.outpatient_year is None:
        reason = Reason(
            "no_ceiling", f"基準日の所得区分「{label}」には外来の年間上限がありません。", OUTPATIENT_YEAR
        )
        return Finding(OutpatientYear(0, burden), (reason,), tuple(steps), cited)
    payment = max(0, burden - limit.outpatient_year)
    steps += [
        note("ceiling", label=f"外来の年間上限（{label}）", value=limit.outpatient_year),
        note("payment", label="支給する額", value=payment),
    ]
    return Finding(OutpatientYear(payment, burden), (_say(payment),), tuple(steps), cited)


def _find_annual(facts: AnnualFacts) -> Finding | Undecidable:
    table, code = ("under_70", facts.under_70) if facts.under_70 is not None else ("from_70", facts.from_70)
    limit = _limit(facts.year, table=table, code=str(code))
    if isinstance(limit, Undecidable):
        return limit
    if limit.annual is None:
        return lacking(
            "missing.annual",
            text="年間上限は令和8年8月からの計算期間にだけあります。",
            missing=(f"{_say_start(facts.year)}からの年間上限",),
        )
    burden = sum(each.burden for each in facts.months)
    ceiling = _annual_ceiling(facts, limit=limit, burden=burden)
    if isinstance(ceiling, Undecidable):
        return ceiling
    payment = max(0, burden - ceiling)
    steps = _annual_steps(facts, limit=limit, burden=burden, ceiling=ceiling, payment=payment)
    by_person: dict[str, int] = {}
    for each in facts.months:
        by_person[each.person] = by_person.get(each.person, 0) + each.burden
    shares = tuple(AnnualShare(*pair) for pair in sorted(share(payment, among=by_person).items()))
    cited = (ANNUAL._replace(certainty=limit.certainty), HOUSEHOLD_SUM)
    return Finding(Annual(payment, burden, shares), (_say(payment),), steps, cited)


def _annual_ceiling(facts: AnnualFacts, *, limit: Limit, burden: int) -> int | Undecidable:
    assert limit.annual is not None  # noqa: S101 - looked at by the caller
    if limit.annual_low is None or facts.is_low is False:
        return limit.annual
    if facts.is_low or burden <= limit.annual_low:
        return limit.annual_low
    return lacking(
        "missing.low_bracket",
        text=f"年間上限が{limit.annual_low:,}円か{limit.annual:,}円かを決める国保の所得基準が公表資料で確認できません。",
        missing=("低い年間上限に当たるかどうか（is_low）",),
        citation=ANNUAL,
    )


def _annual_steps(
    facts: AnnualFacts, *, limit: Limit, burden: int, ceiling: int, payment: int
) -> tuple[Step, ...]:
    label = UNDER_70_LABELS[facts.under_70] if facts.under_70 else FROM_70_LABELS[From70(limit.code)]
    return (
        note("burden", label="月ごとの高額療養費を除いた自己負担の合計", value=burden),
        note("source", label="限度額の出典", value=limit.source, unit=SOURCE),
        note("ceiling", label=f"年間上限（{label}）", value=ceiling),
        note("payment", label="支給する額", value=payment),
    )


def _say(payment: int) -> Reason:
    if not payment:
        return Reason(
            "not_over", "1年間の自己負担が年間の上限を超えないため、支給はありません。", OUTPATIENT_YEAR
        )
    return Reason(
        "benefit", f"1年間の自己負担が年間の上限を超えた{payment:,}円を支給します。", OUTPATIENT_YEAR
    )


def _limit(year: int, *, table: str, code: str) -> Limit | Undecidable:
    # The ceiling is that in force on the last day of the year: the class of that day decides, too.
    limit = limit_on(last_day_of(year), table=table, code=code) if year >= first_year() else None
    if limit is None:
        return lacking(
            "missing.rules",
            text="この計算期間の限度額が登録されていません。",
            missing=(f"{_say_start(year)}からの年間の限度額",),
        )
    return limit


def first_year() -> int:
    """The year in which the first year of computation that is registered begins."""
    return registered_from(HIGH_COST_FILE, table="from_70").year


def first_month_of(year: int) -> YearMonth:
    """The month in which a year of computation begins (8月)."""
    return YearMonth(year, rules_on(date(max(year, first_year() + 1), 1, 1)).year_first_month)


def last_day_of(year: int) -> date:
    """The last day of a year of computation (7月31日), on which the insurer and the class are looked at (基準日)."""
    return months_later(first_month_of(year), months=MONTHS_A_YEAR).first_day - ONE_DAY


def _say_start(year: int) -> str:
    return say_month(first_month_of(year))


def year_fault(year: int) -> tuple[str, str] | None:
    """A year in which no computation can begin."""
    return None if year in SENSIBLE_YEARS else ("year", "年が範囲の外です")


def _months_fault(months: Sequence[YearMonth], *, year: int, once: bool) -> tuple[str, str] | None:
    if year not in SENSIBLE_YEARS:
        return year_fault(year)
    first = first_month_of(year).number
    if any(not first <= month.number < first + MONTHS_A_YEAR for month in months):
        return "months", "8月から翌年7月までの計算期間の外の月があります"
    return ("months", "同じ月が二度あります") if once and len(set(months)) != len(months) else None
