"""The ceilings of high-cost medical expenses (高額療養費の自己負担限度額): the formula and the several-times rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kyufu.law.calendar.months import YearMonth
from kyufu.law.kokuho.benefits.parameters import Limit, Rules

PERCENT = 100


class Ceiling(NamedTuple):
    """A ceiling (yen) and how it came about: the plain base, the part of the cost above the threshold, or several."""

    amount: int
    is_several: bool
    is_half: bool


def monthly_ceiling(limit: Limit, *, cost: int, is_several: bool, is_half: bool, rules: Rules) -> Ceiling:
    """The ceiling of a month, yen, for a total cost (10割, yen) (施行令第29条の3).

    base + (cost - threshold) x 1 %, rounded to the nearest yen; from the fourth time the lower fixed amount where the
    class has one. In the month 75 is reached, base, threshold and fixed amount are halved.
    """
    divisor = rules.half_divisor if is_half else 1
    if is_several and limit.several is not None:
        return Ceiling(limit.several // divisor, True, is_half)
    base, threshold = limit.base // divisor, limit.threshold // divisor
    excess = max(0, cost - threshold) if limit.threshold else 0
    percent = (excess * rules.excess_percent * 2 + PERCENT) // (PERCENT * 2)
    return Ceiling(base + percent, False, is_half)


def outpatient_ceiling(limit: Limit, *, is_half: bool, rules: Rules) -> int | None:
    """The monthly ceiling of one person's out-patient care, yen; None where the class has none (現役並み)."""
    if limit.outpatient_month is None:
        return None
    return limit.outpatient_month // (rules.half_divisor if is_half else 1)


def counts_several(earlier: Iterable[YearMonth], *, month: YearMonth, rules: Rules) -> int:
    """How many of the eleven months before saw a benefit of the household (多数回該当の月数)."""
    first = month.number - (rules.several_window - 1)
    return len({each for each in earlier if first <= each.number < month.number})
