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
# The same case was judged again: what stood before waits for the approval of the new judgement.
IS_REJUDGED = """EXISTS (
    SELECT 1 FROM cases_decision n
     WHERE n.application_id = d.application_id AND n.id > d.id AND n.gathered_at > d.gathered_at)"""
# Only what was approved later replaces, where it speaks of the same days and says something else of them.
IS_SUPERSEDED = """EXISTS (
    SELECT 1 FROM cases_decision n
      JOIN cases_approval np ON np.decision_id = n.id
      JOIN cases_application na ON na.id = n.application_id AND na.state <> 'withdrawn'
     WHERE n.child_id = d.child_id AND n.id > d.id AND n.application_id <> d.application_id
       AND daterange(least(lower(n.valid), n.judged_for),
                     CASE WHEN n.outcome = 'eligible' OR n.principal_id IS NOT NULL THEN upper(n.valid) END)
           && d.valid
       AND (n.outcome, n.benefit_class, upper(n.valid))
           IS DISTINCT FROM (d.outcome, d.benefit_class, upper(d.valid)))"""
CARD_IN_USE = """EXISTS (
    SELECT 1 FROM cases_certificate c WHERE c.application_id = a.id AND c.state = 'issued')"""
# A decision that was confirmed since stands as its last confirmation does, an earlier stretch as its principal.
STANDING = """coalesce(
    (SELECT max(k.decision_id) FROM cases_approval k
      WHERE k.carried_from_id = coalesce(asked.principal_id, asked.id)), asked.principal_id, asked.id)"""

STALE_TEXT = "判定のあとに住民・所得・保険などの事実が変わりました。判定し直してください。"
REJUDGED_TEXT = "この申請は判定し直されています。新しい判定の決裁が済んでから進めてください。"
SUPERSEDED_TEXT = (
    "この決定のあとに、同じ児童について内容の異なる決定が決裁されています。"
    "判定し直すか、新しい決定で進めてください。"
)


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
        SELECT asked.id, CASE WHEN {IS_REJUDGED} THEN %(rejudged)s WHEN {IS_STALE} THEN %(stale)s
                              WHEN {IS_SUPERSEDED} THEN %(superseded)s END
          FROM cases_decision asked JOIN cases_decision d ON d.id = {STANDING} WHERE asked.id = ANY(%(ids)s)"""
    texts = {"rejudged": REJUDGED_TEXT, "stale": STALE_TEXT, "superseded": SUPERSEDED_TEXT}
    rows = fetch(statement, {"ids": list(decision_ids), **texts})
    return {decision_id: reason for decision_id, reason in rows if reason is not None}


def is_stale(decision_id: int) -> bool:
    """Did a fact of one of its subjects change after the decision's facts were read?"""
    rows = fetch(f"SELECT {IS_STALE} FROM cases_decision d WHERE d.id = %(id)s", {"id": decision_id})
    return bool(rows and rows[0][0])


def stale_decisions(*, limit: int = 1_000) -> tuple[StaleRow, ...]:
    """The worklist: latest decisions of applications whose facts changed since, with what changed.

    A closed application is on it while its card is in use: from here the office ends what nobody reports (職権).
    """
    statement = f"""
        SELECT d.id, a.id, a.number, a.state, array_agg(DISTINCT c.source || ':' || c.what)
          FROM platform_change c
          JOIN cases_decision_subject s ON s.addressee_id = c.addressee_id
          JOIN cases_decision d ON d.id = s.decision_id
          JOIN cases_application a ON a.decision_id = d.id
         WHERE {CHANGED_AFTER} AND (a.state NOT IN ('withdrawn', 'closed') OR a.state = 'closed' AND {CARD_IN_USE})
         GROUP BY d.id, a.id, a.number, a.state ORDER BY d.id LIMIT %(limit)s"""
    return tuple(StaleRow._make((*row[:4], tuple(row[4]))) for row in fetch(statement, {"limit": limit}))
