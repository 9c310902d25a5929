"""A second judgement of the income classes and of a receipt, written apart from the first, for September 2025."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor


@dataclass
class Someone:
    """A person of a household, as the oracle sees it; every figure is known."""

    is_senior: bool
    is_insured: bool
    is_exempt: bool
    declared: bool
    base: int
    taxable: int
    gross: int
    pension: int
    salary: int
    other: int


def class_under_70(people: list[Someone]) -> str:
    """区分ア to オ of a household in which somebody insured is under 70."""
    insured = [person for person in people if person.is_insured]
    if not all(person.declared for person in insured):
        return "a"
    if all(person.is_exempt for person in people):
        return "o"
    total = sum(person.base for person in insured)
    for code, least in (("a", 9_010_001), ("i", 6_000_001), ("u", 2_100_001)):
        if total >= least:
            return code
    return "e"


def class_from_70(people: list[Someone], *, applied: bool) -> str:
    """The class of a household in which somebody insured is 70 or more; nobody has moved to the late elderly."""
    seniors = [person for person in people if person.is_senior and person.is_insured]
    top = max([person.taxable for person in seniors if person.declared] or [0])
    small = sum(person.base for person in seniors) < 2_100_001
    gross = sum(person.gross for person in seniors)
    modest = applied and gross < (3_830_000 if len(seniors) == 1 else 5_200_000)
    if top >= 1_450_000 and not small and not modest:
        if top >= 6_900_000:
            return "active_3"
        return "active_2" if top >= 3_800_000 else "active_1"
    if not all(person.declared for person in people if person.is_insured):
        return "general"
    if not all(person.is_exempt for person in people):
        return "general"
    poor = all(
        person.pension <= 806_700 and person.salary <= 100_000 and person.other <= 0 for person in people
    )
    return "low_1" if poor else "low_2"


MONTHLY = {
    "a": (252_600, 842_000, 140_100, None),
    "i": (167_400, 558_000, 93_000, None),
    "u": (80_100, 267_000, 44_400, None),
    "e": (57_600, None, 44_400, None),
    "o": (35_400, None, 24_600, None),
    "active_3": (252_600, 842_000, 140_100, None),
    "active_2": (167_400, 558_000, 93_000, None),
    "active_1": (80_100, 267_000, 44_400, None),
    "general": (57_600, None, 44_400, 18_000),
    "low_2": (24_600, None, 24_600, 8_000),
    "low_1": (15_000, None, 15_000, 8_000),
}


def counter_ceiling(code: str, *, cost: int, outpatient: bool, several: bool, half: bool) -> int:
    """The most that one facility takes in a month."""
    base, threshold, fourth, visit = MONTHLY[code]
    part = 2 if half else 1
    if outpatient and visit is not None:
        return visit // part
    if several:
        return fourth // part
    if threshold is None:
        return base // part
    return base // part + max(0, floor(Fraction(cost - threshold // part, 100) + Fraction(1, 2)))


def combined(people: list[tuple[bool, int, int]], *, young_limit: int, old_limit: int) -> tuple[int, int]:
    """The two steps of the combined benefit, from 70 on and the household; a person is (old, medical, care)."""
    old_medical = sum(medical for is_old, medical, _ in people if is_old)
    old_care = sum(care for is_old, _, care in people if is_old)
    first = old_medical + old_care - old_limit
    if first <= 500 or 0 in (old_medical, old_care):
        first = 0
    if all(is_old for is_old, _, _ in people):
        return first, 0
    total = sum(medical + care for _, medical, care in people) - first
    second = total - young_limit
    return first, second if second > 500 else 0
