"""What the registry knows of persons; as known now, or as it was known at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any

from django.db import connection

from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.child.facts import Residence
from kyufu.registry.sheltered import sheltered_ids
from kyufu.registry.views import PersonFacts, PersonView, RegisteredAddress, Status

Row = tuple[Any, ...]

MOVE_IN, DEAD = "20", "3"
_STATUSES = {"1": Status.RESIDENT, "2": Status.MOVED_OUT, DEAD: Status.DEAD}
_NOW = "upper_inf(v.recorded)"
_THEN = "v.recorded @> %(known_at)s"
# A person merged into another (名寄せ) is the other one.
_ASKED = """
asked (id, person) AS (
  SELECT q.id, coalesce(a.merged_into_id, a.id)
    FROM unnest(%(ids)s::bigint[]) AS q (id) JOIN registry_addressee a ON a.id = q.id)
"""
_FACTS = """
WITH {asked}
SELECT asked.id, lower(v.valid), upper(v.valid), e.birth_date, e.municipality, e.kind, e.other_municipality,
       e.status
  FROM asked JOIN registry_person_version v ON v.addressee_id = asked.person AND {known}
       JOIN registry_person_event e ON e.id = v.event_id
 ORDER BY asked.id, lower(v.valid)
"""
# What `view_of` reads: of an addressee `a` and an event `e`.
PERSON_COLUMNS = """
       a.addressee_no, e.name, e.kana, e.alias, e.birth_date, e.birth_date_note, e.sex, e.postal_code,
       e.prefecture || e.city || e.town || e.house_number, e.building, e.ward_code, e.household_no, e.relation,
       e.status, a.kind
"""
_PEOPLE = f"""
WITH {{asked}}
SELECT asked.id, {PERSON_COLUMNS}
  FROM asked JOIN registry_addressee a ON a.id = asked.person
       JOIN registry_person_version v ON v.addressee_id = asked.person AND {{known}} AND v.valid @> %(on)s::date
       JOIN registry_person_event e ON e.id = v.event_id
"""
# The residents of the household in which a person lives now, the head first, and the person, resident or not.
# The events of the household come first, by its number as a scalar: the planner takes few rows to be held true now,
# and would begin with those of the whole city.
_HOUSEHOLD = f"""
WITH {_ASKED},
of_home AS MATERIALIZED (
  SELECT id, addressee_id FROM registry_person_event
   WHERE status = '1' AND household_no <> '' AND household_no = ANY(ARRAY(
         SELECT e.household_no
           FROM asked JOIN registry_person_version v ON v.addressee_id = asked.person AND {_NOW} AND upper_inf(v.valid)
                JOIN registry_person_event e ON e.id = v.event_id))),
member (id) AS MATERIALIZED (
  SELECT v.addressee_id
    FROM of_home JOIN registry_person_version v ON v.event_id = of_home.id AND v.addressee_id = of_home.addressee_id
         AND {_NOW} AND upper_inf(v.valid))
SELECT member.id, {PERSON_COLUMNS}
  FROM member JOIN registry_addressee a ON a.id = member.id
       JOIN registry_person_version v ON v.addressee_id = member.id AND {_NOW} AND v.valid @> %(on)s::date
       JOIN registry_person_event e ON e.id = v.event_id
 ORDER BY e.relation, member.id
"""
_UNDRAWABLE = f"""
WITH {_ASKED}
SELECT DISTINCT u.field FROM asked JOIN registry_undrawable_name u ON u.addressee_id = asked.person AND u.state = 'open'
 ORDER BY u.field
"""

_LAST_WARDS = f"""
WITH {_ASKED}
SELECT DISTINCT ON (asked.id) asked.id, e.ward_code
  FROM asked JOIN registry_person_version v ON v.addressee_id = asked.person AND {_NOW}
       JOIN registry_person_event e ON e.id = v.event_id
 WHERE e.ward_code = ANY(%(among)s)
 ORDER BY asked.id, lower(v.valid) DESC
"""

# What tells where a person lives, in a row of PERSON_COLUMNS.
_WHERE_IN = itemgetter(8, 9, 10, 11, 12)


def addressee_ids(numbers: Collection[str]) -> dict[str, int]:
    """The ids of addressee numbers; those that are not known are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT addressee_no, id FROM registry_addressee WHERE addressee_no = ANY(%s)", [list(numbers)]
        )
        return dict(cursor.fetchall())


def person_facts(ids: Collection[int], *, known_at: datetime | None = None) -> dict[int, PersonFacts]:
    """Date of birth, residences and day of death of persons, as known now or at an instant; unknown ids are left out.

    A residence is the city's code while registered here; the other municipality's after a move there; and the one
    moved in from on the day before, which is all that a move in tells of it.
    """
    query = _FACTS.format(asked=_ASKED, known=_NOW if known_at is None else _THEN)
    with connection.cursor() as cursor:
        cursor.execute(query, {"ids": list(ids), "known_at": known_at})
        rows = cursor.fetchall()
    return {person: _facts(list(versions)) for person, versions in groupby(rows, key=itemgetter(0))}


def people(
    ids: Collection[int], *, valid_on: date, today: date, known_at: datetime | None = None
) -> dict[int, PersonView]:
    """Persons as they were on a day, as known now or at an instant; those not known for that day are left out.

    Whose address is protected, by a measure in force on the day, today, between or later, comes without it, and
    without ward and household number.
    """
    query = _PEOPLE.format(asked=_ASKED, known=_NOW if known_at is None else _THEN)
    with connection.cursor() as cursor:
        cursor.execute(query, {"ids": list(ids), "on": valid_on, "known_at": known_at})
        rows = cursor.fetchall()
    sheltered = sheltered_ids(ids, on=valid_on, today=today)
    return {row[0]: view_of(row, protected=row[0] in sheltered) for row in rows}


def registered_address(addressee_id: int, *, valid_on: date) -> RegisteredAddress | None:
    """Where the register has a person on a day, protected or not.

    For `protected_address` alone; None where the person is not known for that day.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(asked=_ASKED, known=_NOW), {"ids": [addressee_id], "on": valid_on})
        row = cursor.fetchone()
    return None if row is None else RegisteredAddress(*_WHERE_IN(row))


def last_wards(ids: Collection[int], *, among: Collection[str]) -> dict[int, str]:
    """The ward among those given where each person was registered last, by addressee id; others are left out.

    It decides whose matter a person is and is shown to nobody; of the protected too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST_WARDS, {"ids": list(ids), "among": list(among)})
        return dict(cursor.fetchall())


def household(addressee_id: int, *, today: date) -> dict[int, PersonView]:
    """The residents of the household (世帯) in which a person lives now, by addressee id, the head first.

    Of a protected household the person alone: whoever learns that she lives with her mother knows where.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLD, {"ids": [addressee_id], "on": today})
        rows = cursor.fetchall()
    sheltered = sheltered_ids([row[0] for row in rows], on=today, today=today)
    return {
        row[0]: view_of(row, protected=row[0] in sheltered)
        for row in rows
        if not sheltered or row[0] == addressee_id
    }


def undrawable_items(addressee_id: int) -> tuple[str, ...]:
    """The items of a person's name and address (fields of the feed) that the print font cannot draw, not seen to."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDRAWABLE, {"ids": [addressee_id]})
        return tuple(row[0] for row in cursor.fetchall())


def _facts(versions: list[Row]) -> PersonFacts:
    return PersonFacts(versions[-1][3], tuple(_residences(versions)), _died_on(versions))


def _died_on(versions: list[Row]) -> date | None:
    """The first day of the versions that tell of the death at the end; a death taken back by a later one is none."""
    died = list(takewhile(lambda version: version[7] == DEAD, reversed(versions)))
    return died[-1][1] if died else None


def _residences(versions: Iterable[Row]) -> list[Residence]:
    """Versions in order of time as residences, those that follow each other in one municipality as one."""
    found: list[Residence] = []
    for _, start, end, _, municipality, kind, other, _ in versions:
        last = found[-1] if found else None
        if kind == MOVE_IN and other and (last is None or last.period.end != start):
            found.append(Residence(other, Period(start - ONE_DAY, start)))
            last = None
        if not municipality:
            continue
        if last is not None and last.municipality == municipality and last.period.end == start:
            found[-1] = Residence(municipality, Period(last.period.start, end))
        else:
            found.append(Residence(municipality, Period(start, end)))
    return found


def view_of(row: Row, *, protected: bool) -> PersonView:
    """The person of a row of id and PERSON_COLUMNS; without what tells where they live if protected."""
    _, number, name, kana, alias, born, note, sex, *where, ward, household, relation, status, kind = row
    if protected:
        where, ward, household = ["", "", ""], "", ""
    postal_code, address, building = where
    return PersonView(
        number, name, kana, alias, born, note, sex, postal_code, address, building, ward, household, relation,
        Status.OUTSIDE if kind == "non_resident" else _STATUSES[status], protected,
    )  # fmt: skip
