"""判定所得: the income that is compared with the limit, one function for each rule and a step for each figure.

判定所得 = the sum of the incomes by kind - 80,000 - up to 100,000 where there is salary or public pension
income - each deduction, not below 0 (旧児童手当法施行令の例による; 逗子市の公表). All amounts are yen.
"""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.decision import Quantity
from kyufu.law.income.evidence import Dependants, IncomeEvidence, Incomes
from kyufu.law.income.parameters import IncomeRules, LimitRules
from kyufu.law.tracing import Block

YEN, PERSONS = "円", "人"

JUDGED_INCOME_QUANTITIES = (
    Quantity("total_income", "所得の合計", YEN),
    Quantity("uniform_deduction", "社会保険料相当額の控除", YEN),
    Quantity("salary_or_pension_deduction", "給与・公的年金所得がある場合の控除", YEN),
    Quantity("casualty_loss_deduction", "雑損控除", YEN),
    Quantity("medical_deduction", "医療費控除", YEN),
    Quantity("small_enterprise_mutual_aid_deduction", "小規模企業共済等掛金控除", YEN),
    Quantity("disabled_deduction", "障害者控除", YEN),
    Quantity("specially_disabled_deduction", "特別障害者控除", YEN),
    Quantity("widow_deduction", "寡婦控除", YEN),
    Quantity("single_parent_deduction", "ひとり親控除", YEN),
    Quantity("working_student_deduction", "勤労学生控除", YEN),
    Quantity("judged_income", "判定所得", YEN),
)


class JudgedIncome(NamedTuple):
    """判定所得 in yen and the block of steps that lead to it."""

    amount: int
    block: Block


def total_income(incomes: Incomes) -> int:
    """The sum of the incomes of every kind (所得の合計); losses reduce it."""
    return sum(incomes)


def salary_or_pension_deduction(incomes: Incomes, *, rules: IncomeRules) -> int:
    """Up to the maximum, as far as there is salary or public pension income."""
    return max(0, min(rules.salary_or_pension_deduction, incomes.salary + incomes.public_pension))


def income_limit(dependants: Dependants, *, rules: LimitRules) -> int:
    """The limit for a number of dependants, raised for each elderly one (老人控除対象配偶者・老人扶養親族)."""
    elderly = dependants.elderly + dependants.elderly_spouse
    return rules.base + rules.per_dependant * dependants.total + rules.per_elderly * elderly


def is_under_limit(judged_income: int, *, limit: int) -> bool:
    """Whether the income is strictly less than the limit (限度額未満)."""
    return judged_income < limit


def judge_income(evidence: IncomeEvidence, *, rules: IncomeRules) -> JudgedIncome:
    """判定所得 of one person's year, with every deduction as a step in the order of the notice."""
    incomes, deductions = evidence.incomes, evidence.deductions
    total = total_income(incomes)
    taken = (
        rules.uniform_deduction,
        salary_or_pension_deduction(incomes, rules=rules),
        deductions.casualty_loss,
        deductions.medical,
        deductions.small_enterprise_mutual_aid,
        deductions.disabled_persons * rules.disabled_person,
        deductions.specially_disabled_persons * rules.specially_disabled_person,
        rules.widow if deductions.widow else 0,
        rules.single_parent if deductions.single_parent else 0,
        rules.working_student if deductions.working_student else 0,
    )
    amount = max(0, total - sum(taken))
    return JudgedIncome(amount, (JUDGED_INCOME_QUANTITIES, (total, *taken, amount)))
