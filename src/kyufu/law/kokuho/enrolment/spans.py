"""From when to when a person is insured, and why it began and ended (国民健康保険法第7条、第8条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY, Period, gaps, union
from kyufu.law.kokuho.enrolment.facts import InsuranceKind, PersonFacts
from kyufu.law.kokuho.enrolment.parameters import AgeRules
from kyufu.law.kokuho.enrolment.places import Place, runs_in


class Cause(StrEnum):
    """Why an enrolment begins or ends; the value is the Japanese word of the ledger."""

    MOVE_IN = "転入"
    BIRTH = "出生"
    LEFT_EMPLOYEES = "被用者保険離脱"
    LEFT_GUILD = "国保組合離脱"
    ASSISTANCE_ENDED = "生活保護廃止"
    LEFT_LATE_ELDERLY = "後期高齢者医療の障害認定の撤回"
    MOVE_OUT = "転出"
    DEATH = "死亡"
    JOINED_EMPLOYEES = "被用者保険加入"
    JOINED_GUILD = "国保組合加入"
    ASSISTANCE_STARTED = "生活保護開始"
    LATE_ELDERLY_AGE = "後期高齢者医療（75歳到達）"
    LATE_ELDERLY_DISABILITY = "後期高齢者医療（障害認定）"


# Art. 8 (2): on the very day; the other causes of art. 6 on the day after.
ON_THE_DAY = frozenset({Cause.JOINED_GUILD, Cause.ASSISTANCE_STARTED})
# What of art. 6, nos. 1 to 8, ends an enrolment: the month of its day is not charged, even where it is the last day.
BY_OTHER_INSURANCE = frozenset(
    {Cause.JOINED_EMPLOYEES, Cause.LATE_ELDERLY_AGE, Cause.LATE_ELDERLY_DISABILITY}
)
_CAUSES = {
    InsuranceKind.EMPLOYEES: (Cause.JOINED_EMPLOYEES, Cause.LEFT_EMPLOYEES),
    InsuranceKind.DEPENDANT: (Cause.JOINED_EMPLOYEES, Cause.LEFT_EMPLOYEES),
    InsuranceKind.GUILD: (Cause.JOINED_GUILD, Cause.LEFT_GUILD),
    InsuranceKind.LATE_ELDERLY: (Cause.LATE_ELDERLY_DISABILITY, Cause.LEFT_LATE_ELDERLY),
}


class Span(NamedTuple):
    """An enrolment: the day of acquisition (資格取得日), the day of loss (資格喪失日), and the causes.

    `ended_on` is the day of the event that ended it (転出した日, 加入した日), from which the months are counted where
    the law says so; None, as the loss, while it runs.
    """

    acquired_on: date
    acquired_by: Cause
    lost_on: date | None
    lost_by: Cause | None
    ended_on: date | None

    @property
    def period(self) -> Period:
        """The days of the enrolment."""
        return Period(self.acquired_on, self.lost_on)


class Exclusion(NamedTuple):
    """Days on which the person is not insured here (法第6条), why they begin, and why they end."""

    period: Period
    begins: Cause
    ends: Cause


def late_elderly_on(birth_date: date, *, rules: AgeRules) -> date:
    """The day on which the medical care of the late elderly begins: the 75th birthday (高齢者医療確保法第52条).

    Who is born on 29 February has it on 1 March of a year without that day.
    """
    year = birth_date.year + rules.late_elderly_age
    if (birth_date.month, birth_date.day) == (2, 29) and not _is_leap(year):
        return date(year, 3, 1)
    return birth_date.replace(year=year)


def exclusions_of(facts: PersonFacts, *, birth_date: date, rules: AgeRules) -> tuple[Exclusion, ...]:
    """Everything that keeps a person out of national health insurance (国民健康保険法第6条)."""
    found = [Exclusion(each.period, *_CAUSES[each.kind]) for each in facts.other_insurances or ()]
    found += [
        Exclusion(each, Cause.ASSISTANCE_STARTED, Cause.ASSISTANCE_ENDED) for each in facts.public_assistance
    ]
    from_birthday = Period(late_elderly_on(birth_date, rules=rules), None)
    found.append(Exclusion(from_birthday, Cause.LATE_ELDERLY_AGE, Cause.LEFT_LATE_ELDERLY))
    return tuple(found)


def spans_in(
    code: str,
    *,
    places: Sequence[Place],
    facts: PersonFacts,
    birth_date: date,
    exclusions: Sequence[Exclusion],
) -> tuple[Span, ...]:
    """The enrolments in a municipality, or of the qualification in a prefecture by its two digits, in order."""
    covered = union(each.period for each in exclusions)
    arrivals = frozenset(each.period.start for each in places)
    spans: list[Span] = []
    for run in _until_death(runs_in(places, code=code), died_on=facts.died_on, arrivals=arrivals):
        for piece in gaps(covered, within=run):
            acquired_by = _acquired_by(piece, run=run, birth_date=birth_date, exclusions=exclusions)
            lost = _lost(piece, run=run, died_on=facts.died_on, arrivals=arrivals, exclusions=exclusions)
            spans.append(Span(piece.start, acquired_by, *lost))
    return tuple(spans)


def _until_death(runs: Sequence[Period], *, died_on: date | None, arrivals: frozenset[date]) -> list[Period]:
    if died_on is None:
        return list(runs)
    after = died_on + ONE_DAY

    def lasts_until_death(run: Period) -> bool:
        # A register may close the address on the day of death itself; who moved that day lived elsewhere.
        return run.end is None or run.end > died_on or (run.end == died_on and died_on not in arrivals)

    return [
        Period(run.start, after) if lasts_until_death(run) else run for run in runs if run.start <= died_on
    ]


def _acquired_by(piece: Period, *, run: Period, birth_date: date, exclusions: Sequence[Exclusion]) -> Cause:
    ended = [each.ends for each in exclusions if each.period.end == piece.start]
    if piece.start == birth_date:
        return Cause.BIRTH
    return ended[0] if ended and piece.start != run.start else Cause.MOVE_IN


def _lost(
    piece: Period,
    *,
    run: Period,
    died_on: date | None,
    arrivals: frozenset[date],
    exclusions: Sequence[Exclusion],
) -> tuple[date | None, Cause | None, date | None]:
    """The day of loss, its cause and the day of the event; all None while the enrolment runs."""
    end = piece.end
    if end is None:
        return None, None, None
    if died_on is not None and end == died_on + ONE_DAY and end == run.end:
        return end, Cause.DEATH, died_on
    begun = [each.begins for each in exclusions if each.period.start == end]
    if end == run.end and (end in arrivals or not begun):
        return (end if end in arrivals else end + ONE_DAY), Cause.MOVE_OUT, end
    same_day = [each for each in begun if each in ON_THE_DAY]
    return (end, same_day[0], end) if same_day else (end + ONE_DAY, begun[0], end)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
