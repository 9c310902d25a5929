"""Salary and pension income by the tables of a year, and the deductions that adjust them; all amounts are yen."""

from __future__ import annotations

from collections.abc import Sequence

from kyufu.law.kokuho.income.parameters import IncomeRules, IncomeTables, Threshold

HUNDRED, QUARTERS, THOUSAND = 100, 4, 1000


def salary_income(revenue: int, *, tables: IncomeTables) -> int:
    """給与所得 of a salary by the table of the year (所得税法第28条・別表第五).

    Where the form is `quarter`, a quarter of the revenue is cut to 1,000 yen and taken four times.
    """
    band = next(each for each in tables.salary if revenue >= each.at_least)
    if band.form == "none":
        return 0
    if band.form == "fixed":
        return band.amount
    counted = revenue if band.form == "less" else revenue // QUARTERS // THOUSAND * THOUSAND * QUARTERS
    return counted * band.percent // HUNDRED - band.amount


def pension_income(revenue: int, *, elderly: bool, other_income: int, tables: IncomeTables) -> int:
    """公的年金等に係る雑所得 (所得税法第35条、租税特別措置法第41条の15の3).

    `elderly` is whether 65 at the end of the year, `other_income` 合計所得金額 without the pension.
    """
    bands = tables.pension_elderly if elderly else tables.pension_younger
    band = next(each for each in bands if revenue >= each.at_least)
    raised = threshold_amount(tables.pension_other, of=other_income)
    return max(0, revenue * band.percent // HUNDRED - band.amount + raised)


def basic_deduction(total_income: int, *, tables: IncomeTables) -> int:
    """基礎控除 by 合計所得金額 (地方税法第314条の2第2項)."""
    return threshold_amount(tables.basic_deduction, of=total_income)


def adjustment_for_children(revenue: int, *, adjustable: bool, rules: IncomeRules) -> int:
    """所得金額調整控除 of a high salary with children or a special disability (租税特別措置法第41条の3の11第1項); a
    part of a yen counts as one.
    """
    over = min(revenue, rules.adjustment_salary_to) - rules.adjustment_salary_from
    if not adjustable or over <= 0:
        return 0
    return -(-over * rules.adjustment_percent // HUNDRED)


def adjustment_for_both(*, salary: int, pension: int, rules: IncomeRules) -> int:
    """所得金額調整控除 of who has salary and pension income (租税特別措置法第41条の3の11第2項)."""
    most = rules.adjustment_both
    return max(0, min(salary, most) + min(pension, most) - most)


def threshold_amount(thresholds: Sequence[Threshold], *, of: int) -> int:
    """The amount of the highest threshold that the income is over; of the lowest where it is over none."""
    return next((each.amount for each in thresholds if of > each.over), thresholds[-1].amount)
