"""The reduction for low income (軽減判定): 7, 5 or 2 tenths of the per-person and per-household parts.

Judged as of 1 April, or of the day on which the household first owed (国民健康保険法施行令第29条の7第6項).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from kyufu.law.decision import Reason
from kyufu.law.income.evidence import Declared
from kyufu.law.kokuho.answer import Undecidable
from kyufu.law.kokuho.member_income import MemberIncome
from kyufu.law.kokuho.premium.facts import Household, Member
from kyufu.law.kokuho.premium.parameters import NationalRules
from kyufu.law.records import maker

IncomeOf = Callable[[Member], MemberIncome]


class Reduction(NamedTuple):
    """The reduction found: the income judged, persons and earners counted, the three limits (yen), the tenths.

    `undeclared` tells that somebody's income was not declared, in which case nothing is reduced.
    """

    income: int
    persons: int
    earners: int
    limit_seven: int
    limit_five: int
    limit_two: int
    undeclared: bool
    tenths: int


_reduction = maker(Reduction)


def judge_reduction(
    household: Household, *, on: date, income_of: IncomeOf, national: NationalRules
) -> Reduction | Undecidable:
    """The reduction of a household whose members' incomes are given by `income_of`, as of a day."""
    counted = [
        (member.ref, income_of(member))
        for member in household.members
        if is_insured_on(on, member=member, elderly_age=national.late_elderly_age)
    ]
    persons = len(counted)
    for companion in household.companions:
        moved_on = companion.joined_elderly_on
        moved = moved_on is not None and moved_on <= on
        persons += moved
        if moved or (companion.is_head and moved_on is None):
            counted.append((companion.ref, companion.income))
    total, earners, undeclared = 0, 0, False
    for ref, income in counted:
        if income.declared is Declared.NO:
            undeclared = True
        elif income.reduction_income is None or income.declared is Declared.UNKNOWN:
            return _unknown(ref)
        else:
            total += income.reduction_income
        earners += income.counts_as_earner
    return _found(total, persons=persons, earners=earners, undeclared=undeclared, national=national)


def is_insured_on(on: date, *, member: Member, elderly_age: int) -> bool:
    """Whether a member is insured here on a day: within a period, and before the birthday that ends it (75)."""
    born = member.birth_date
    if (born.year + elderly_age, born.month, born.day) <= (on.year, on.month, on.day):
        return False
    return any(start <= on and (end is None or on < end) for start, end in member.enrolled)


def _found(
    income: int, *, persons: int, earners: int, undeclared: bool, national: NationalRules
) -> Reduction:
    base = national.reduction_base
    if earners > 1:
        base += national.reduction_per_earner * (earners - 1)
    five = base + national.five_per_person * persons
    two = base + national.two_per_person * persons
    if undeclared or income > two:
        tenths = 0
    elif income > five:
        tenths = national.lowest_tenths
    elif income > base:
        tenths = national.middle_tenths
    else:
        tenths = national.highest_tenths
    return _reduction((income, persons, earners, base, five, two, undeclared, tenths))


def _unknown(ref: str) -> Undecidable:
    reason = Reason("income.reduction_unknown", f"{ref} の軽減判定所得が分からないため、軽減を判定できません")
    return Undecidable((reason,), (f"{ref} の所得の申告の有無と軽減判定所得",))
