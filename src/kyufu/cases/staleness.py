"""Which decisions no longer stand: facts of a subject changed after they were read, or a newer one exists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kyufu.cases.queries import fetch

# A change counts when the reading could not see it. Transaction numbers of two clusters do not compare: after
# a restore elsewhere the clock alone tells, and what was written since has the later time.
CHANGED_AFTER = """(c.recorded_at > d.gathered_at
    OR c.cluster = d.cluster AND NOT pg_visible_in_snapshot(c.xid, d.snapshot))"""
IS_STALE = f"""EXISTS (
    SELECT 1 FROM cases_decision_subject s JOIN platform_change c ON c.addressee_id = s.addressee_id
     WHERE s.decision_id = d.id AND {CHANGED_AFTER})"""
# A newer judgement of the same case replaces; so does one of the child for days that the older covers.
IS_SUPERSEDED = """EXISTS (
    SELECT 1 FROM cases_decision n JOIN cases_application na ON na.id = n.application_id
     WHERE n.child_id = d.child_id AND n.id > d.id
       AND (n.application_id = d.application_id
            OR (na.state <> 'withdrawn' AND d.valid IS NOT NULL AND n.judged_for < upper(d.valid))))"""

STALE_TEXT = "判定のあとに住民・所得・保険などの事実が変わりました。判定し直してください。"
SUPERSEDED_TEXT = "この決定のあとに新しい判定が行われています。"


class StaleRow(NamedTuple):
    """A decision that went stale: which application, how it stands, and what changed."""

    decision_id: int
    application_id: int
    application_no: str
    state: str
    changes: tuple[str, ...]


def refuse_if_stale(decision_ids: Iterable[int]) -> dict[int, str]:
    """Those decisions that must not be approved, issued or printed from, with the reason in Japanese."""
    statement = f"""
        SELECT d.id, CASE WHEN {IS_STALE} THEN %(stale)s WHEN {IS_SUPERSEDED} THEN %(superseded)s END
          FROM cases_decision d WHERE d.id = ANY(%(ids)s)"""
    rows = fetch(statement, {"ids": list(decision_ids), "stale": STALE_TEXT, "superseded": SUPERSEDED_TEXT})
    return {decision_id: reason for decision_id, reason in rows if reason is not None}


def is_stale(decision_id: int) -> bool:
    """Did a fact of one of its subjects change after the decision's facts were read?"""
    rows = fetch(f"SELECT {IS_STALE} FROM cases_decision d WHERE d.id = %(id)s", {"id": decision_id})
    return bool(rows and rows[0][0])


def stale_decisions(*, limit: int = 1_000) -> tuple[StaleRow, ...]:
    """The worklist: latest decisions of applications whose facts changed since, with what changed."""
    statement = f"""
        SELECT d.id, a.id, a.number, a.state, array_agg(DISTINCT c.source || ':' || c.what)
          FROM platform_change c
          JOIN cases_decision_subject s ON s.addressee_id = c.addressee_id
          JOIN cases_decision d ON d.id = s.decision_id
          JOIN cases_application a ON a.decision_id = d.id
         WHERE {CHANGED_AFTER} AND a.state NOT IN ('withdrawn', 'closed')
         GROUP BY d.id, a.id, a.number, a.state ORDER BY d.id LIMIT %(limit)s"""
    return tuple(StaleRow._make((*row[:4], tuple(row[4]))) for row in fetch(statement, {"limit": limit}))
