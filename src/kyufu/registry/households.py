"""Who lives with whom, as the resident register says now."""

from __future__ import annotations

from django.db import connection

# The household is a scalar, so that its events are read by its number, and not those of the whole city.
_MEMBERS = """
WITH of_home AS MATERIALIZED (
  SELECT id, addressee_id, relation FROM registry_person_event
   WHERE status = '1' AND household_no <> '' AND household_no = (
         SELECT e.household_no
           FROM registry_addressee a
                JOIN registry_person_version v ON v.addressee_id = coalesce(a.merged_into_id, a.id)
                     AND upper_inf(v.recorded) AND upper_inf(v.valid)
                JOIN registry_person_event e ON e.id = v.event_id
          WHERE a.id = %(id)s))
SELECT v.addressee_id
  FROM of_home e JOIN registry_person_version v ON v.event_id = e.id AND v.addressee_id = e.addressee_id
       AND upper_inf(v.recorded) AND upper_inf(v.valid)
 ORDER BY e.relation, v.addressee_id
"""


def household_ids(addressee_id: int) -> tuple[int, ...]:
    """The residents of the household (世帯) in which the person lives now, the head first; ids alone, no data."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"id": addressee_id})
        return tuple(row[0] for row in cursor.fetchall())
