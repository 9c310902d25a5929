"""Who lives with whom, as the resident register says now."""

from __future__ import annotations

from django.db import connection

_MEMBERS = """
WITH asked AS (
  SELECT e.household_no
    FROM registry_addressee a
         JOIN registry_person_version v ON v.addressee_id = coalesce(a.merged_into_id, a.id)
              AND upper_inf(v.recorded) AND upper_inf(v.valid)
         JOIN registry_person_event e ON e.id = v.event_id
   WHERE a.id = %(id)s AND e.household_no <> '')
SELECT v.addressee_id
  FROM asked JOIN registry_person_event e ON e.household_no = asked.household_no AND e.household_no <> ''
       JOIN registry_person_version v ON v.event_id = e.id AND v.addressee_id = e.addressee_id
            AND upper_inf(v.recorded) AND upper_inf(v.valid)
 WHERE e.status = '1' ORDER BY e.relation, v.addressee_id
"""


def household_ids(addressee_id: int) -> tuple[int, ...]:
    """The residents of the household (世帯) in which the person lives now, the head first; ids alone, no data."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"id": addressee_id})
        return tuple(row[0] for row in cursor.fetchall())
