"""Writes the history of a household in the resident register as events, each the whole person after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kyufu.demo.city import names
from kyufu.demo.city.households import Setting
from kyufu.demo.city.people import (
    DEAD,
    FOREIGN,
    HEAD,
    MOVED_OUT,
    NOT_REGISTERED,
    SPOUSE,
    Household,
    Person,
    iso,
    make_relative,
    random_address,
)  # fmt: skip
from kyufu.notation.municipalities import YOKOHAMA

SNAPSHOT, BIRTH, MOVE_IN, MOVE_WITHIN, MOVE_OUT, DEATH = "00", "10", "20", "30", "40", "50"
NEW_NAME, NEW_HOUSEHOLD, NEW_HEAD, NEW_RELATION, CORRECTION = "60", "70", "71", "72", "80"

_YEAR = 365
# Where people come from and go to by prefecture, the nearest oftener; empty stands for abroad.
_NEIGHBOURS = {
    "14": (
        "141305", "141305", "141305", "142051", "142131", "142042", "142018", "141500", "142123", "142077",
        "142158",
        "131113", "131113", "131121", "132098", "011002", "",
    ),
    "01": (
        "012173", "012173", "012343", "012351", "012319", "012246", "012033", "012041", "012025", "141003",
        "131121", "",
    ),
}  # fmt: skip
_NEIGHBOUR_OF_ITSELF = YOKOHAMA


@cache
def neighbours_of(city: str) -> tuple[str, ...]:
    """Where people of a city come from and go to; where the list names the city itself, Yokohama stands for it."""
    listed = _NEIGHBOURS.get(city[:2], _NEIGHBOURS["14"])
    return tuple(_NEIGHBOUR_OF_ITSELF if code == city else code for code in listed)


def event_row(
    person: Person,
    *,
    reason: str,
    day: int,
    former: str = NOT_REGISTERED,
    notified: int = 0,
    branch: int = 0,
    cancels: int = 0,
) -> str:
    """One row of the resident layout: the person after the event, which gets the next history number.

    A `branch` above 0 corrects the event written last, or takes it back (`cancels` 1), under its number.
    """
    if not branch:
        person.history += 1
    p = person
    return (
        f"{reason},{p.history},{branch},{cancels},{iso(day)},{iso(notified or day)},{p.number},{p.my_number},"
        f"{p.family}　{p.given},{p.family_kana}　{p.given_kana},{p.roman},{p.alias},{p.sex},{p.birth_date},"
        f"{p.birth_note},{p.kind},{p.status},{p.household},{p.relation},{p.address},{former}"
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """What befell a household as a whole: days it settled and moved (0: never), whence, who married."""

    settled: int
    moved: int
    earlier_address: str
    neighbour: str
    married: bool


def write_history(household: Household, *, setting: Setting, rows: list[str]) -> None:
    """The events of a household up to the day of the register, as of which each member then stands."""
    past = _past_of(household, setting=setting)
    head = household.members[0]
    died = _head_died_on(household, setting=setting, past=past)
    if died:
        _write_dead_head(head, setting=setting, settled=past.settled, died=died, rows=rows)
        head.relation = SPOUSE
    for person in household.members:
        _write_member(person, household=household, setting=setting, past=past, rows=rows)
    if died:
        head.relation = HEAD
        rows.append(event_row(head, reason=NEW_HEAD, day=died))


def _past_of(household: Household, *, setting: Setting) -> _Past:
    random = setting.random.random
    grown_up = max(p.born for p in household.members if p.relation in (HEAD, SPOUSE)) + 18 * 366
    settled = max(_settled_on(setting), grown_up)
    moved = _moved_within_on(setting, settled=settled)
    earlier = random_address(setting.towns, random=setting.random)[1] if moved else household.address
    return _Past(settled, moved, earlier, _neighbour(setting), random() < 0.03)


def _write_member(
    person: Person, *, household: Household, setting: Setting, past: _Past, rows: list[str]
) -> None:
    moves = person.born < past.moved
    person.address = past.earlier_address if moves else household.address
    marries = past.married and person.relation == SPOUSE and person.kind != FOREIGN
    own_family = person.family, person.family_kana
    if marries:
        person.family, person.family_kana = names.FAMILY_NAMES[int(setting.random.random() * 500)]
    rows.append(_first_event(person, past=past, setting=setting))
    if moves:
        person.address = household.address
        notified = past.moved + int(setting.random.random() * 14)
        rows.append(event_row(person, reason=MOVE_WITHIN, day=past.moved, notified=notified))
    if marries:
        person.family, person.family_kana = own_family
        last = max(person.since, past.moved)
        day = setting.as_of - int(setting.random.random() * (setting.as_of - last))
        rows.append(event_row(person, reason=NEW_NAME, day=day))


def write_former(household: Household, *, setting: Setting, rows: list[str]) -> None:
    """A household that moved out of the city before the day of the register."""
    settled = setting.as_of - 900 - int(setting.random.random() * 5000)
    left = settled + 300 + int(setting.random.random() * 500)
    destination = _neighbour(setting)
    for person in household.members:
        if person.born >= left:
            continue
        reason, day = (MOVE_IN, settled) if person.born < settled else (BIRTH, person.born)
        rows.append(event_row(person, reason=reason, day=day))
        person.status = MOVED_OUT
        rows.append(event_row(person, reason=MOVE_OUT, day=left, former=destination))


def _neighbour(setting: Setting) -> str:
    listed = neighbours_of(setting.city)
    return listed[int(setting.random.random() * len(listed))]


def _settled_on(setting: Setting) -> int:
    """The day from which the household lives in the city: for a few this year, else up to 40 years ago."""
    random = setting.random.random
    draw = random()
    if draw < 0.045:
        return setting.as_of - 1 - int(random() * 200)
    if draw < 0.35:
        return setting.as_of - 210 - int(random() * 5 * _YEAR)
    return setting.as_of - 5 * _YEAR - int(random() * 35 * _YEAR)


def _moved_within_on(setting: Setting, *, settled: int) -> int:
    """The day of a later move inside the city, 0 when there was none."""
    room = setting.as_of - settled - 60
    if room < 60 or setting.random.random() >= 0.16:
        return 0
    return setting.as_of - 30 - int(setting.random.random() * min(room - 30, 8 * _YEAR))


def _first_event(person: Person, *, past: _Past, setting: Setting) -> str:
    late = int(setting.random.random() * 14)
    if person.born >= past.settled:
        person.since = person.born
        notified = min(person.born + late, setting.as_of)
        return event_row(person, reason=BIRTH, day=person.born, notified=notified)
    person.since = past.settled
    if past.settled < setting.as_of - 12 * _YEAR:
        return event_row(person, reason=SNAPSHOT, day=past.settled)
    notified = min(past.settled + late, setting.as_of)
    return event_row(person, reason=MOVE_IN, day=past.settled, former=past.neighbour, notified=notified)


def _head_died_on(household: Household, *, setting: Setting, past: _Past) -> int:
    """The day the first head died, 0 for most; the member listed first then became the head."""
    if setting.random.random() >= 0.02 or len(household.members) == 1 or past.moved or past.married:
        return 0
    died = setting.as_of - 25 - int(setting.random.random() * 600)
    return died if died > max(past.settled, household.members[-1].born) else 0


def _write_dead_head(survivor: Person, *, setting: Setting, settled: int, died: int, rows: list[str]) -> None:
    number = setting.counters.take()
    dead = make_relative(
        survivor, number=number, my_number=setting.counters.my_number(number), sex=3 - survivor.sex,
        born=survivor.born - 700, relation=HEAD,
    )  # fmt: skip
    rows.append(event_row(dead, reason=SNAPSHOT, day=settled))
    dead.status = DEAD
    rows.append(event_row(dead, reason=DEATH, day=died))
