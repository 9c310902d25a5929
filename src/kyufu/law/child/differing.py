"""What a corrected rule changes for a child: from which day on, which class, and in whose favour; pure.

What is owed in yen depends on the treatments, which nobody tells here: only that, and for which days, something is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.period import Period, gaps, intersect, subtract
from kyufu.law.child.parameters import BenefitClass
from kyufu.law.parameters.wording import NOT_SUBSIDISED

# The whole own share; more than any own part that a class has.
EVERYTHING = 10**9


class Held(NamedTuple):
    """A class of benefit for a period."""

    period: Period
    benefit_class: str


class Stretch(NamedTuple):
    """Days on which the answer differs: the class that was held and the one that should have been; None: none."""

    period: Period
    was: str | None
    now: str | None


class Effect(StrEnum):
    """In whose favour an answer differs."""

    OWED = "owed"
    NOT_OWED = "not_owed"
    MIXED = "mixed"

    @property
    def label(self) -> str:
        """The Japanese words for a list."""
        return {
            "owed": "追加で助成すべきもの",
            "not_owed": "助成しすぎたもの",
            "mixed": "受診の内容により有利にも不利にもなるもの",
        }[self.value]

    @property
    def next_step(self) -> str:
        """What a clerk does about it."""
        return {
            "owed": "承認後にお知らせを送り、償還払いの申請を案内する",
            "not_owed": "助成しすぎた期間の受診を確かめ、返還の要否を決める",
            "mixed": "受診の内容を確かめ、追加の助成か返還かを個別に決める",
        }[self.value]


def differences(
    was: Sequence[Held], *, now: Held | None, others: Sequence[Period], since: date
) -> tuple[Stretch, ...]:
    """The days from `since` on whose answer differs, in order; what other decisions hold is theirs to answer for."""
    found = [
        one
        for window in gaps(others, within=Period(since, None))
        for one in _within(window, was=was, now=now)
    ]
    return tuple(sorted(found, key=lambda one: one.period.start))


def effect_of(stretch: Stretch, *, classes: Mapping[str, BenefitClass]) -> Effect:
    """In whose favour a stretch differs: by every kind of own part that the classes have."""
    before, after = (
        _own_parts(None if code is None else classes[code]) for code in (stretch.was, stretch.now)
    )
    pairs = list(zip(before, after, strict=True))
    if all(new <= old for old, new in pairs):
        return Effect.OWED
    return Effect.NOT_OWED if all(new >= old for old, new in pairs) else Effect.MIXED


def own_part_text(benefit_class: BenefitClass | None) -> str:
    """What a family pays under a class, in words: a visit, and in hospital."""
    if benefit_class is None:
        return "助成なし"
    in_hospital = _amount(benefit_class.inpatient_copay)
    if benefit_class.inpatient_percent is not None:
        in_hospital = f"{benefit_class.inpatient_percent}％"
        if benefit_class.inpatient_ceiling is not None:
            in_hospital += f"（月額の上限{benefit_class.inpatient_ceiling:,}円）"
    first = "初診のみ" if benefit_class.first_visit_only else ""
    return f"通院 {first}{_amount(benefit_class.outpatient_copay)}・入院 {in_hospital}"


def _within(window: Period, *, was: Sequence[Held], now: Held | None) -> Iterator[Stretch]:
    after = intersect(now.period, window) if now else None
    before = [(cut, one.benefit_class) for one in was if (cut := intersect(one.period, window))]
    for cut, code in before:
        common = intersect(cut, after) if after else None
        for rest in subtract(cut, removed=common) if common else (cut,):
            yield Stretch(rest, code, None)
        if common and now and now.benefit_class != code:
            yield Stretch(common, code, now.benefit_class)
    if after and now:
        for rest in gaps([cut for cut, _ in before], within=after):
            yield Stretch(rest, None, now.benefit_class)


def _own_parts(one: BenefitClass | None) -> tuple[int, ...]:
    """The own parts that can be compared, yen: a first visit, a later one, at the dentist's, and in hospital."""
    if one is None:
        return (EVERYTHING,) * 4
    visit, in_hospital = _cost(one.outpatient_copay), _cost(one.inpatient_copay)
    later = 0 if one.first_visit_only and visit < EVERYTHING else visit
    if one.inpatient_percent is not None:
        in_hospital = EVERYTHING if one.inpatient_ceiling is None else one.inpatient_ceiling
    return visit, later, visit if one.dental_copay is None else one.dental_copay, in_hospital


def _cost(copay: int) -> int:
    return EVERYTHING if copay == NOT_SUBSIDISED else copay


def _amount(copay: int) -> str:
    if copay == NOT_SUBSIDISED:
        return "助成の対象外"
    return "負担なし" if copay == 0 else f"{copay:,}円"
