"""What an approved decision does to entitlements (資格の取得・変更・喪失), set-based.

A period is never rewritten: it is closed (superseded) and what remains of it is written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from kyufu.cases.machines import CERTIFICATES
from kyufu.cases.queries import fetch
from kyufu.platform.actors import Actor
from kyufu.platform.transitions import record_steps

# The day from which a child is no longer entitled: where the law's answer begins, at most the day asked.
LOST_FROM = "least(lower(d.valid), d.judged_for)"
# What the children hold now, found by child alone: the planner must not be led to the index over periods.
HELD = """held AS MATERIALIZED (
    SELECT e.id, e.child_id, e.valid, e.benefit_class, e.decision_id FROM cases_entitlement e
     WHERE e.superseded_at IS NULL
       AND e.child_id IN (SELECT child_id FROM cases_decision WHERE id = ANY(%(decisions)s)))"""
ENDED = f"""
    FROM cases_decision d
    JOIN held e ON e.child_id = d.child_id AND (upper_inf(e.valid) OR upper(e.valid) > {LOST_FROM})
   WHERE d.id = ANY(%(decisions)s) AND d.principal_id IS NULL AND d.outcome = 'not_eligible'"""
# The same class to the same end, and begun before: the decision confirms what is held.
CONFIRMED = """
    EXISTS (SELECT 1 FROM held k WHERE k.child_id = d.child_id AND k.valid @> d.valid
       AND upper(k.valid) IS NOT DISTINCT FROM upper(d.valid) AND k.benefit_class = d.benefit_class)"""
GRANTED = f"""
    FROM cases_decision d
   WHERE d.id = ANY(%(decisions)s) AND d.outcome = 'eligible' AND NOT {CONFIRMED}"""
CHANGE_COLUMNS = "(child_id, event, effective_on, reason_code, decision_id, recorded_at)"

# What is left of a period that was closed in mid-course.
LEFT_OVER = """SELECT child_id, daterange(lower(valid), day) AS valid, benefit_class, decision_id
      FROM closed WHERE lower(valid) < day"""
END = f"""
    WITH {HELD},
         recorded AS (
            INSERT INTO cases_entitlement_change {CHANGE_COLUMNS}
            SELECT DISTINCT d.child_id, 'lost', {LOST_FROM}, coalesce(d.reason_codes[1], ''), d.id,
                   %(at)s::timestamptz {ENDED}),
         ended AS (SELECT e.id, min({LOST_FROM}) AS day {ENDED} GROUP BY e.id),
         closed AS (UPDATE cases_entitlement e SET superseded_at = %(at)s FROM ended WHERE e.id = ended.id
                    RETURNING e.*, ended.day)
    {LEFT_OVER}"""
# A later stretch of the same series goes on from the one before it, or ends what that one granted.
CONTINUES = """
    EXISTS (SELECT 1 FROM cases_decision b
             WHERE b.id = ANY(%(decisions)s) AND b.principal_id = coalesce(d.principal_id, d.id)
               AND b.outcome = 'eligible' AND upper(b.valid) = lower(d.valid))"""
GRANT = f"""
    WITH {HELD},
         granted AS MATERIALIZED (SELECT d.* {GRANTED}),
         events AS (
            SELECT d.child_id,
                   CASE WHEN EXISTS (SELECT 1 FROM held e WHERE e.child_id = d.child_id
                                      AND (e.valid && d.valid OR e.valid -|- d.valid)) OR {CONTINUES}
                        THEN 'changed' ELSE 'acquired' END AS event,
                   lower(d.valid) AS day, d.reason_codes, d.id
              FROM granted d
            UNION ALL
            SELECT n.child_id, 'lost', upper(g.valid), n.reason_codes, n.id
              FROM granted g JOIN cases_decision n ON n.application_id = g.application_id
               AND n.id = ANY(%(decisions)s) AND n.outcome = 'not_eligible' AND n.valid @> upper(g.valid)),
         recorded AS (
            INSERT INTO cases_entitlement_change {CHANGE_COLUMNS}
            SELECT child_id, event, day, coalesce(reason_codes[1], ''), id, %(at)s FROM events ORDER BY child_id, day),
         changed AS (SELECT e.id, min(lower(g.valid)) AS day FROM granted g
                       JOIN held e ON e.child_id = g.child_id AND e.valid && g.valid GROUP BY e.id),
         closed AS (UPDATE cases_entitlement e SET superseded_at = %(at)s FROM changed WHERE e.id = changed.id
                    RETURNING e.*, changed.day)
    {LEFT_OVER}
    UNION ALL
    SELECT child_id, valid, benefit_class, id FROM granted"""
INSERT = """
    INSERT INTO cases_entitlement (child_id, valid, benefit_class, decision_id, recorded_at)
    SELECT n.child_id, n.valid, n.benefit_class, n.decision_id, %(at)s
      FROM unnest(%(children)s::bigint[], %(valid)s::daterange[], %(classes)s::text[],
                  %(by_decision)s::bigint[])
        AS n (child_id, valid, benefit_class, decision_id)"""


def apply_decisions(decision_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Make entitlements say what the approved decisions say; losses first, then what is granted."""
    parameters: dict[str, Any] = {"decisions": list(decision_ids), "at": at}
    for statement in (END, GRANT):
        _insert(fetch(statement, parameters), at=at)
    _void_overreaching_certificates(decision_ids, by=by, at=at)


def _insert(rows: Sequence[tuple[Any, ...]], *, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "children": [row[0] for row in rows],
                "valid": [row[1] for row in rows],
                "classes": [row[2] for row in rows],
                "by_decision": [row[3] for row in rows],
                "at": at,
            },
        )


def _void_overreaching_certificates(decision_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Void every card in use that says more than what the child now holds: longer, or another class."""
    record_steps(
        CERTIFICATES,
        steps="""SELECT c.id, c.state, 'voided',
                        CASE WHEN bool_or(lost.id IS NOT NULL) THEN '資格喪失' ELSE '資格の期間・区分の変更' END,
                        max(d.id)
                   FROM cases_decision d
                   JOIN cases_certificate c ON c.child_id = d.child_id AND c.state = 'issued'
                   LEFT JOIN cases_entitlement_change lost ON lost.decision_id = d.id AND lost.event = 'lost'
                  WHERE d.id = ANY(%(decisions)s)
                    AND NOT coalesce((SELECT range_agg(e.valid) @> c.valid FROM cases_entitlement e
                                       WHERE e.child_id = c.child_id AND e.superseded_at IS NULL
                                         AND e.benefit_class = c.benefit_class), false)
                  GROUP BY c.id, c.state""",
        parameters={"decisions": list(decision_ids)},
        by=by,
        at=at,
    )
