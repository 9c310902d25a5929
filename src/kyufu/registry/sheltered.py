"""Protected addresses (支援措置): who has one, and the one place that resolves where a letter goes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from kyufu.notation.municipalities import city_of
from kyufu.registry.views import AddressWithheld, PostalAddress

NO_SAFE_ADDRESS = "支援措置の対象ですが、送付先が登録されていません。担当課に送付先を確認してください。"
MOVED_OUT = "転出しており、転出先の住所が登録されていません。送付先を確認してください。"
DEAD = "死亡しています。相続人などの送付先を確認してください。"
NO_ADDRESS = "住所が登録されていません。送付先を確認してください。"
UNKNOWN = "この日の住民記録がありません。送付先を確認してください。"

# A measure counts from the day it is known, even before it begins, and up to the later of the day asked for and today:
# a letter dated ahead leaves the house today, and one dated back is read tomorrow.
_IN_FORCE = """
in_force AS (
  SELECT p.* FROM (
    SELECT DISTINCT ON (addressee_id, history_no) * FROM registry_protection
     ORDER BY addressee_id, history_no, revision DESC) p
   WHERE NOT p.cancelled AND (upper_inf(p.valid) OR upper(p.valid) > %(since)s::date))
"""
_ASKED_AMONG = """
asked (id, person) AS (
  SELECT q.id, coalesce(a.merged_into_id, a.id)
    FROM {among} AS q (id) JOIN registry_addressee a ON a.id = q.id)
"""
_ASKED = _ASKED_AMONG.format(among="unnest(%(ids)s::bigint[])")
# Whoever was merged into a protected person, or the other way round, is protected.
_PROTECTED = f"""
WITH {_IN_FORCE}, {{asked}},
protected (person) AS (
  SELECT coalesce(a.merged_into_id, a.id) FROM in_force JOIN registry_addressee a ON a.id = in_force.addressee_id)
"""
_SHELTERED = f"""
{_PROTECTED},
household (number) AS (
  SELECT DISTINCT e.household_no
    FROM protected JOIN registry_person_version v ON v.addressee_id = protected.person AND upper_inf(v.recorded)
         JOIN registry_person_event e ON e.id = v.event_id
   WHERE e.household_no <> '' AND (upper_inf(v.valid) OR upper(v.valid) > %(since)s::date))
SELECT id FROM asked WHERE person IN (SELECT person FROM protected)
UNION
SELECT asked.id
  FROM asked JOIN registry_person_version v ON v.addressee_id = asked.person AND upper_inf(v.recorded)
       JOIN registry_person_event e ON e.id = v.event_id
 WHERE (upper_inf(v.valid) OR upper(v.valid) > %(since)s::date) AND e.household_no IN (SELECT number FROM household)
"""
# The same asked of one person at a time (`person` is SQL for the id, merges resolved): from the person to the household
# and the measures, not from all measures of the city to their households. `person` may come from an outer query.
SHELTERS = """
EXISTS (
  SELECT FROM (
    SELECT {person} AS id
    UNION
    SELECT theirs.addressee_id
      FROM registry_person_version mine JOIN registry_person_event h ON h.id = mine.event_id
           JOIN registry_person_event t ON t.household_no = h.household_no AND t.household_no <> ''
           JOIN registry_person_version theirs ON theirs.event_id = t.id AND theirs.addressee_id = t.addressee_id
     WHERE mine.addressee_id = {person} AND upper_inf(mine.recorded) AND h.household_no <> ''
       AND (upper_inf(mine.valid) OR upper(mine.valid) > %(since)s::date)
       AND upper_inf(theirs.recorded) AND (upper_inf(theirs.valid) OR upper(theirs.valid) > %(since)s::date)
  ) member, LATERAL (
    SELECT member.id UNION ALL SELECT x.id FROM registry_addressee x WHERE x.merged_into_id = member.id
  ) name JOIN registry_protection p ON p.addressee_id = name.id
   WHERE NOT p.cancelled AND (upper_inf(p.valid) OR upper(p.valid) > %(since)s::date)
     AND NOT EXISTS (SELECT FROM registry_protection later
                      WHERE later.addressee_id = p.addressee_id AND later.history_no = p.history_no
                        AND later.revision > p.revision)
     AND NOT EXISTS (SELECT FROM registry_addressee x WHERE x.id = name.id AND x.id = member.id
                        AND x.merged_into_id IS NOT NULL))"""
_SHELTERED_FEW = f"""
WITH {_ASKED}
SELECT asked.id FROM asked WHERE (SELECT {SHELTERS.format(person="asked.person")})
"""
# Up to so many persons are asked about one at a time; a bulk run asks about whole blocks at once.
_FEW = 500
_SAFE = f"""
WITH {_IN_FORCE}, {_ASKED}
SELECT DISTINCT ON (asked.id) asked.id, f.safe_postal_code, f.safe_address, f.safe_building, f.safe_name
  FROM in_force f JOIN registry_addressee a ON a.id = f.addressee_id
       JOIN asked ON asked.person = coalesce(a.merged_into_id, a.id)
 ORDER BY asked.id, f.safe_address <> '' DESC, lower(f.valid) DESC, f.history_no DESC
"""
# Beside the address of one who moved out (状態 2): the wards and the city where the person was registered before.
_REGISTERED = f"""
WITH {_ASKED}
SELECT asked.id, e.name, e.postal_code, e.prefecture || e.city || e.town || e.house_number, e.building, e.status,
       e.town, e.ward_code, former.wards, former.cities
  FROM asked JOIN registry_person_version v ON v.addressee_id = asked.person AND upper_inf(v.recorded)
            AND v.valid @> %(on)s::date
       JOIN registry_person_event e ON e.id = v.event_id
       CROSS JOIN LATERAL (
         SELECT array_agg(DISTINCT h.ward_code) AS wards, array_agg(DISTINCT h.municipality) AS cities
           FROM registry_person_event h
          WHERE e.status = '2' AND h.addressee_id = e.addressee_id AND h.status = '1' AND h.file_id IS NOT NULL) former
"""


def sheltered_ids(ids: Collection[int], *, on: date, today: date) -> frozenset[int]:
    """Those of the persons whose address is protected, or who live in one household with such a person.

    By measures in force on the day `on`, today, any day between, or later. Where a protected person lives must not be
    learnt from the household.
    """
    statement = _SHELTERED_FEW if len(ids) <= _FEW else _SHELTERED.format(asked=_ASKED)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids), "since": min(on, today)})
        return frozenset(row[0] for row in cursor.fetchall())


def sheltered_selected(select: str, *, on: date, today: date) -> frozenset[int]:
    """The same for the addressee ids that an SQL select without placeholders gives."""
    asked = _ASKED_AMONG.format(among=f"({select})")
    with connection.cursor() as cursor:
        cursor.execute(_SHELTERED.format(asked=asked), {"since": min(on, today)})
        return frozenset(row[0] for row in cursor.fetchall())


def postal_address(
    ids: Collection[int], *, on: date, today: date
) -> dict[int, PostalAddress | AddressWithheld]:
    """Where a letter dated `on` and sent today goes to each of the persons: the one place that resolves it.

    For persons protected on either day or between the safe address only, and where there is none no letter. A member
    of their household gets letters at the registered address, where such a letter tells nobody anything new. One who
    moved out gets them at the new address where the move tells one outside the city, else none.
    """
    values: dict[str, Any] = {"ids": list(ids), "on": on, "since": min(on, today)}
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, values)
        registered = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_SAFE, values)
        safe = {row[0]: row[1:] for row in cursor.fetchall()}
    return {
        one: _safe(safe[one], name=registered[one][0] if one in registered else "")
        if one in safe
        else _registered(registered.get(one))
        for one in ids
    }


def _safe(row: tuple[str, ...], *, name: str) -> PostalAddress | AddressWithheld:
    postal_code, address, building, safe_name = row
    if not address or not (safe_name or name):
        return AddressWithheld(NO_SAFE_ADDRESS)
    return PostalAddress(postal_code, address, building, safe_name or name)


def _registered(row: tuple[Any, ...] | None) -> PostalAddress | AddressWithheld:
    if row is None:
        return AddressWithheld(UNKNOWN)
    name, postal_code, address, building, status, town, ward, former_wards, former_cities = row
    if status == "3":
        return AddressWithheld(DEAD)
    if status == "2" and not (
        town and _is_outside(ward, wards=former_wards or (), cities=former_cities or ())
    ):
        return AddressWithheld(MOVED_OUT)
    if not address:
        return AddressWithheld(NO_ADDRESS)
    return PostalAddress(postal_code, address, building, name)


def _is_outside(ward: str, *, wards: Collection[str], cities: Collection[str]) -> bool:
    """Does the move out tell the new address, outside the city? Many registers repeat the last one in it.

    Where the person was registered before is not known, neither is this.
    """
    return bool(ward and cities) and ward not in wards and city_of(ward) not in cities
