"""Where the law takes a person to live: the address, or that of students and residents of institutions."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY, Period, covering, intersect, subtract
from kyufu.law.kokuho.enrolment.facts import InstitutionStay, PersonFacts


class Ground(StrEnum):
    """Why a municipality is that of the person: the address, study (法116条) or an institution (法116条の2)."""

    ADDRESS = "address"
    STUDY = "study"
    INSTITUTION = "institution"


class Place(NamedTuple):
    """A municipality where a person lives for the law, for some days, and why."""

    municipality: str
    period: Period
    ground: Ground


def places_of(facts: PersonFacts) -> tuple[Place, ...]:
    """The municipalities in which the person lives for the law, in order (国民健康保険法第5条、第116条、第116条の2).

    A student goes before an institution: who studies is taken into the household at home.
    """
    places = [Place(each.municipality, each.period, Ground.ADDRESS) for each in facts.residences]
    for stay, origin in _origins(facts):
        places = _replaced(places, by=Place(origin, stay.period, Ground.INSTITUTION), at=stay.municipality)
    for study in facts.studies:
        places = _replaced(places, by=Place(study.home_municipality, study.period, Ground.STUDY), at=None)
    return tuple(sorted(places, key=lambda each: each.period.start))


def _origins(facts: PersonFacts) -> Iterable[tuple[InstitutionStay, str]]:
    """Each stay with the municipality of before; a stay that follows another at once keeps that of the first."""
    last: tuple[InstitutionStay, str] | None = None
    for stay in sorted(facts.institutions, key=lambda each: each.period.start):
        follows = last is not None and last[0].period.end == stay.period.start
        origin = last[1] if last is not None and follows else _lived_before(stay, facts=facts)
        last = None if origin is None else (stay, origin)
        if last is not None:
            yield last


def _lived_before(stay: InstitutionStay, *, facts: PersonFacts) -> str | None:
    day = stay.period.start - ONE_DAY
    held = [each for each in facts.residences if covering([each.period], day=day)]
    return held[0].municipality if held else None


def _replaced(places: list[Place], *, by: Place, at: str | None) -> list[Place]:
    """The places with another municipality for the days on which the person lives elsewhere (at `at`, if given)."""
    found: list[Place] = []
    for place in places:
        common = intersect(place.period, by.period)
        if common is None or place.municipality == by.municipality or at not in (None, place.municipality):
            found.append(place)
            continue
        found += [place._replace(period=rest) for rest in subtract(place.period, removed=common)]
        found.append(by._replace(period=common))
    return found


def runs_in(places: Iterable[Place], *, code: str) -> tuple[Period, ...]:
    """The runs of days in a municipality, or in a prefecture where the code is that of one (its first two digits)."""
    runs: list[Period] = []
    for place in places:
        if not place.municipality.startswith(code):
            continue
        if runs and runs[-1].end == place.period.start:
            runs[-1] = Period(runs[-1].start, place.period.end)
        else:
            runs.append(place.period)
    return tuple(runs)
