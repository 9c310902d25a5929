"""Which readings look odd, and why, in words that the reader and the reviewer understand (pure, no database).

What is known of persons and staff is handed in: the register lies above the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from kyufu.audit.parameters import ReviewLimits
from kyufu.platform.clock import JAPAN

SATURDAY = 5
# Local Autonomy Act (地方自治法) art. 4-2 and the cities' ordinances on holidays (休日条例).
YEAR_END = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


class Signal(StrEnum):
    """A sign that a reading may not have been for the work."""

    FAMILY = "family"
    SAME_NAME = "same_name"
    NEIGHBOUR = "neighbour"
    COLLEAGUE = "colleague"
    PUBLIC_EYE = "public_eye"
    PROTECTED = "protected"
    NO_CASE = "no_case"
    FOREIGN_CASE = "foreign_case"
    NIGHT = "night"
    HOLIDAY = "holiday"
    MANY = "many"


_REASONS = {
    Signal.FAMILY: "本人または同じ世帯・家族の情報を見ています（{count}人）",
    Signal.SAME_NAME: "氏が同じ人の情報を見ています（{count}人）",
    Signal.NEIGHBOUR: "近所に住む人の情報を見ています（{count}人）",
    Signal.COLLEAGUE: "職員の情報を見ています（{count}人）",
    Signal.PUBLIC_EYE: "著名人などの一覧にある人の情報を見ています（{count}人）",
    Signal.PROTECTED: "支援措置の対象者の情報を見ています（{count}人）",
    Signal.NO_CASE: "処理中の案件がない人の情報を見ています（{count}人）",
    Signal.FOREIGN_CASE: "入力された受付番号は、見ている人の申請のものではありません",
    Signal.NIGHT: "夜間（{hour}時台）に見ています",
    Signal.HOLIDAY: "閉庁日に見ています",
    Signal.MANY: "{minutes}分のうちに{count}人の情報を見ています",
}


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person who was read; keys are empty where nothing is known, and compare within a day only."""

    surname_key: str = ""
    address_key: str = ""
    household_key: str = ""
    is_staff: bool = False
    is_protected: bool = False
    has_open_case: bool = False
    case_numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """What is known of a member of staff who read: the same keys, and the persons that are themselves or family."""

    surname_key: str = ""
    address_key: str = ""
    household_key: str = ""
    own: frozenset[int] = field(default_factory=frozenset)


class FactsSupplier(Protocol):
    """Who knows the persons and the staff: a module above the log."""

    def persons(self, addressee_ids: Collection[int]) -> Mapping[int, PersonFacts]:
        """The facts of persons, by addressee id."""

    def staff(self, staff_numbers: Collection[str]) -> Mapping[str, StaffFacts]:
        """The facts of members of staff, by staff number."""


class RecordedRead(NamedTuple):
    """A record of the log as far as it is judged."""

    number: int
    at: datetime
    reference: UUID | None
    staff_no: str
    name: str
    office: str
    case_no: str
    subjects: tuple[int, ...]


class OddRead(NamedTuple):
    """A reading with the signals that it gave, their points, and the reasons in Japanese."""

    read: RecordedRead
    score: int
    signals: tuple[Signal, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """By what readings are measured: weights of the signals, limits, holidays, and who is in the public eye."""

    weights: Mapping[str, int]
    limits: ReviewLimits
    holidays: frozenset[date]
    public_eye: frozenset[int]

    def is_closed(self, at: datetime) -> bool:
        """Was the office closed on that day (閉庁日: 土日、祝日、年末年始)?"""
        day = at.astimezone(JAPAN).date()
        return day.weekday() >= SATURDAY or day in self.holidays or (day.month, day.day) in YEAR_END

    def is_night(self, at: datetime) -> bool:
        """Was it at night (夜間)?"""
        hour = at.astimezone(JAPAN).hour
        return hour >= self.limits.night_from or hour < self.limits.night_to


def odd_reads(reads: Sequence[RecordedRead], *, facts: FactsSupplier, yardstick: Yardstick) -> list[OddRead]:
    """The readings that reach the queue's score, the oddest first."""
    persons = facts.persons({one for read in reads for one in read.subjects})
    staff = facts.staff({read.staff_no for read in reads})
    crowds = _persons_around(reads, minutes=yardstick.limits.many_minutes)
    found = []
    for read in reads:
        reader = staff.get(read.staff_no, StaffFacts())
        counts = _person_signals(read, reader=reader, persons=persons, public_eye=yardstick.public_eye)
        counts |= _time_signals(read, yardstick=yardstick)
        if crowds[read.number] >= yardstick.limits.many_persons:
            counts[Signal.MANY] = crowds[read.number]
        score = sum(yardstick.weights.get(signal, 0) for signal in counts)
        if score >= yardstick.limits.queue_score:
            found.append(
                OddRead(read, score, tuple(counts), _reasons(read, counts=counts, yardstick=yardstick))
            )
    return sorted(found, key=lambda odd: (-odd.score, odd.read.number))


def _person_signals(
    read: RecordedRead, *, reader: StaffFacts, persons: Mapping[int, PersonFacts], public_eye: frozenset[int]
) -> dict[Signal, int]:
    counts: dict[Signal, int] = defaultdict(int)
    # Anybody may type a number: it speaks for a reading only where it is that of somebody who was read.
    named = any(read.case_no in persons.get(one, PersonFacts()).case_numbers for one in read.subjects)
    counts[Signal.FOREIGN_CASE] += read.case_no != "" and not named
    for subject in read.subjects:
        person = persons.get(subject, PersonFacts())
        for signal in _relation(subject, person=person, reader=reader):
            counts[signal] += 1
        counts[Signal.PUBLIC_EYE] += subject in public_eye
        counts[Signal.PROTECTED] += person.is_protected
        counts[Signal.NO_CASE] += not person.has_open_case and not named
    return {signal: count for signal, count in counts.items() if count}


def _relation(subject: int, *, person: PersonFacts, reader: StaffFacts) -> Iterable[Signal]:
    """The nearest relation alone counts: who is family has the same name and address anyway."""
    if subject in reader.own or _equal(person.household_key, reader.household_key):
        return (Signal.FAMILY,)
    signals = [Signal.COLLEAGUE] if person.is_staff else []
    if _equal(person.address_key, reader.address_key):
        signals.append(Signal.NEIGHBOUR)
    if _equal(person.surname_key, reader.surname_key):
        signals.append(Signal.SAME_NAME)
    return signals


def _equal(one: str, other: str) -> bool:
    return one != "" and one == other


def _time_signals(read: RecordedRead, *, yardstick: Yardstick) -> dict[Signal, int]:
    found = {Signal.NIGHT: yardstick.is_night(read.at), Signal.HOLIDAY: yardstick.is_closed(read.at)}
    return {signal: 1 for signal, holds in found.items() if holds}


def _persons_around(reads: Iterable[RecordedRead], *, minutes: int) -> dict[int, int]:
    """For each reading, how many persons the same member of staff read within the minutes that end with it."""
    by_reader: dict[str, list[RecordedRead]] = defaultdict(list)
    for read in sorted(reads, key=lambda one: (one.at, one.number)):
        by_reader[read.staff_no].append(read)
    counts: dict[int, int] = {}
    for own in by_reader.values():
        start = 0
        window: dict[int, int] = defaultdict(int)
        for read in own:
            for subject in read.subjects:
                window[subject] += 1
            while own[start].at <= read.at - timedelta(minutes=minutes):
                for subject in own[start].subjects:
                    window[subject] -= 1
                    if not window[subject]:
                        del window[subject]
                start += 1
            counts[read.number] = len(window)
    return counts


def _reasons(read: RecordedRead, *, counts: Mapping[Signal, int], yardstick: Yardstick) -> tuple[str, ...]:
    heaviest = sorted(counts, key=lambda signal: -yardstick.weights.get(signal, 0))
    hour, minutes = read.at.astimezone(JAPAN).hour, yardstick.limits.many_minutes
    return tuple(_REASONS[one].format(count=counts[one], hour=hour, minutes=minutes) for one in heaviest)
