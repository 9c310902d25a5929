"""Issue certificates (交付・再交付), and mark them void or recovered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from kyufu.cases.blocks import (
    ANOTHER_FIRST_TEXT,
    BulkResult,
    Refusal,
    Report,
    children_met_before,
    only_one,
    run_blocks,
)
from kyufu.cases.machines import APPLICATIONS, CERTIFICATES
from kyufu.cases.names import undrawable_names
from kyufu.cases.payer import payer_number
from kyufu.cases.queries import fetch
from kyufu.cases.staleness import IS_STALE, IS_SUPERSEDED, STALE_TEXT, SUPERSEDED_TEXT
from kyufu.cases.states import CertificateState, ReissueCause, japanese
from kyufu.notation.check_digits import RECIPIENT_NUMBER
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.transitions import move, record_steps

TO_ISSUE = "a.state = 'approved'"
NOT_APPROVED_TEXT = "決裁済の申請ではありません。"
CAUSES = json.dumps({cause: japanese(cause) for cause in ReissueCause})
NO_CARD_TEXT = "児童には医療証を交付しません（償還払い）。"
LOST_TEXT = "その日に有効な資格がありません。"
REMEDY = "申請と決定の状態を確かめてください。"

# The period of entitlement that the decision granted or confirmed, as it is held now.
HELD = """
    SELECT e.id FROM cases_entitlement e
     WHERE e.child_id = d.child_id AND e.superseded_at IS NULL AND e.valid && d.valid
       AND e.benefit_class = d.benefit_class AND (upper_inf(e.valid) OR upper(e.valid) > %(on)s)
     ORDER BY e.valid LIMIT 1"""
CHOSEN = f"""
    SELECT a.id AS application_id, a.kind, a.child_id, a.state, d.id AS decision_id,
           g.addressee_id AS guardian_id, e.id AS entitlement_id, e.valid, e.benefit_class
      FROM cases_application a
      JOIN cases_decision d ON d.id = a.decision_id
      JOIN cases_entitlement e ON e.id = ({HELD})
      JOIN cases_application_guardian g ON g.application_id = a.id AND g.position = 1
     WHERE a.id = ANY(%(ids)s)"""


def issue_application(application_id: int, *, municipality: str, on: date, by: Actor, at: datetime) -> None:
    """Issue the certificate of one approved application; raises Refused where it must not be."""
    only_one(_issue_block([application_id], municipality=municipality, on=on, by=by, at=at), remedy=REMEDY)


def issue_approved(*, municipality: str, on: date, by: Actor, at: datetime, report: Report) -> BulkResult:
    """Issue for every approved application that may have a certificate; the others are listed with why."""

    def work(ids: Sequence[int]) -> BulkResult:
        return _issue_block(ids, municipality=municipality, on=on, by=by, at=at)

    return run_blocks(candidates=TO_ISSUE, parameters={}, work=work, report=report)


def void_certificate(number: str, *, by: Actor, at: datetime, why: str) -> None:
    """Mark a certificate void (無効); a reason is required."""
    _mark(number, to_state=CertificateState.VOIDED, by=by, at=at, why=why)


def recover_certificate(number: str, *, by: Actor, at: datetime, why: str) -> None:
    """Mark a certificate as handed back (回収); a reason is required."""
    _mark(number, to_state=CertificateState.RECOVERED, by=by, at=at, why=why)


@transaction.atomic
def _issue_block(ids: Sequence[int], *, municipality: str, on: date, by: Actor, at: datetime) -> BulkResult:
    verdicts = _verdicts(ids, on=on)
    undrawable = undrawable_names({row[2] for row in verdicts if row[3] is None}, on=on)
    reasons: dict[int, str] = {row[0]: row[3] or undrawable.get(row[2], "") for row in verdicts}
    again = children_met_before((row[0], row[2]) for row in verdicts if not reasons[row[0]])
    reasons |= dict.fromkeys(again, ANOTHER_FIRST_TEXT)
    refused = tuple(Refusal(row[0], row[1], reasons[row[0]]) for row in verdicts if reasons[row[0]])
    issued = [row[0] for row in verdicts if not reasons[row[0]]]
    payer = payer_number(municipality=municipality, on=on, overlay=confirmed_overlay(municipality))
    parameters = {"ids": issued, "on": on, "payer": payer}
    number_recipients([row[2] for row in verdicts if not reasons[row[0]]])
    _replace_former(parameters, by=by, at=at)
    _make_certificates(parameters, by=by, at=at)
    record_steps(
        APPLICATIONS,
        steps=f"SELECT application_id, state, 'issued', '医療証の交付', decision_id FROM ({CHOSEN}) AS c",
        parameters=parameters, by=by, at=at,
    )  # fmt: skip
    return BulkResult(len(issued), refused)


def _verdicts(ids: Sequence[int], *, on: date) -> list[tuple[Any, ...]]:
    """Lock the applications; each with number, child, and the reason against issuing (NULL: none)."""
    fetch(
        "SELECT id FROM cases_application WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE", {"ids": list(ids)}
    )
    return fetch(
        f"""SELECT a.id, a.number, a.child_id,
                   CASE WHEN a.state <> 'approved' OR p.decision_id IS NULL THEN %(not_approved)s
                        WHEN {IS_STALE} THEN %(stale)s
                        WHEN {IS_SUPERSEDED} THEN %(superseded)s
                        WHEN d.issues_certificate IS FALSE THEN %(no_card)s
                        WHEN ({HELD}) IS NULL THEN %(lost)s END
              FROM cases_application a
              LEFT JOIN cases_decision d ON d.id = a.decision_id
              LEFT JOIN cases_approval p ON p.decision_id = d.id
             WHERE a.id = ANY(%(ids)s) ORDER BY a.id""",
        {
            "ids": list(ids),
            "on": on,
            "not_approved": NOT_APPROVED_TEXT,
            "stale": STALE_TEXT,
            "superseded": SUPERSEDED_TEXT,
            "lost": LOST_TEXT,
            "no_card": NO_CARD_TEXT,
        },
    )


def number_recipients(child_ids: Sequence[int]) -> None:
    """Give every child without a recipient number the next one; a child keeps its number for good."""
    rows = fetch(
        """SELECT c.id, lpad(nextval('cases_recipient_number')::text, 6, '0')
             FROM unnest(%(ids)s::bigint[]) AS c (id)
            WHERE NOT EXISTS (SELECT 1 FROM cases_recipient r WHERE r.child_id = c.id) ORDER BY c.id""",
        {"ids": sorted(set(child_ids))},
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_recipient (child_id, number)
               SELECT * FROM unnest(%(children)s::bigint[], %(numbers)s::text[])
               ON CONFLICT (child_id) DO NOTHING""",
            {
                "children": [row[0] for row in rows],
                "numbers": [RECIPIENT_NUMBER.with_check_digit(row[1]) for row in rows],
            },
        )


def _replace_former(parameters: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Void the certificate that the new one takes the place of (再交付済)."""
    record_steps(
        CERTIFICATES,
        steps=f"""SELECT c.id, c.state, 'replaced', '新しい医療証の交付', n.decision_id
                    FROM ({CHOSEN}) AS n JOIN cases_certificate c ON c.child_id = n.child_id
                   WHERE c.state = 'issued' AND c.valid && n.valid""",
        parameters=parameters,
        by=by,
        at=at,
    )


def _make_certificates(parameters: dict[str, Any], *, by: Actor, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO cases_certificate (number, child_id, guardian_id, application_id, decision_id,
                    entitlement_id, kind, payer_no, valid, benefit_class, issued_on, state)
                SELECT lpad(nextval('cases_certificate_number')::text, 10, '0'), child_id, guardian_id,
                       application_id, decision_id, entitlement_id, kind, %(payer)s, valid, benefit_class,
                       %(on)s, 'issued'
                  FROM ({CHOSEN} ORDER BY a.id) AS chosen""",
            parameters,
        )
    record_steps(
        CERTIFICATES,
        steps="""SELECT c.id, NULL, 'issued',
                        CASE c.kind WHEN 'new' THEN '新規の交付' WHEN 'change' THEN '異動による交付'
                                    WHEN 'reissue' THEN %(reissue)s || (%(causes)s::jsonb ->> a.matter) END,
                        c.decision_id
                   FROM cases_certificate c JOIN cases_application a ON a.id = c.application_id
                  WHERE a.id = ANY(%(ids)s) AND c.decision_id = a.decision_id""",
        parameters={**parameters, "reissue": "再交付：", "causes": CAUSES},
        by=by,
        at=at,
    )


@transaction.atomic
def _mark(number: str, *, to_state: CertificateState, by: Actor, at: datetime, why: str) -> None:
    if not why.strip():
        raise Refused("理由がありません。", remedy="理由を記入してください。")
    rows = fetch(
        "SELECT id, state FROM cases_certificate WHERE number = %(number)s FOR UPDATE", {"number": number}
    )
    if not rows:
        raise BadInput("その証番号の医療証はありません。", remedy="証番号を確かめてください。")
    move(CERTIFICATES, subject_id=rows[0][0], from_state=rows[0][1], to_state=to_state, by=by, at=at, why=why)
