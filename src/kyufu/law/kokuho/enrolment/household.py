"""The household (世帯): who must pay, pseudo-heads, 特定同一世帯所属者 and 特定世帯, former dependants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.ages import age_at_end_of
from kyufu.law.calendar.months import YearMonth, month_of, months_later
from kyufu.law.calendar.period import ONE_DAY, Period, covering
from kyufu.law.decision import Citation, Reason
from kyufu.law.kokuho.answer import Undecidable
from kyufu.law.kokuho.enrolment.facts import InsuranceKind, PersonFacts
from kyufu.law.kokuho.enrolment.parameters import EnrolmentRules
from kyufu.law.kokuho.enrolment.spans import Cause, Span
from kyufu.law.kokuho.specified import specified_month

HEAD = Citation("国民健康保険における「世帯主」の取扱いについて", "平成13年12月25日保発第291号", "official")
SPECIFIED = Citation("国民健康保険法施行令", "第29条の7第2項（特定同一世帯所属者・特定世帯）", "secondary")
DEPENDANT = Citation("市町村の国民健康保険（料）条例", "旧被扶養者の減免", "secondary")
_INSURED_ELSEWHERE = frozenset({InsuranceKind.EMPLOYEES, InsuranceKind.DEPENDANT})
_LATE_ELDERLY = frozenset({Cause.LATE_ELDERLY_AGE, Cause.LATE_ELDERLY_DISABILITY})


class Change(NamedTuple):
    """A request to make an insured member the head for national health insurance (世帯主変更届).

    Each condition of the notice is None where it is not known.
    """

    new_head: str
    accepted_on: date
    old_head_agrees: bool | None
    nothing_owed: bool | None
    duties_assured: bool | None


class Member(NamedTuple):
    """One member of the household: the days of belonging to it, and the enrolments in the municipality."""

    ref: str
    belongs: Period
    enrolments: tuple[Span, ...]


class Headship(NamedTuple):
    """Who is head of the household in the resident register (住民票の世帯主), from when to when."""

    head: str
    period: Period


class HeadKind(StrEnum):
    """The head is insured, is not (擬制世帯主), or is an insured member who took the place of a pseudo-head."""

    INSURED = "insured"
    PSEUDO = "pseudo"
    CHANGED = "changed"


class Head(NamedTuple):
    """Who must notify and pay (法第9条、第76条), and in which capacity."""

    ref: str
    kind: HeadKind


class HouseholdKind(StrEnum):
    """What of the household part is asked: all, a half (特定世帯) or three quarters (特定継続世帯)."""

    ORDINARY = "ordinary"
    SPECIFIED = "specified"
    CONTINUING = "continuing"


class FormerDependant(NamedTuple):
    """The months in which the per-head part of a former dependant is halved; the income part has no end."""

    start: YearMonth
    end: YearMonth


NO_INSURED = Reason("household.no_insured", "この日に世帯に国民健康保険の被保険者がいません。", HEAD)
NO_HEAD = Reason("household.no_head", "この日の住民票の世帯主が分かりません。", HEAD)
CHANGE_UNKNOWN = Reason("household.change_unknown", "世帯主の変更の要件が確かめられていません。", HEAD)


def head_on(
    on: date, *, members: Sequence[Member], headships: Sequence[Headship], change: Change | None
) -> Head | Undecidable:
    """The head of the household for national health insurance on a day (平成13年保発第291号).

    The head of the register pays even where not insured; on request an insured member takes the place of a pseudo-head
    who agrees, as long as nothing is owed, the duties are assured and the old head is not insured.
    """
    insured = insured_refs(members, on=on)
    if not insured:
        return Undecidable((NO_INSURED,), ("国民健康保険の被保険者である世帯員",))
    held = [each for each in headships if on in each.period]
    if not held:
        return Undecidable((NO_HEAD,), ("住民票の世帯主",))
    head = held[0].head
    if head in insured:
        return Head(head, HeadKind.INSURED)
    if change is None or on < change.accepted_on or change.new_head not in insured:
        return Head(head, HeadKind.PSEUDO)
    conditions = (change.old_head_agrees, change.nothing_owed, change.duties_assured)
    if False in conditions:
        return Head(head, HeadKind.PSEUDO)
    if None in conditions:
        return Undecidable((CHANGE_UNKNOWN,), ("擬制世帯主の同意、完納、届出と納付の見込み",))
    return Head(change.new_head, HeadKind.CHANGED)


def insured_refs(members: Sequence[Member], *, on: date) -> frozenset[str]:
    """The members who belong to the household and are insured on a day."""
    return frozenset(
        each.ref
        for each in members
        if on in each.belongs and any(on in span.period for span in each.enrolments)
    )


def specified_since(member: Member, *, headships: Sequence[Headship], on: date) -> date | None:
    """Since when a member is 特定同一世帯所属者: the loss of the qualification to the medical care of the late elderly.

    None where the member did not go from national health insurance to it, or no longer belongs to the same household
    with the same head since the day before the loss (令第29条の7第2項).
    """
    for span in member.enrolments:
        if span.lost_by not in _LATE_ELDERLY or span.lost_on is None or on < span.lost_on:
            continue
        before = span.lost_on - ONE_DAY
        together = before in member.belongs and on in member.belongs
        headship = covering([each.period for each in headships], day=before)
        if together and headship is not None and on in headship and not _insured_again(member, on=on):
            return span.lost_on
    return None


def household_kind(
    month: YearMonth, *, insured: int, specified: Sequence[date], rules: EnrolmentRules
) -> HouseholdKind:
    """Which household part is asked in a month of a household with so many insured and 特定同一世帯所属者 since days.

    The days are those of the loss. 特定世帯 for 60 months from 特定月 on, 特定継続世帯 for 36 more, where one insured
    is left.
    """
    if insured != 1 or not specified:
        return HouseholdKind.ORDINARY
    since = specified_month(max(specified) - ONE_DAY)
    if month < months_later(since, months=rules.specified_months):
        return HouseholdKind.SPECIFIED
    ends = months_later(since, months=rules.specified_months + rules.continuing_months)
    return HouseholdKind.CONTINUING if month < ends else HouseholdKind.ORDINARY


def former_dependant(
    span: Span, *, person: PersonFacts, worker_joined_late_elderly_on: date | None, rules: EnrolmentRules
) -> FormerDependant | None:
    """The months of the relief for a former dependant (旧被扶養者), None where the person is none.

    65 or older on the day of acquisition, the day before a dependant of a worker who on that day became insured with
    the medical care of the late elderly; 国保組合 does not count.
    """
    day, birth_date = span.acquired_on, person.birth_date
    if birth_date is None or age_at_end_of(birth_date, day=day) < rules.former_dependant_age:
        return None
    was_dependant = any(
        each.kind is InsuranceKind.DEPENDANT and day - ONE_DAY in each.period
        for each in person.other_insurances or ()
    )
    if not was_dependant or worker_joined_late_elderly_on != day:
        return None
    start = month_of(day)
    return FormerDependant(start, months_later(start, months=rules.former_dependant_months))


def _insured_again(member: Member, *, on: date) -> bool:
    return any(on in span.period for span in member.enrolments)
