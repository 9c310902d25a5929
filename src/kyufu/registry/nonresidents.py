"""Non-residents (住登外者): registered by hand, corrected, merged into a resident, split again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

_SAME_PERSON = """
WITH RECURSIVE edge (here, there) AS NOT MATERIALIZED (
  SELECT addressee_id, into_id FROM registry_addressee_merge WHERE {known}
  UNION ALL SELECT into_id, addressee_id FROM registry_addressee_merge WHERE {known}
), same (person, member) AS (
  SELECT here, here FROM edge WHERE here {among}
  UNION SELECT same.person, edge.there FROM same JOIN edge ON edge.here = same.member
)
SELECT person, array_agg(DISTINCT member ORDER BY member) FROM same GROUP BY person
"""


def merged_ids(ids: Collection[int], *, known_at: datetime | None = None) -> dict[int, tuple[int, ...]]:
    """All the addressee ids of the person behind each id, in order; ids that were never merged are left out.

    Merges as they stand, or as they stood at the instant `known_at`.
    """
    known = "upper_inf(recorded)" if known_at is None else "recorded @> %(known_at)s"
    query = _SAME_PERSON.format(known=known, among="= ANY(%(ids)s)")
    with connection.cursor() as cursor:
        cursor.execute(query, {"ids": list(ids), "known_at": known_at})
        return {person: tuple(members) for person, members in cursor.fetchall()}


def merged_ids_selected(select: str) -> dict[int, tuple[int, ...]]:
    """The same, as merges stand now, for the addressee ids that an SQL select of the calling module gives."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME_PERSON.format(known="upper_inf(recorded)", among=f"IN ({select})"))
        return {person: tuple(members) for person, members in cursor.fetchall()}
