"""Who has a case in hand: what the review of readings asks (閲覧の点検)."""

from __future__ import annotations

from collections import defaultdict
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


_NUMBERS = """
SELECT q.id, a.number FROM unnest(%(ids)s::bigint[]) AS q(id) JOIN cases_application a
    ON a.child_id = q.id OR EXISTS (SELECT FROM cases_application_guardian g
         WHERE g.application_id = a.id AND g.addressee_id = q.id)
"""


def receipt_numbers_of(ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The receipt numbers (受付番号) of the applications of persons, children or guardians; none of them left out."""
    found: dict[int, set[str]] = defaultdict(set)
    for person, number in fetch(_NUMBERS, {"ids": list(ids)}):
        found[person].add(number)
    return {one: frozenset(found[one]) for one in ids}


def persons_with_cases(ids: Collection[int], *, since: datetime, until: datetime) -> frozenset[int]:
    """Those of the persons, children or guardians, whose case was open or was dealt with between two instants.

    Ids alone, no data of the persons.
    """
    rows = fetch(_IN_HAND, {"ids": list(ids), "since": since, "until": until})
    return frozenset(row[0] for row in rows)
