"""What the register tells otherwise of a child and a guardian than at an instant: that it changed, never what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

# The last thing told of a person counts, then and now; a merged person (名寄せ) is the one merged into.
_VERSIONS = """
WITH asked (place, person, known_at) AS (
  SELECT q.place, coalesce(a.merged_into_id, a.id), q.known_at
    FROM unnest(%(ids)s::bigint[], %(instants)s::timestamptz[]) WITH ORDINALITY AS q (id, known_at, place)
         JOIN registry_addressee a ON a.id = q.id)
SELECT asked.place, upper_inf(v.recorded), v.recorded @> asked.known_at AND upper_inf(v.valid), e.history_no,
       lower(v.valid), e.name, e.status, e.household_no,
       concat_ws('|', e.ward_code, e.prefecture, e.city, e.town, e.house_number, e.building)
  FROM asked JOIN registry_person_version v ON v.addressee_id = asked.person
       AND (upper_inf(v.recorded) OR v.recorded @> asked.known_at AND upper_inf(v.valid))
       JOIN registry_person_event e ON e.id = v.event_id
 ORDER BY asked.place, lower(v.valid)
"""
RESIDENT = "1"


class FactChange(NamedTuple):
    """A change: a mark that stays the same however often the same change is told, and the day from which it holds."""

    mark: str
    since: date


class Pair(NamedTuple):
    """A child, the guardian on the application, and the moment at which the facts were last told and looked at."""

    child_id: int
    guardian_id: int
    known_at: datetime


class RegisterCompared(NamedTuple):
    """What changed since the moment, None where it did not: no name, no place, no household is told.

    `guardian_gone`: was a resident, and moved out of the city or died; `apart`: the two lived in one household, and are
    now registered in two; `child_moved`: is registered at another address of the city.
    """

    child_renamed: FactChange | None = None
    child_moved: FactChange | None = None
    guardian_renamed: FactChange | None = None
    guardian_gone: FactChange | None = None
    apart: FactChange | None = None


class Told(NamedTuple):
    """A version of a person, as far as it is compared."""

    history_no: int
    since: date
    name: str
    status: str
    household: str
    place: str


class History(NamedTuple):
    """What was told of a person last at the moment (None: nothing), and all that is held true now, oldest first."""

    then: Told | None
    chain: tuple[Told, ...]


UNKNOWN = History(None, ())


def register_compared(pairs: Sequence[Pair]) -> tuple[RegisterCompared, ...]:
    """What the register tells otherwise of each pair than at its moment, in the order asked."""
    ids = [one for pair in pairs for one in (pair.child_id, pair.guardian_id)]
    found = _histories(ids, instants=[pair.known_at for pair in pairs for _ in range(2)])
    return tuple(
        compare(found.get(2 * place + 1, UNKNOWN), guardian=found.get(2 * place + 2, UNKNOWN))
        for place in range(len(pairs))
    )


def compare(child: History, *, guardian: History) -> RegisterCompared:
    """The same of two histories."""
    return RegisterCompared(
        child_renamed=_changed(child, by=lambda one: one.name),
        child_moved=_changed(child, by=lambda one: one.place) if _stayed(child) else None,
        guardian_renamed=_changed(guardian, by=lambda one: one.name),
        guardian_gone=_gone(guardian),
        apart=_apart(child, guardian=guardian),
    )


def _changed(history: History, *, by: Callable[[Told], str]) -> FactChange | None:
    if history.then is None or not history.chain or by(history.then) == by(history.chain[-1]):
        return None
    return _change(_first_alike(history.chain, by=by))


def _gone(guardian: History) -> FactChange | None:
    if guardian.then is None or guardian.then.status != RESIDENT or not guardian.chain:
        return None
    if guardian.chain[-1].status == RESIDENT:
        return None
    return _change(_first_alike(guardian.chain, by=lambda one: str(one.status == RESIDENT)))


def _apart(child: History, *, guardian: History) -> FactChange | None:
    if child.then is None or guardian.then is None or not (_stayed(child) and _stayed(guardian)):
        return None
    if not child.then.household or child.then.household != guardian.then.household:
        return None
    if child.chain[-1].household == guardian.chain[-1].household:
        return None
    parted = [_first_alike(one.chain, by=lambda told: told.household) for one in (child, guardian)]
    return FactChange("-".join(str(one.history_no) for one in parted), max(one.since for one in parted))


def _stayed(history: History) -> bool:
    """Was the person a resident of the city, and is one now?"""
    was = history.then is not None and history.then.status == RESIDENT
    return was and bool(history.chain) and history.chain[-1].status == RESIDENT


def _first_alike(chain: Sequence[Told], *, by: Callable[[Told], str]) -> Told:
    """The version with which what holds last began."""
    first = chain[-1]
    for one in reversed(chain):
        if by(one) != by(first):
            break
        first = one
    return first


def _change(told: Told) -> FactChange:
    # The number of an event stays when a correction (履歴枝番) tells it again.
    return FactChange(str(told.history_no), told.since)


def _histories(ids: Sequence[int], *, instants: Iterable[datetime]) -> dict[int, History]:
    """By place, counted from 1; one query for all."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, {"ids": list(ids), "instants": list(instants)})
        rows = cursor.fetchall()
    found: dict[int, History] = {}
    for place, is_now, is_then, *told in rows:
        before, one = found.get(place, UNKNOWN), Told(*told)
        found[place] = History(
            one if is_then else before.then, (*before.chain, one) if is_now else before.chain
        )
    return found
