"""The figures of one person's year: each kind of income, 合計所得金額 and 総所得金額等, with a step for each."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.ages import age_at_end_of
from kyufu.law.decision import Quantity
from kyufu.law.kokuho.income.facts import IncomeFacts
from kyufu.law.kokuho.income.parameters import IncomeTables
from kyufu.law.kokuho.income.setting_off import Groups, carry, set_off
from kyufu.law.kokuho.income.tables import (
    HUNDRED,
    adjustment_for_both,
    adjustment_for_children,
    basic_deduction,
    pension_income,
    salary_income,
)

YEN = "円"

FIGURE_QUANTITIES = (
    Quantity("salary_revenue", "給与収入", YEN),
    Quantity("salary_table_income", "給与所得控除後の金額", YEN),
    Quantity("adjustment_children", "所得金額調整控除（子ども等）", YEN),
    Quantity("adjustment_both", "所得金額調整控除（給与と年金）", YEN),
    Quantity("salary_income", "給与所得", YEN),
    Quantity("pension_revenue", "公的年金等の収入", YEN),
    Quantity("pension_income", "公的年金等に係る雑所得", YEN),
    Quantity("ordinary_income", "経常所得（損益通算後）", YEN),
    Quantity("gains_and_temporary", "総合譲渡・一時所得（損益通算後、長期譲渡と一時は2分の1）", YEN),
    Quantity("comprehensive_income", "総所得金額（繰越控除前）", YEN),
    Quantity("forestry_income", "山林所得（損益通算後）", YEN),
    Quantity("separate_income", "分離課税の所得（特別控除前・繰越控除前。退職所得を除く）", YEN),
    Quantity("gross_total", "合計所得金額", YEN),
    Quantity("special_deductions", "土地等の譲渡の特別控除", YEN),
    Quantity("carried_losses", "繰越控除した損失（雑損失を除く）", YEN),
    Quantity("total_income", "総所得金額等", YEN),
    Quantity("basic_deduction", "基礎控除", YEN),
    Quantity("base_income", "旧ただし書所得（総所得金額等から基礎控除を引いた額）", YEN),
)


class Figures(NamedTuple):
    """Every figure in the order of FIGURE_QUANTITIES, yen."""

    salary_revenue: int
    salary_table_income: int
    adjustment_children: int
    adjustment_both: int
    salary_income: int
    pension_revenue: int
    pension_income: int
    ordinary_income: int
    gains_and_temporary: int
    comprehensive_income: int
    forestry_income: int
    separate_income: int
    gross_total: int
    special_deductions: int
    carried_losses: int
    total_income: int
    basic_deduction: int
    base_income: int


def is_elderly(birth_date: date, *, income_year: int, tables: IncomeTables) -> bool:
    """Whether 65 is reached by the end of the income year (前年12月31日現在; who is born on 1 January has)."""
    last_day = date(income_year, 12, 31)
    return birth_date <= last_day and age_at_end_of(birth_date, day=last_day) >= tables.rules.elderly_age


def figures_of(
    facts: IncomeFacts, *, elderly: bool, tables: IncomeTables, salary_percent: int = HUNDRED
) -> Figures:
    """All figures of a year; `salary_percent` is what of the salary income counts (30 for the unemployed).

    Retirement income does not count (退職所得は含めない); 雑損失 is not deducted (国民健康保険法施行令
    第29条の7第2項第4号).
    """
    rules = tables.rules
    salary = facts.salary
    by_table = salary.income if salary.income is not None else salary_income(salary.revenue, tables=tables)
    children = min(
        by_table, adjustment_for_children(salary.revenue, adjustable=salary.adjustable, rules=rules)
    )
    other = _without_pension(facts, salary=by_table - children, tables=tables)
    pension = pension_income(facts.pension_revenue, elderly=elderly, other_income=other, tables=tables)
    both = min(by_table - children, adjustment_for_both(salary=by_table, pension=pension, rules=rules))
    counted = (by_table - children - both) * salary_percent // HUNDRED
    return _assembled(
        facts, steps=(salary.revenue, by_table, children, both, counted), pension=pension, tables=tables
    )


def _without_pension(facts: IncomeFacts, *, salary: int, tables: IncomeTables) -> int:
    groups = set_off(_groups(facts, ordinary=salary))
    return (
        _comprehensive(groups, half=tables.rules.half_percent)
        + groups.forestry
        + _separate_before_deductions(facts)
    )


def _assembled(
    facts: IncomeFacts, *, steps: tuple[int, int, int, int, int], pension: int, tables: IncomeTables
) -> Figures:
    half = tables.rules.half_percent
    groups = set_off(_groups(facts, ordinary=steps[-1] + pension))
    comprehensive = _comprehensive(groups, half=half)
    separate = _separate_before_deductions(facts)
    gross = comprehensive + groups.forestry + separate
    losses = facts.losses._replace(casualty=0)
    left = carry(comprehensive, separate=facts.separate, forestry=groups.forestry, losses=losses)
    special = _special_deductions(facts)
    deduction = basic_deduction(gross, tables=tables)
    return Figures(
        *steps,
        facts.pension_revenue,
        pension,
        groups.ordinary,
        comprehensive - groups.ordinary,
        comprehensive,
        groups.forestry,
        separate,
        gross,
        special,
        gross - special - left.total,
        left.total,
        deduction,
        max(0, left.total - deduction),
    )


def _groups(facts: IncomeFacts, *, ordinary: int) -> Groups:
    given = facts.comprehensive
    return Groups(
        ordinary + given.business + given.real_estate + given.interest + given.dividend + given.miscellaneous,
        given.capital_gain_short,
        given.capital_gain_long,
        given.temporary,
        facts.separate.forestry,
    )


def _comprehensive(groups: Groups, *, half: int) -> int:
    return groups.ordinary + groups.gain_short + (groups.gain_long + groups.temporary) * half // HUNDRED


def _separate_before_deductions(facts: IncomeFacts) -> int:
    given = facts.separate
    return (
        given.land_short
        + given.land_long
        + given.stock_unlisted
        + given.stock_listed
        + given.dividend_listed
        + given.futures
    )


def _special_deductions(facts: IncomeFacts) -> int:
    given = facts.separate
    return min(given.land_short, given.land_short_deduction) + min(given.land_long, given.land_long_deduction)
