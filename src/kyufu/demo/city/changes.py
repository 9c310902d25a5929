"""Writes what happened in the weeks after the full file: the rows of the difference files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kyufu.demo.city import names
from kyufu.demo.city.households import Setting, make_household
from kyufu.demo.city.people import (
    CHILD,
    DEAD,
    HEAD,
    LODGER,
    MOVED_OUT,
    SPOUSE,
    Household,
    Person,
    make_relative,
    random_address,
)  # fmt: skip
from kyufu.demo.city.register import (
    BIRTH,
    CORRECTION,
    DEATH,
    MOVE_IN,
    MOVE_OUT,
    MOVE_WITHIN,
    NEW_HEAD,
    NEW_HOUSEHOLD,
    NEW_NAME,
    NEW_RELATION,
    event_row,
    neighbours_of,
)  # fmt: skip

SHARE_OF_HOUSEHOLDS = 0.03
WEEKS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What a kind of change needs: the household, the day it happens, the setting, and where rows go."""

    household: Household
    day: int
    setting: Setting
    rows: list[str]

    def write(
        self, person: Person, *, reason: str, former: str = "", branch: int = 0, cancels: int = 0
    ) -> None:
        """Write the person as they are now, as an event of the day of this change."""
        self.rows.append(
            event_row(person, reason=reason, day=self.day, former=former, branch=branch, cancels=cancels)
        )


def write_changes(household: Household, *, setting: Setting, used: list[int], rows: list[str]) -> None:
    """Let something happen to some households: of the kinds that suit them the one that happened least.

    `used` counts what happened in this chunk, by the place of its kind in KINDS; it starts as noughts.
    """
    random = setting.random.random
    if random() >= SHARE_OF_HOUSEHOLDS:
        return
    change = Change(household, setting.as_of + 1 + int(random() * WEEKS * 7), setting, rows)
    for place in sorted(range(len(KINDS)), key=used.__getitem__):
        if KINDS[place](change):
            used[place] += 1
            return


def _bear(change: Change) -> bool:
    members = change.household.members
    if len(members) < 2 or members[1].relation != SPOUSE:
        return False
    mother = members[0] if members[0].sex == 2 else members[1]
    if not 18 * 365 < change.day - mother.born < 44 * 365:
        return False
    number = change.setting.counters.take()
    my_number = change.setting.counters.my_number(number)
    baby = make_relative(
        members[0],
        number=number,
        my_number=my_number,
        sex=1 + change.day % 2,
        born=change.day,
        relation=CHILD,
    )
    change.write(baby, reason=BIRTH)
    return True


def _neighbour(change: Change) -> str:
    listed = neighbours_of(change.setting.city)
    return listed[change.day % len(listed)]


def _move_in(change: Change) -> bool:
    newcomers = make_household(change.setting)
    origin = _neighbour(change)
    for person in newcomers.members:
        change.write(person, reason=MOVE_IN, former=origin)
    return True


def _move_within(change: Change) -> bool:
    _, address = random_address(change.setting.towns, random=change.setting.random)
    for person in change.household.members:
        person.address = address
        change.write(person, reason=MOVE_WITHIN)
    return True


def _move_out(change: Change) -> bool:
    destination = _neighbour(change)
    for person in change.household.members:
        person.status = MOVED_OUT
        change.write(person, reason=MOVE_OUT, former=destination)
    return True


def _die(change: Change) -> bool:
    members = change.household.members
    oldest = min(members, key=lambda person: person.born)
    if change.day - oldest.born < 68 * 365:
        return False
    oldest.status = DEAD
    change.write(oldest, reason=DEATH)
    survivors = [person for person in members if person is not oldest]
    if oldest.relation == HEAD and survivors:
        survivors[0].relation = HEAD
        change.write(survivors[0], reason=NEW_HEAD)
    return True


def _rename(change: Change) -> bool:
    person = change.household.members[-1]
    if person.relation != CHILD or person.roman:
        return False
    given = names.GIVEN_NAMES[person.sex]
    person.given, person.given_kana = given[change.day % len(given)]
    change.write(person, reason=NEW_NAME)
    return True


def _found_household(change: Change) -> bool:
    person = change.household.members[-1]
    if person.relation != CHILD or change.day - person.born < 19 * 365:
        return False
    person.household, person.relation = f"9{change.setting.counters.take():014d}", HEAD
    change.write(person, reason=NEW_HOUSEHOLD)
    return True


def _change_relation(change: Change) -> bool:
    """A lodger marries the head, or a couple without children divorces and goes on sharing the home."""
    person = change.household.members[-1]
    if person.relation not in (LODGER, SPOUSE):
        return False
    person.relation = LODGER if person.relation == SPOUSE else SPOUSE
    change.write(person, reason=NEW_RELATION)
    return True


def _correct_reading(change: Change) -> bool:
    """A correction of the reading ex officio, then one that puts right the first (same history number)."""
    person = change.household.members[0]
    person.given_kana += "コ"
    change.write(person, reason=CORRECTION)
    person.given_kana = person.given_kana[:-1] + "ミ"
    change.write(person, reason=CORRECTION, branch=1)
    return True


def _take_back_move(change: Change) -> bool:
    """A move out that is cancelled some days later: nothing is to be left of it."""
    person = change.household.members[0]
    if len(change.household.members) > 1:
        return False
    person.status = MOVED_OUT
    change.write(person, reason=MOVE_OUT, former=_neighbour(change))
    change.write(person, reason=MOVE_OUT, branch=1, cancels=1)
    person.status = "1"
    return True


KINDS: tuple[Callable[[Change], bool], ...] = (
    _bear, _move_in, _move_within, _move_out, _die, _rename, _found_household, _change_relation,
    _correct_reading, _take_back_move,
)  # fmt: skip
