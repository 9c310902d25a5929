"""軽減判定所得: a person's share of the income by which the reduction of the premium is judged; all amounts are yen."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.decision import Quantity
from kyufu.law.kokuho.income.facts import IncomeFacts
from kyufu.law.kokuho.income.figures import YEN, Figures, figures_of
from kyufu.law.kokuho.income.parameters import IncomeTables
from kyufu.law.kokuho.income.setting_off import carry
from kyufu.law.kokuho.income.tables import HUNDRED

REDUCTION_QUANTITIES = (
    Quantity("family_salaries_added", "軽減判定：専従者給与（控除）の足し戻し", YEN),
    Quantity("family_salary_left_out", "軽減判定：除いた専従者給与の収入", YEN),
    Quantity("reduction_total", "軽減判定：特別控除前の総所得金額等（繰越控除後）", YEN),
    Quantity("pension_reduction", "軽減判定：65歳以上の公的年金等所得の控除", YEN),
    Quantity("reduction_income", "軽減判定所得", YEN),
    Quantity("counts_as_earner", "給与所得者等に当たるか", "真偽"),
)


class Reduction(NamedTuple):
    """The figures in the order of REDUCTION_QUANTITIES: yen, and whether the person is one of 給与所得者等."""

    family_salaries_added: int
    family_salary_left_out: int
    reduction_total: int
    pension_reduction: int
    reduction_income: int
    counts_as_earner: bool


def reduction_of(
    facts: IncomeFacts,
    *,
    figures: Figures,
    elderly: bool,
    tables: IncomeTables,
    salary_percent: int = HUNDRED,
) -> Reduction:
    """The income of the judgement (国民健康保険法施行令第29条の7、減額の判定).

    What a business paid to family counts with who paid it, not with who got it (専従者控除は適用しない); land counts
    before its special deduction; up to 150,000 yen is taken off the pension income of who is 65.
    """
    judged = figures
    if facts.family_salaries_paid or facts.salary.from_family:
        judged = figures_of(
            as_if_no_family_salary(facts), elderly=elderly, tables=tables, salary_percent=salary_percent
        )
    total = _total_before_special_deduction(facts, figures=judged, tables=tables)
    off = min(judged.pension_income, tables.rules.pension_reduction) if elderly else 0
    return Reduction(
        facts.family_salaries_paid,
        facts.salary.from_family,
        total,
        off,
        max(0, total - off),
        counts_as_earner(facts, elderly=elderly, tables=tables),
    )


def as_if_no_family_salary(facts: IncomeFacts) -> IncomeFacts:
    """The facts as the judgement takes them: salaries within a family's business back where they were paid."""
    salary, given = facts.salary, facts.comprehensive
    return facts._replace(
        salary=salary._replace(
            revenue=salary.revenue - salary.from_family,
            from_family=0,
            income=None if salary.from_family else salary.income,
        ),
        comprehensive=given._replace(business=given.business + facts.family_salaries_paid),
    )


def counts_as_earner(facts: IncomeFacts, *, elderly: bool, tables: IncomeTables) -> bool:
    """Whether one of 給与所得者等: salary (without 専従者給与) or pension over the amounts of the year."""
    rules = tables.rules
    pension_over = rules.earner_pension_over_elderly if elderly else rules.earner_pension_over_younger
    salary = facts.salary.revenue - facts.salary.from_family
    return salary > rules.earner_salary_over or facts.pension_revenue > pension_over


def _total_before_special_deduction(facts: IncomeFacts, *, figures: Figures, tables: IncomeTables) -> int:
    separate = facts.separate._replace(land_short_deduction=0, land_long_deduction=0)
    casualty = facts.losses.casualty if tables.rules.casualty_in_judgement else 0
    return carry(
        figures.comprehensive_income,
        separate=separate,
        forestry=figures.forestry_income,
        losses=facts.losses._replace(casualty=casualty),
    ).total
