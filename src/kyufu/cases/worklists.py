"""Worklists of the counter and of the approver: narrowed lists, judgements that wait, cards to hand over.

Lists are bounded by wards (6-digit codes), None meaning the whole city, in the order of receipt (key-set paging).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases.queries import ApplicationRow, fetch
from kyufu.cases.staleness import (
    IS_STALE,
    IS_SUPERSEDED,
    STALE_TEXT,
    SUPERSEDED_TEXT,
)

IN_WARDS = "(%(wards)s::text[] IS NULL OR a.ward_code = ANY(%(wards)s))"
COLUMNS = "a.id, a.number, a.kind, a.matter, a.state, a.ward_code, a.received_on, a.child_id, a.decision_id"
QUEUE = "決裁を待つ申請"
TO_HAND_OVER = "交付を待つ医療証"
HANDED = "医療証の手渡し・郵送の記録"
FOUND = "申請の検索"
# Digits of the running half of a receipt number.
RUNNING = 7
# What a first page says of the cards that wait: beyond these they are old, or too many to count while one looks.
LATEST, MOST_COUNTED = 20_000, 1_000


class ApplicationQuery(NamedTuple):
    """What a list is narrowed by; None and the empty text narrow by nothing. `mine` is a staff number.

    The days of receipt are both included.
    """

    state: str | None = None
    kind: str | None = None
    received_from: date | None = None
    received_to: date | None = None
    mine: str = ""


class QueuedRow(NamedTuple):
    """A judged application that waits for approval, with who judged, what speaks against it, and what to look at."""

    application_id: int
    number: str
    kind: str
    matter: str
    ward_code: str
    received_on: date
    child_id: int
    decision_id: int
    outcome: str
    judged_at: datetime
    judged_by: str
    judged_by_id: str
    against: str
    by_mail: bool
    is_changed: bool
    has_open_periods: bool


class WaitingCard(NamedTuple):
    """A certificate in use that was neither handed over nor mailed."""

    certificate_id: int
    number: str
    application_id: int
    application_no: str
    ward_code: str
    child_id: int
    issued_on: date
    channel: str
    is_printed: bool


class HandoverSeen(NamedTuple):
    """One record of how a certificate left the office."""

    certificate_id: int
    times: int
    way: str
    handed_to: str
    identity_seen: str
    handed_on: date
    note: str
    staff: str
    at: datetime


def find_applications(
    wards: Collection[str] | None, *, query: ApplicationQuery, limit: int, after: int
) -> tuple[ApplicationRow, ...]:
    """Applications received by the wards that the query names, in the order of their receipt, after an id."""
    statement = f"""
        SELECT {COLUMNS} FROM cases_application a
         WHERE a.id > %(after)s AND {IN_WARDS}
           AND (%(state)s::text IS NULL OR a.state = %(state)s) AND (%(kind)s::text IS NULL OR a.kind = %(kind)s)
           AND (%(received_from)s::date IS NULL OR a.received_on >= %(received_from)s)
           AND (%(received_to)s::date IS NULL OR a.received_on <= %(received_to)s)
           AND (%(mine)s = '' OR EXISTS (
                SELECT FROM cases_application_transition t WHERE t.subject_id = a.id AND t.actor_id = %(mine)s))
         ORDER BY a.id LIMIT %(limit)s"""
    asked = query._asdict() | {"after": after, "limit": limit, "wards": _listed(wards)}
    rows = tuple(ApplicationRow(*row) for row in fetch(statement, asked))
    note_read({row.child_id for row in rows}, what=FOUND)
    return rows


def find_by_number(number: str, *, wards: Collection[str] | None, limit: int) -> tuple[ApplicationRow, ...]:
    """The applications of a receipt number within the wards, newest first; the running number alone will do."""
    is_running = number.isascii() and number.isdigit() and len(number) <= RUNNING
    statement = f"""
        SELECT {COLUMNS} FROM cases_application a
         WHERE {IN_WARDS} AND (a.number = %(number)s OR a.source_no = %(number)s OR a.number LIKE %(running)s)
         ORDER BY a.id DESC LIMIT %(limit)s"""
    asked = {
        "number": number, "running": f"%-{number.zfill(RUNNING)}" if is_running else None, "wards": _listed(wards),
        "limit": limit,
    }  # fmt: skip
    rows = tuple(ApplicationRow(*row) for row in fetch(statement, asked))
    note_read({row.child_id for row in rows}, what=FOUND)
    return rows


def applications_to_approve(
    wards: Collection[str] | None, *, limit: int, after: int, only: Collection[int] | None = None
) -> tuple[QueuedRow, ...]:
    """Judged applications of the wards, the oldest first, after an id; or those of them that `only` names."""
    statement = f"""
        SELECT a.id, a.number, a.kind, a.matter, a.ward_code, a.received_on, a.child_id, d.id, d.outcome,
               d.judged_at, d.judged_by_office || '　' || d.judged_by_name, d.judged_by_id,
               CASE WHEN {IS_STALE} THEN %(stale)s WHEN {IS_SUPERSEDED} THEN %(superseded)s ELSE '' END,
               coalesce(i.seen = 'copy', FALSE), {_IS_CHANGED},
               EXISTS (SELECT FROM cases_decision m WHERE m.principal_id = d.id AND m.outcome = 'cannot_decide')
          FROM cases_application a JOIN cases_decision d ON d.id = a.decision_id
          LEFT JOIN cases_identity_check i ON i.application_id = a.id
         WHERE a.state = 'judged' AND a.id > %(after)s AND {IN_WARDS}
           AND (%(only)s::bigint[] IS NULL OR a.id = ANY(%(only)s))
         ORDER BY a.id LIMIT %(limit)s"""
    asked: dict[str, Any] = {
        "after": after, "limit": limit, "wards": _listed(wards), "stale": STALE_TEXT, "superseded": SUPERSEDED_TEXT,
        "only": None if only is None else list(only),
    }  # fmt: skip
    rows = tuple(QueuedRow(*row) for row in fetch(statement, asked))
    note_read({row.child_id for row in rows}, what=QUEUE)
    return rows


# Another answer than the child's last approved one, or than the case's own before it was judged again.
_IS_CHANGED = """coalesce((
    SELECT (o.outcome, o.benefit_class) IS DISTINCT FROM (d.outcome, d.benefit_class)
      FROM cases_decision o LEFT JOIN cases_approval p ON p.decision_id = o.id
     WHERE o.child_id = d.child_id AND o.id < d.id AND o.principal_id IS NULL
       AND (p.decision_id IS NOT NULL OR o.application_id = d.application_id)
     ORDER BY o.id DESC LIMIT 1), FALSE)"""


def certificates_to_hand_over(
    wards: Collection[str] | None, *, printed: str, limit: int, after: int
) -> tuple[WaitingCard, ...]:
    """Certificates in use of the wards without a record that they were handed over or mailed, oldest first.

    `printed` is an SQL select of the calling module that gives the certificates that were printed.
    """
    statement = f"""
        SELECT c.id, c.number, a.id, a.number, a.ward_code, c.child_id, c.issued_on, a.channel,
               EXISTS (SELECT FROM ({printed}) AS p (id) WHERE p.id = c.id)
          FROM cases_certificate c JOIN cases_application a ON a.id = c.application_id
         WHERE c.state = 'issued' AND c.id > %(after)s AND {IN_WARDS}
           AND NOT EXISTS (SELECT FROM cases_handover h WHERE h.certificate_id = c.id)
         ORDER BY c.id LIMIT %(limit)s"""
    asked = {"after": after, "limit": limit, "wards": _listed(wards)}
    rows = tuple(WaitingCard(*row) for row in fetch(statement, asked))
    note_read({row.child_id for row in rows}, what=TO_HAND_OVER)
    return rows


def count_to_hand_over(wards: Collection[str] | None) -> int:
    """How many cards wait to be handed over or mailed, at most MOST_COUNTED, of the latest LATEST; names nobody."""
    statement = f"""
        SELECT count(*) FROM (
            SELECT FROM cases_certificate c JOIN cases_application a ON a.id = c.application_id
             WHERE c.id > (SELECT coalesce(max(id), 0) - {LATEST} FROM cases_certificate)
               AND c.state = 'issued' AND {IN_WARDS}
               AND NOT EXISTS (SELECT FROM cases_handover h WHERE h.certificate_id = c.id)
             LIMIT {MOST_COUNTED}) AS waiting"""
    return int(fetch(statement, {"wards": _listed(wards)})[0][0])


def handovers_of(application_id: int) -> tuple[HandoverSeen, ...]:
    """How the certificates of an application left the office, oldest first."""
    statement = """
        SELECT c.child_id, h.certificate_id, h.times, h.way, h.handed_to, h.identity_seen, h.handed_on, h.note,
               h.staff_office || '　' || h.staff_name, h.at
          FROM cases_handover h JOIN cases_certificate c ON c.id = h.certificate_id
         WHERE c.application_id = %(id)s ORDER BY h.id"""
    rows = fetch(statement, {"id": application_id})
    note_read({row[0] for row in rows}, what=HANDED)
    return tuple(HandoverSeen(*row[1:]) for row in rows)


def _listed(wards: Collection[str] | None) -> list[str] | None:
    return None if wards is None else sorted(wards)
