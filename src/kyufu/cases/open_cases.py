"""Who has a case in hand: what the review of readings asks (閲覧の点検)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kyufu.cases.queries import fetch

_IN_HAND = """
SELECT DISTINCT q.id FROM unnest(%(ids)s::bigint[]) AS q(id)
 WHERE EXISTS (
   SELECT FROM cases_application a
    WHERE (a.child_id = q.id OR EXISTS (SELECT FROM cases_application_guardian g
             WHERE g.application_id = a.id AND g.addressee_id = q.id))
      AND EXISTS (SELECT FROM cases_application_transition t WHERE t.subject_id = a.id AND t.at < %(until)s)
      AND (a.state NOT IN ('rejected', 'issued', 'withdrawn', 'closed')
           OR EXISTS (SELECT FROM cases_application_transition t WHERE t.subject_id = a.id AND t.at >= %(since)s)))
"""


def persons_with_cases(ids: Collection[int], *, since: datetime, until: datetime) -> frozenset[int]:
    """Those of the persons, children or guardians, whose case was open or was dealt with between two instants.

    Ids alone, no data of the persons.
    """
    rows = fetch(_IN_HAND, {"ids": list(ids), "since": since, "until": until})
    return frozenset(row[0] for row in rows)
