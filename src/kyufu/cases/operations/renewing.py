"""Let a block of approved renewals take effect: decisions, entitlements, losses, certificates; set-based.

What is not effected stays as it was and is given back with a code: the case moved meanwhile, or a fact changed after
the moment as of which it was judged. Names are not asked whether they can be drawn: the print asks, and lists them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from kyufu.cases.machines import APPLICATIONS, CERTIFICATES
from kyufu.cases.operations.entitlement import apply_decisions
from kyufu.cases.operations.issue import number_recipients
from kyufu.cases.payer import payer_number
from kyufu.cases.queries import fetch
from kyufu.cases.staleness import CHANGED_AFTER
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.actors import Actor
from kyufu.platform.transitions import record_steps
from kyufu.staff.api import refuse_same_person

MOVED, CHANGED, UNJUDGED = "moved", "changed", "unjudged"
WHY = "一括更新"
CARD_KIND = "renewal"
# Who changed since the facts were read, asked of the child and of the guardians on the application.
_IS_CHANGED = f"""EXISTS (
    SELECT 1 FROM platform_change c
     WHERE c.addressee_id IN (SELECT s.child_id UNION ALL SELECT g.addressee_id FROM cases_application_guardian g
                               WHERE g.application_id = s.application_id) AND {CHANGED_AFTER})"""
_LAY_OUT = f"""
CREATE TEMPORARY TABLE cases_renewing ON COMMIT DROP AS
SELECT s.*, a.state,
       CASE WHEN s.outcome = '' THEN '{UNJUDGED}'
            WHEN a.state NOT IN ('issued', 'closed') OR NOT EXISTS (
                 SELECT 1 FROM cases_entitlement e WHERE e.child_id = s.child_id AND e.superseded_at IS NULL
                    AND e.decision_id = s.held_by) THEN '{MOVED}'
            WHEN {_IS_CHANGED} THEN '{CHANGED}'
            ELSE '' END AS refusal,
       NULL::bigint AS id
  FROM ({{rows}}) AS s JOIN cases_application a ON a.id = s.application_id
  CROSS JOIN (SELECT %(known_at)s::timestamptz AS gathered_at, %(cluster)s::bigint AS cluster,
                     %(snapshot)s::pg_snapshot AS snapshot) AS d
 ORDER BY s.key
"""
_NUMBER = """
UPDATE cases_renewing SET id = nextval(pg_get_serial_sequence('cases_decision', 'id')) WHERE refusal = ''
"""
_DECISIONS = """
INSERT INTO cases_decision (id, application_id, child_id, scheme, municipality, judged_for, outcome, valid,
       benefit_class, issues_certificate, reason_codes, parameter_version, facts_hash, judged_by_id, judged_by_name,
       judged_by_office, judged_at, gathered_at, snapshot, cluster)
SELECT id, application_id, child_id, scheme, %(municipality)s, judged_for, outcome, valid, benefit_class,
       issues_certificate, reason_codes, parameter_version, facts_hash, %(judge_id)s, %(judge_name)s,
       %(judge_office)s, judged_at, %(known_at)s, %(snapshot)s::pg_snapshot, %(cluster)s
  FROM cases_renewing WHERE id IS NOT NULL ORDER BY id
"""
_CONTENTS = """
INSERT INTO cases_decision_content (decision_id, facts, content)
SELECT r.id, k.facts, k.content FROM cases_renewing r JOIN ({contents}) AS k ON k.key = r.key WHERE r.id IS NOT NULL
"""
_SUBJECTS = """
INSERT INTO cases_decision_subject (decision_id, addressee_id, role)
SELECT id, child_id, 'child' FROM cases_renewing WHERE id IS NOT NULL
UNION ALL
SELECT r.id, g.addressee_id, 'guardian'
  FROM cases_renewing r JOIN cases_application_guardian g ON g.application_id = r.application_id
 WHERE r.id IS NOT NULL
"""
_APPROVALS = """
INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name, approved_by_office, at)
SELECT id, %(judge_id)s, %(actor_id)s, %(actor_name)s, %(actor_office)s, %(at)s
  FROM cases_renewing WHERE id IS NOT NULL AND outcome <> 'cannot_decide'
"""
# A period that ends by itself on the day leaves nothing to cut, but the loss is told all the same.
_LOSSES = """
INSERT INTO cases_entitlement_change (child_id, event, effective_on, reason_code, decision_id, recorded_at)
SELECT r.child_id, 'lost', r.judged_for, coalesce(r.reason_codes[1], ''), r.id, %(at)s
  FROM cases_renewing r
 WHERE r.id IS NOT NULL AND r.outcome = 'not_eligible' AND NOT EXISTS (
       SELECT 1 FROM cases_entitlement_change c WHERE c.decision_id = r.id AND c.event = 'lost')
"""
_POINT = """
UPDATE cases_application a SET decision_id = r.id FROM cases_renewing r
 WHERE a.id = r.application_id AND r.id IS NOT NULL
"""
_STEPS = f"""
SELECT application_id, state,
       CASE outcome WHEN 'eligible' THEN state WHEN 'not_eligible' THEN 'closed' ELSE 'undecided' END,
       CASE outcome WHEN 'eligible' THEN '{WHY}' WHEN 'not_eligible' THEN '{WHY}による喪失'
                    ELSE '{WHY}で判定できず保留' END, id
  FROM cases_renewing WHERE id IS NOT NULL
"""
_GETS_CARD = (
    "r.id IS NOT NULL AND r.wants_card AND r.outcome = 'eligible' AND r.issues_certificate IS NOT FALSE"
)
_FORMER = f"""
SELECT c.id, c.state, 'replaced', '新しい医療証の交付', r.id
  FROM cases_renewing r JOIN cases_certificate c ON c.child_id = r.child_id
 WHERE {_GETS_CARD} AND c.state = 'issued' AND c.valid && r.valid
"""
_CARDS = f"""
INSERT INTO cases_certificate (number, child_id, guardian_id, application_id, decision_id, entitlement_id, kind,
       payer_no, valid, benefit_class, issued_on, state)
SELECT lpad(nextval('cases_certificate_number')::text, 10, '0'), r.child_id, g.addressee_id, r.application_id, r.id,
       e.id, '{CARD_KIND}', %(payer)s, e.valid, e.benefit_class, %(issued_on)s, 'issued'
  FROM cases_renewing r
  JOIN cases_application_guardian g ON g.application_id = r.application_id AND g.position = 1
  JOIN LATERAL (SELECT e.id, e.valid, e.benefit_class FROM cases_entitlement e
                 WHERE e.child_id = r.child_id AND e.superseded_at IS NULL AND e.valid && r.valid
                   AND e.benefit_class = r.benefit_class ORDER BY e.valid LIMIT 1) AS e ON true
 WHERE {_GETS_CARD} ORDER BY r.id
RETURNING id
"""


class RenewalOrder(NamedTuple):
    """What holds for every renewal of a block: whose law, who judged, and as of when the facts were read."""

    municipality: str
    issued_on: date
    judge: Actor
    known_at: datetime
    snapshot: str
    cluster: int


@transaction.atomic
def effect_renewals(
    rows: str, *, contents: str, order: RenewalOrder, by: Actor, at: datetime
) -> tuple[int, int]:
    """Let the renewals of a block take effect, approved `by` another than their judge; gives (effected, cards).

    `rows` is SQL of the calling module: key, application_id, child_id, held_by (the decision of the period that is
    held), scheme, judged_for, outcome (empty: the law broke), valid, benefit_class, issues_certificate, reason_codes,
    parameter_version, facts_hash, wants_card, judged_at; `contents` is key, facts, content. To be called in a
    transaction that then reads the temporary table cases_renewing: child_id, id (the decision) and refusal
    (moved, changed, unjudged, or empty).
    """
    refuse_same_person(first=order.judge.staff_id, second=by.staff_id)
    values = _values(order, by=by, at=at)
    _lock(rows)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cases_renewing")
        cursor.execute(_LAY_OUT.format(rows=rows), values)
        cursor.execute(_NUMBER)
        cursor.execute("ANALYZE cases_renewing")
        for statement in (_DECISIONS, _CONTENTS.format(contents=contents), _SUBJECTS, _APPROVALS):
            cursor.execute(statement, values)
    decided = fetch("SELECT id, child_id, outcome FROM cases_renewing WHERE id IS NOT NULL ORDER BY id", {})
    apply_decisions([row[0] for row in decided if row[2] != "cannot_decide"], by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_LOSSES, values)
        cursor.execute(_POINT)
    record_steps(APPLICATIONS, steps=_STEPS, parameters={}, by=by, at=at)
    return len(decided), _issue(
        [row[1] for row in decided if row[2] == "eligible"], values=values, by=by, at=at
    )


def _lock(rows: str) -> None:
    fetch(
        f"""SELECT count(*) FROM (SELECT a.id FROM cases_application a
             WHERE a.id IN (SELECT s.application_id FROM ({rows}) AS s) ORDER BY a.id FOR UPDATE) AS locked""",
        {},
    )


def _values(order: RenewalOrder, *, by: Actor, at: datetime) -> dict[str, Any]:
    overlay = confirmed_overlay(order.municipality)
    return {
        "municipality": order.municipality, "issued_on": order.issued_on, "judge_id": order.judge.staff_id,
        "judge_name": order.judge.name, "judge_office": order.judge.office, "known_at": order.known_at,
        "snapshot": order.snapshot, "cluster": order.cluster, "actor_id": by.staff_id, "actor_name": by.name,
        "actor_office": by.office, "at": at,
        "payer": payer_number(municipality=order.municipality, on=order.issued_on, overlay=overlay),
    }  # fmt: skip


def _issue(children: list[int], *, values: dict[str, Any], by: Actor, at: datetime) -> int:
    number_recipients(children)
    record_steps(CERTIFICATES, steps=_FORMER, parameters={}, by=by, at=at)
    made = [row[0] for row in fetch(_CARDS, values)]
    record_steps(
        CERTIFICATES,
        steps="""SELECT c.id, NULL, 'issued', '更新による交付', c.decision_id
                   FROM cases_certificate c WHERE c.id = ANY(%(ids)s)""",
        parameters={"ids": made}, by=by, at=at,
    )  # fmt: skip
    return len(made)


def cards_of(decisions: str) -> str:
    """The SQL select of the certificates in use on the decisions which an SQL select of the calling module gives."""
    return f"SELECT id FROM cases_certificate WHERE state = 'issued' AND decision_id IN ({decisions})"


def losses_of(decisions: str) -> str:
    """The same for the recorded losses."""
    return f"SELECT id FROM cases_entitlement_change WHERE event = 'lost' AND decision_id IN ({decisions})"


def requests_of(decisions: str) -> str:
    """The same for the decisions that could not be reached, for which the guardians are asked for what is missing."""
    return f"""SELECT d.id FROM cases_decision d JOIN cases_application a ON a.decision_id = d.id
                WHERE d.outcome = 'cannot_decide' AND a.state = 'undecided' AND d.id IN ({decisions})"""
