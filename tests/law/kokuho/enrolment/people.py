"""Synthetic persons' lives, short: who is not told otherwise was born in June 1980 and lives in Atsugi since then."""

from __future__ import annotations

from datetime import date
from typing import Any

from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.enrolment.facts import (
    EnrolmentFacts,
    InstitutionKind,
    InstitutionStay,
    InsuranceKind,
    Notification,
    OtherInsurance,
    PersonFacts,
    Residence,
    StudyAway,
)
from kyufu.law.kokuho.enrolment.judgement import EnrolmentFound, enrolments_of, judge_enrolment
from kyufu.law.kokuho.enrolment.parameters import AgeRules, EnrolmentRules, ShareRules, rules_on
from kyufu.law.kokuho.enrolment.spans import Span

ATSUGI, EBINA, TOKYO = "142123", "142158", "131016"
KANAGAWA = "14"
BORN = date(1980, 6, 15)
ON = date(2026, 4, 1)
Days = tuple[str, str | None]


def day(text: str) -> date:
    """A day as the tests write it."""
    return date.fromisoformat(text)


def period(days: Days) -> Period:
    """From a day until the day on which it is over, None where it runs."""
    return Period(day(days[0]), None if days[1] is None else day(days[1]))


def lived(*places: tuple[str, str, str | None]) -> tuple[Residence, ...]:
    """Addresses: municipality, from, until."""
    return tuple(Residence(code, period((start, end))) for code, start, end in places)


def insured(*insurances: tuple[str, str, str | None]) -> tuple[OtherInsurance, ...]:
    """Other insurances: kind, from, until."""
    return tuple(OtherInsurance(InsuranceKind(kind), period((start, end))) for kind, start, end in insurances)


def person(
    *,
    born: date | None = BORN,
    residences: tuple[Residence, ...] | None = None,
    insurances: tuple[OtherInsurance, ...] | None = (),
    assistance: tuple[Days, ...] = (),
    died: str | None = None,
    studies: tuple[tuple[str, str, str | None], ...] = (),
    stays: tuple[tuple[str, str, str | None], ...] = (),
    notified: tuple[tuple[str, str], ...] = (),
    exempt: tuple[Days, ...] = (),
) -> PersonFacts:
    """One person's life."""
    return PersonFacts(
        birth_date=born,
        residences=lived((ATSUGI, (born or BORN).isoformat(), None)) if residences is None else residences,
        other_insurances=insurances,
        public_assistance=tuple(period(each) for each in assistance),
        died_on=None if died is None else day(died),
        studies=tuple(StudyAway(code, period((start, end))) for code, start, end in studies),
        institutions=tuple(
            InstitutionStay(InstitutionKind.CARE_FACILITY, code, period((start, end)))
            for code, start, end in stays
        ),
        notifications=tuple(Notification(day(about), day(on)) for about, on in notified),
        care_exempt=tuple(period(each) for each in exempt),
    )


def spans(facts: PersonFacts, *, code: str = ATSUGI) -> tuple[Span, ...]:
    """The enrolments of a person in a municipality, or in a prefecture by two digits."""
    return enrolments_of(facts, municipality=code, birth_date=facts.birth_date or BORN, on=ON)


def told(facts: PersonFacts, *, code: str = ATSUGI) -> list[tuple[str, str, str | None, str | None]]:
    """The enrolments as text: acquired, why, lost, why."""
    return [
        (
            span.acquired_on.isoformat(),
            span.acquired_by.value,
            span.lost_on and span.lost_on.isoformat(),
            span.lost_by and span.lost_by.value,
        )
        for span in spans(facts, code=code)
    ]


def found(facts: PersonFacts, *, on: str, code: str = ATSUGI, **more: Any) -> EnrolmentFound:
    """The answer on a person whose enrolment can be told."""
    value = judge_enrolment(EnrolmentFacts(code, facts, **more), on=day(on)).value
    assert isinstance(value, EnrolmentFound)
    return value


def months(facts: PersonFacts, *, year: int, code: str = ATSUGI) -> list[int]:
    """The charged months of a fiscal year by their number in the calendar."""
    return [month.month for month in found(facts, on=f"{year}-04-01", code=code).charged_months]


def ages() -> AgeRules:
    """The ages in force."""
    return rules_on(ON, into=AgeRules)


def rules() -> EnrolmentRules:
    """The figures of enrolment in force."""
    return rules_on(ON, into=EnrolmentRules)


def share_rules(on: date = ON) -> ShareRules:
    """The figures of the share in force."""
    return rules_on(on, into=ShareRules)
