"""The answer on one person's income of a year, for the premium of the fiscal year that follows it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.calendar.wareki import format_wareki_month
from kyufu.law.decision import Citation, Quantity, Reason
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import Answer, Undecidable, distinct, hash_facts, undecided
from kyufu.law.kokuho.explain import say_fiscal_year
from kyufu.law.kokuho.income.facts import Declaration, IncomeFacts
from kyufu.law.kokuho.income.figures import FIGURE_QUANTITIES, Figures, figures_of, is_elderly
from kyufu.law.kokuho.income.parameters import INCOME_FILES, IncomeTables, tables_of
from kyufu.law.kokuho.income.reduction import REDUCTION_QUANTITIES, Reduction, reduction_of
from kyufu.law.kokuho.income.unemployed import UNEMPLOYED, Relief, relief_of
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.parameters.catalogue import overlaid_version
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Block, Trace

RULE = "kokuho-income"
BASE = Citation("国民健康保険法施行令", "第29条の7第2項第4号（総所得金額等・基礎控除）", "secondary")
TAX_TABLES = Citation("所得税法", "第28条・第35条、別表第五", "official")
REDUCTION = Citation(
    "国民健康保険法施行令", "第29条の7（減額の判定。令和8年度は第6項、その前は第5項）", "secondary"
)

_PERSON = (
    Quantity("person", "対象者", "区分"),
    Quantity("premium_year", "この所得を使う賦課年度", "年度"),
    Quantity("elderly", "前年12月31日現在で65歳以上か", "真偽"),
)
_RELIEF = (
    Quantity("unemployed_percent", "給与所得に掛ける率（非自発的失業）", "%"),
    Quantity("relief_months", "賦課年度のうち軽減の対象となる月数", "月"),
)


class PersonIncome(NamedTuple):
    """One person's income: `income` as it is, `relieved` with the salary income at 30/100 for `relief_months`.

    `gross_total` is 合計所得金額; yen. The months are those of the fiscal year after the income year.
    """

    income: MemberIncome
    gross_total: int
    relieved: MemberIncome | None
    relief_months: tuple[YearMonth, ...]


class Assessed(NamedTuple):
    """What was found on the way: figures with and without relief, or why not."""

    figures: Figures
    reduction: Reduction


def judge_income(facts: IncomeFacts, *, overlay: Overlay = NOTHING) -> Answer[PersonIncome]:
    """One person's income for the premium; CannotDecide where it is undeclared or no table of the year is kept.

    Raises ParameterError where the parameters do not reach (国民健康保険法施行令第29条の7).
    """
    version = overlaid_version(INCOME_FILES, overlay=overlay)
    hashed = hash_facts(facts, rule=RULE)
    tables = tables_of(facts.income_year, overlay=overlay)
    doubt = _doubt(facts, tables=tables)
    if doubt is not None or tables is None or facts.birth_date is None:
        return undecided(
            rule=RULE,
            municipality="",
            why=doubt or Undecidable((), ()),
            steps=(),
            citations=(BASE,),
            parameter_version=version,
            facts_hash=hashed,
        )
    elderly = is_elderly(facts.birth_date, income_year=facts.income_year, tables=tables)
    found = _assess(facts, elderly=elderly, tables=tables)
    value, reasons, blocks = _with_relief(facts, found=found, elderly=elderly, tables=tables)
    person = (facts.ref, facts.income_year + 1, elderly)
    trace = Trace(((_PERSON, person), *_blocks(found), *blocks))
    return Answer(
        RULE,
        "",
        value,
        (_said(value), *reasons),
        trace,
        distinct((BASE, TAX_TABLES, REDUCTION, *(UNEMPLOYED for _ in blocks))),
        version,
        hashed,
    )


def member_income(facts: IncomeFacts, *, month: YearMonth, overlay: Overlay = NOTHING) -> MemberIncome:
    """The income as the premium of a month takes it: with the salary income at 30/100 where the relief runs in it.

    Where the income is not declared, or no table of its year is kept, the figures are None: never zero.
    """
    tables = tables_of(facts.income_year, overlay=overlay)
    if _doubt(facts, tables=tables) is not None or tables is None or facts.birth_date is None:
        return _not_known(facts)
    elderly = is_elderly(facts.birth_date, income_year=facts.income_year, tables=tables)
    found = _assess(facts, elderly=elderly, tables=tables)
    value, _, _ = _with_relief(facts, found=found, elderly=elderly, tables=tables)
    return value.relieved if value.relieved and month in value.relief_months else value.income


def _not_known(facts: IncomeFacts) -> MemberIncome:
    declared = Declared.NO if facts.declaration is Declaration.UNDECLARED else Declared.UNKNOWN
    return MemberIncome(facts.income_year, declared, None, None, None, False)


def _doubt(facts: IncomeFacts, *, tables: IncomeTables | None) -> Undecidable | None:
    year = say_fiscal_year(facts.income_year).removesuffix("度")
    if facts.declaration is Declaration.UNDECLARED:
        return _lacks("income.undeclared", f"{year}中の所得が申告されていません。", f"{year}中の所得の申告")
    if facts.declaration is Declaration.UNKNOWN:
        text = f"{year}中の所得が申告されているか分かりません。"
        return _lacks("income.declaration_unknown", text, f"{year}中の所得の資料")
    if tables is None:
        text = f"{year}分の給与所得・公的年金等の所得の計算表がありません。"
        return _lacks("income.no_table", text, f"{year}分の所得の計算表")
    if facts.birth_date is None:
        return _lacks("income.birth_date_unknown", "生年月日が分かりません。", "生年月日")
    if facts.birth_date.year > facts.income_year and _has_amounts(facts):
        text = f"{year}中に生まれていない人に、収入又は所得の資料があります。"
        return _lacks("income.before_birth", text, "生年月日と収入の資料の突合せ")
    if facts.declaration is Declaration.DEPENDANT and _has_amounts(facts):
        text = "所得のない扶養親族とされていますが、収入又は所得の資料があります。"
        return _lacks("income.contradictory", text, "扶養の申告と収入の資料の突合せ")
    return None


def _lacks(code: str, text: str, missing: str) -> Undecidable:
    return Undecidable((Reason(code, text, BASE),), (missing,))


def _has_amounts(facts: IncomeFacts) -> bool:
    given = (facts.pension_revenue, facts.family_salaries_paid, facts.salary.revenue, facts.salary.income)
    return any(given) or any(facts.comprehensive) or any(facts.separate)


def _assess(
    facts: IncomeFacts, *, elderly: bool, tables: IncomeTables, salary_percent: int = 100
) -> Assessed:
    figures = figures_of(facts, elderly=elderly, tables=tables, salary_percent=salary_percent)
    return Assessed(
        figures,
        reduction_of(facts, figures=figures, elderly=elderly, tables=tables, salary_percent=salary_percent),
    )


def _with_relief(
    facts: IncomeFacts, *, found: Assessed, elderly: bool, tables: IncomeTables
) -> tuple[PersonIncome, tuple[Reason, ...], tuple[Block, ...]]:
    plain = PersonIncome(_member(facts, found=found), found.figures.gross_total, None, ())
    if facts.leaving is None:
        return plain, (), ()
    birth_date: date = facts.birth_date or date.min
    relief = relief_of(facts.leaving, birth_date=birth_date, tables=tables)
    if not isinstance(relief, Relief):
        return plain, (relief,), ()
    months = relief.months_of(facts.income_year + 1)
    percent = tables.rules.unemployed_percent
    if not months:
        return plain, (_outside(facts),), ()
    relieved = _assess(facts, elderly=elderly, tables=tables, salary_percent=percent)
    value = plain._replace(relieved=_member(facts, found=relieved), relief_months=months)
    blocks = ((_RELIEF, (percent, len(months))), *_blocks(relieved))
    return value, (_relieved(value, percent=percent),), blocks


def _member(facts: IncomeFacts, *, found: Assessed) -> MemberIncome:
    return MemberIncome(
        facts.income_year,
        Declared.YES,
        found.figures.total_income,
        found.reduction.reduction_income,
        found.figures.base_income,
        found.reduction.counts_as_earner,
    )


def _blocks(found: Assessed) -> tuple[Block, Block]:
    return (FIGURE_QUANTITIES, found.figures), (REDUCTION_QUANTITIES, found.reduction)


def _said(value: PersonIncome) -> Reason:
    found = value.income
    text = (
        f"総所得金額等 {found.total_income:,}円、旧ただし書所得 {found.base_income:,}円、"
        f"軽減判定所得 {found.reduction_income:,}円です。"
    )
    return Reason("income.found", text, BASE)


def _relieved(value: PersonIncome, *, percent: int) -> Reason:
    relieved = value.relieved or value.income
    text = (
        f"非自発的失業者のため、{_say(value.relief_months[0])}から{_say(value.relief_months[-1])}まで給与所得を"
        f"100分の{percent}とみなし、旧ただし書所得 {relieved.base_income:,}円、"
        f"軽減判定所得 {relieved.reduction_income:,}円とします。"
    )
    return Reason("unemployed.relieved", text, UNEMPLOYED)


def _say(month: YearMonth) -> str:
    return format_wareki_month(month.first_day)


def _outside(facts: IncomeFacts) -> Reason:
    year = say_fiscal_year(facts.income_year + 1)
    return Reason(
        "unemployed.outside", f"{year}には非自発的失業者の軽減の対象となる月がありません。", UNEMPLOYED
    )
