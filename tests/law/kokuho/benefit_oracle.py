"""A second computation of the high-cost benefit, written apart from the first: by hand, with fractions, no steps.

It knows the months from August 2018 to July 2026 and takes classes, groups and shares as given. Nothing of the rules is
imported but the shapes of the facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

WITH_PERCENT = {
    "a": (252_600, 842_000, 140_100),
    "i": (167_400, 558_000, 93_000),
    "u": (80_100, 267_000, 44_400),
    "active_3": (252_600, 842_000, 140_100),
    "active_2": (167_400, 558_000, 93_000),
    "active_1": (80_100, 267_000, 44_400),
}
FIXED = {
    "e": (57_600, 44_400),
    "o": (35_400, 24_600),
    "general": (57_600, 44_400),
    "low_2": (24_600, 24_600),
    "low_1": (15_000, 15_000),
}
OUTPATIENT = {"general": 18_000, "low_2": 8_000, "low_1": 8_000}


@dataclass
class Care:
    """One claim, as the oracle sees it."""

    person: str
    place: tuple[str, str, str]
    is_outpatient: bool
    cost: int
    tenths: int


@dataclass
class World:
    """A household of a month, as the oracle sees it."""

    under_70: str
    from_70: str
    seniors: set[str]
    turning: set[str]
    is_several: bool
    care: list[Care] = field(default_factory=list)


def ceiling(code: str, *, cost: int, is_several: bool, half: bool = False) -> Fraction:
    """The ceiling of a class for a cost."""
    part = Fraction(1, 2) if half else Fraction(1)
    if code in FIXED:
        base, several = FIXED[code]
        return (several if is_several else base) * part
    base, threshold, several = WITH_PERCENT[code]
    if is_several:
        return several * part
    above = max(Fraction(0), cost - threshold * part)
    return base * part + floor(above / 100 + Fraction(1, 2))


def burdens(world: World) -> list[tuple[Care, int]]:
    """Each item (one person at one place) with its burden: the claims of the item summed first."""
    merged: dict[tuple[str, tuple[str, str, str]], Care] = {}
    for care in world.care:
        key = (care.person, care.place)
        if key in merged:
            merged[key].cost += care.cost
        else:
            merged[key] = Care(care.person, care.place, care.is_outpatient, care.cost, care.tenths)
    return [(care, floor(Fraction(care.cost * care.tenths, 10))) for care in merged.values()]


def benefit(world: World) -> int:
    """The whole high-cost benefit of the household, yen."""
    items = burdens(world)
    left: dict[str, Fraction] = {}
    given = Fraction(0)
    for person in world.seniors:
        own = [(care, burden) for care, burden in items if care.person == person]
        out = Fraction(sum(burden for care, burden in own if care.is_outpatient))
        stay = Fraction(sum(burden for care, burden in own if not care.is_outpatient))
        half = person in world.turning
        if world.from_70 in OUTPATIENT:
            most = Fraction(OUTPATIENT[world.from_70], 2 if half else 1)
            given += max(Fraction(0), out - most)
            out = min(out, most)
        bears = out + stay
        if half:
            cost = sum(care.cost for care, _ in own)
            most = ceiling(world.from_70, cost=cost, is_several=world.is_several, half=True)
            given += max(Fraction(0), bears - most)
            bears = min(bears, most)
        left[person] = bears
    senior_cost = sum(care.cost for care, _ in items if care.person in world.seniors)
    senior_left = sum(left.values(), Fraction(0))
    if left:
        most = ceiling(world.from_70, cost=senior_cost, is_several=world.is_several)
        given += max(Fraction(0), senior_left - most)
        senior_left = min(senior_left, most)
    young = [(c, b) for c, b in items if c.person not in world.seniors and b >= 21_000]
    if young:
        cost = senior_cost + sum(care.cost for care, _ in young)
        bears = senior_left + sum(burden for _, burden in young)
        most = ceiling(world.under_70, cost=cost, is_several=world.is_several)
        given += max(Fraction(0), bears - most)
    assert given.denominator == 1, given
    return int(given)
