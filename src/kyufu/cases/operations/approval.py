"""Approve decisions (決裁) or send them back (差戻し); what is approved makes or ends entitlements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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
from kyufu.cases.machines import APPLICATIONS
from kyufu.cases.operations.entitlement import apply_decisions
from kyufu.cases.queries import fetch
from kyufu.cases.staleness import IS_STALE, IS_SUPERSEDED, STALE_TEXT, SUPERSEDED_TEXT
from kyufu.cases.states import CARD_CHANGES, CARD_KINDS
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move, record_steps
from kyufu.staff.api import same_person_sql

SAME_PERSON_TEXT = "判定した職員は、その決裁をできません。"
NOT_JUDGED_TEXT = "判定済の申請ではありません。"

# What becomes of an approved application: a card to issue, a rejection, or nothing more to do.
# Of a report also where the card that is, or was until this decision, in use says another end or class.
CARD_DIFFERS = """EXISTS (
    SELECT 1 FROM cases_certificate c
     WHERE c.child_id = d.child_id AND c.valid && d.valid
       AND (upper(c.valid) IS DISTINCT FROM upper(d.valid) OR c.benefit_class <> d.benefit_class)
       AND (c.state = 'issued' OR EXISTS (
            SELECT 1 FROM cases_certificate_transition t
             WHERE t.subject_id = c.id AND t.decision_id = d.id AND t.to_state = 'voided')))"""
ENDS_IN_CARD = f"""(d.outcome = 'eligible' AND d.issues_certificate IS NOT FALSE
    AND (a.kind = ANY(%(card_kinds)s)
         OR (a.kind = 'change' AND (a.matter = ANY(%(card_changes)s) OR {CARD_DIFFERS}))))"""
# Who was entitled for a time before the day is not rejected: the time is granted, and ended with the reason.
IS_PAST_ONLY = """(d.outcome = 'not_eligible' AND a.kind = 'new' AND EXISTS (
    SELECT 1 FROM cases_decision m WHERE m.principal_id = d.id AND m.outcome = 'eligible'))"""
# Whoever was given a card is not rejected later, but loses what was granted.
IS_REJECTION = f"""(d.outcome = 'not_eligible' AND a.kind = 'new' AND NOT {IS_PAST_ONLY}
    AND NOT EXISTS (SELECT 1 FROM cases_certificate c WHERE c.application_id = a.id))"""


def approve_application(application_id: int, *, by: Actor, at: datetime) -> None:
    """Approve the decision of one application; raises Refused with the reason when it must not be."""
    only_one(_approve_block([application_id], by=by, at=at), remedy="申請の状態と判定を確かめてください。")


def approve_decided(*, by: Actor, at: datetime, report: Report) -> BulkResult:
    """Approve every judged application that may be; the others stay and are listed with the reason."""

    def work(ids: Sequence[int]) -> BulkResult:
        return _approve_block(ids, by=by, at=at)

    return run_blocks(candidates="a.state = 'judged'", parameters={}, work=work, report=report)


@transaction.atomic
def send_back(application_id: int, *, by: Actor, at: datetime, why: str) -> None:
    """Send a judged application back to be judged again; a reason is required."""
    if not why.strip():
        raise Refused("差戻しの理由がありません。", remedy="理由を記入してください。")
    move(
        APPLICATIONS,
        subject_id=application_id,
        from_state="judged",
        to_state="sent_back",
        by=by,
        at=at,
        why=why,
    )


@transaction.atomic
def _approve_block(ids: Sequence[int], *, by: Actor, at: datetime) -> BulkResult:
    verdicts = _verdicts(ids, by=by)
    again = children_met_before((row[0], row[4]) for row in verdicts if row[3] is None)
    against = {row[0]: ANOTHER_FIRST_TEXT if row[0] in again else row[3] for row in verdicts}
    refused = tuple(Refusal(row[0], row[1], why) for row in verdicts if (why := against[row[0]]) is not None)
    approved = [row[2] for row in verdicts if against[row[0]] is None]
    decisions = _with_stretches(approved)
    parameters = {
        "principals": approved,
        "decisions": decisions,
        "card_kinds": sorted(map(str, CARD_KINDS)),
        "card_changes": sorted(map(str, CARD_CHANGES)),
    }
    _record_approvals(parameters, by=by, at=at)
    apply_decisions(decisions, by=by, at=at)
    _take_steps(parameters, by=by, at=at)
    return BulkResult(len(approved), refused)


def _verdicts(ids: Sequence[int], *, by: Actor) -> list[tuple[Any, ...]]:
    """Lock the applications; each with number, decision, the reason against approving it (NULL: none), child."""
    fetch(
        "SELECT id FROM cases_application WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE", {"ids": list(ids)}
    )
    return fetch(
        f"""SELECT a.id, a.number, d.id,
                   CASE WHEN a.state <> 'judged' OR d.id IS NULL THEN %(not_judged)s
                        WHEN {same_person_sql(first="d.judged_by_id", second="%(actor)s")} THEN %(same_person)s
                        WHEN {IS_STALE} THEN %(stale)s
                        WHEN {IS_SUPERSEDED} THEN %(superseded)s END, a.child_id
              FROM cases_application a LEFT JOIN cases_decision d ON d.id = a.decision_id
             WHERE a.id = ANY(%(ids)s) ORDER BY a.id""",
        {
            "ids": list(ids),
            "actor": by.staff_id,
            "not_judged": NOT_JUDGED_TEXT,
            "same_person": SAME_PERSON_TEXT,
            "stale": STALE_TEXT,
            "superseded": SUPERSEDED_TEXT,
        },
    )


def _with_stretches(principals: Sequence[int]) -> list[int]:
    """The decisions and those of the earlier stretches that were judged with them."""
    rows = fetch(
        """SELECT id FROM cases_decision WHERE id = ANY(%(ids)s)
           UNION ALL SELECT id FROM cases_decision WHERE principal_id = ANY(%(ids)s) ORDER BY 1""",
        {"ids": list(principals)},
    )
    return [row[0] for row in rows]


def _record_approvals(parameters: dict[str, Any], *, by: Actor, at: datetime) -> None:
    actor = {"actor_id": by.staff_id, "actor_name": by.name, "actor_office": by.office, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name,
                                           approved_by_office, at)
               SELECT id, judged_by_id, %(actor_id)s, %(actor_name)s, %(actor_office)s, %(at)s
                 FROM cases_decision WHERE id = ANY(%(decisions)s)""",
            parameters | actor,
        )


def _take_steps(parameters: dict[str, Any], *, by: Actor, at: datetime) -> None:
    source = """FROM cases_application a JOIN cases_decision d ON d.id = a.decision_id
                WHERE d.id = ANY(%(principals)s)"""
    record_steps(
        APPLICATIONS,
        steps=f"""SELECT a.id, a.state, CASE WHEN {IS_REJECTION} THEN 'rejected' ELSE 'approved' END,
                         '決裁', d.id
                    {source}""",
        parameters=parameters,
        by=by,
        at=at,
    )
    record_steps(
        APPLICATIONS,
        steps=f"""SELECT a.id, a.state, 'closed',
                         CASE WHEN {IS_PAST_ONLY} THEN '決裁により完結（過去の期間の資格。交付する医療証なし）'
                              ELSE '決裁により完結（交付する医療証なし）' END, d.id
                    {source} AND NOT {ENDS_IN_CARD} AND NOT {IS_REJECTION}""",
        parameters=parameters,
        by=by,
        at=at,
    )
