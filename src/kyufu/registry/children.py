"""Tables in the session for counts that identify nobody: the children registered on a day, and who is sheltered."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from kyufu.registry.sheltered import sheltered_selected

_LAID_OUT = """
CREATE TEMPORARY TABLE {table} AS
SELECT v.addressee_id, e.birth_date, e.ward_code
  FROM registry_person_version v JOIN registry_person_event e ON e.id = v.event_id
       JOIN registry_addressee a ON a.id = v.addressee_id
 WHERE upper_inf(v.recorded) AND v.valid @> %(on)s::date AND e.status = '1' AND a.kind = 'resident'
   AND e.birth_date >= %(born_from)s::date
"""


@transaction.atomic
def lay_out_children(table: str, *, born_from: date, on: date, today: date) -> None:
    """Make the temporary table of those registered on a day and born on a day or later: addressee_id, birth_date and
    ward_code.

    The ward is empty for those whose address is protected on the day, today or later, and for their households, so
    that no count by ward tells where they live. It lives in the caller's session until it is dropped. Who hands
    its rows out notes whose data they are.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(_LAID_OUT.format(table=table), {"on": on, "born_from": born_from})
        sheltered = sheltered_selected(f"SELECT addressee_id FROM {table}", on=on, today=today)
        cursor.execute(
            f"UPDATE {table} SET ward_code = '' WHERE addressee_id = ANY(%(ids)s)", {"ids": sorted(sheltered)}
        )
        cursor.execute(f"ANALYZE {table}")


@transaction.atomic
def lay_out_sheltered(table: str, *, select: str, on: date, today: date) -> None:
    """Make the temporary table of those addressees of an SQL select whose ward must not be told: addressee_id.

    They are protected on the day, today or later, or live in one household with such a person. As above, the table
    is for leaving them out of counts by ward, and nobody is shown its rows.
    """
    sheltered = sheltered_selected(select, on=on, today=today)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} AS SELECT unnest(%(ids)s::bigint[]) AS addressee_id",
            {"ids": sorted(sheltered)},
        )
