"""Reads of cases: what is to be printed and notified, counts, one application with its history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django.db import connection, transaction
from psycopg.types.range import Range

from kyufu.law.calendar.period import Period
from kyufu.law.child.codec import decision_from_json, facts_from_json
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision
from kyufu.platform.errors import BadInput

FETCH = 2_000


class CertificateRow(NamedTuple):
    """An issued certificate as it is printed; `issue_no` counts the certificates of this child from 1."""

    certificate_id: int
    number: str
    recipient_no: str
    payer_no: str
    child_id: int
    guardian_id: int
    application_id: int
    decision_id: int
    kind: str
    valid: Period
    benefit_class: str
    issued_on: date
    issue_no: int


class RejectionRow(NamedTuple):
    """An approved rejection (却下処分) whose notice is due; the guardian is the one who applied."""

    application_id: int
    application_no: str
    decision_id: int
    child_id: int
    guardian_id: int
    received_on: date
    approved_at: datetime


class UndecidedRow(NamedTuple):
    """An application on hold (判定不能): its latest decision lacks evidence that the guardian may hand in."""

    application_id: int
    application_no: str
    decision_id: int
    child_id: int
    guardian_id: int
    received_on: date


class LossRow(NamedTuple):
    """A loss of entitlement (喪失) whose notice is due, with the last certificate of the child."""

    change_id: int
    application_id: int
    application_no: str
    decision_id: int
    child_id: int
    guardian_id: int
    effective_on: date
    reason_code: str
    recipient_no: str | None
    certificate_no: str | None
    approved_at: datetime


class ApplicationRow(NamedTuple):
    """One line of a list of applications."""

    application_id: int
    number: str
    kind: str
    matter: str
    state: str
    ward_code: str
    received_on: date
    child_id: int
    decision_id: int | None


class StepRow(NamedTuple):
    """One step of a history: from, to, who, when and why; the last one's id says how far the case has come."""

    from_state: str | None
    to_state: str
    actor_name: str
    actor_office: str
    at: datetime
    why: str
    decision_id: int | None
    step_id: int


class EntitlementRow(NamedTuple):
    """A period of entitlement held true now."""

    entitlement_id: int
    child_id: int
    valid: Period
    benefit_class: str
    decision_id: int


class OutcomeCount(NamedTuple):
    """How many latest decisions have this outcome for this first reason; `text` is the reason's sentence."""

    outcome: str
    reason_code: str
    total: int


def certificates_to_print(
    *,
    issued_on: date | None = None,
    only: int | None = None,
    but: str | None = None,
    among: str | None = None,
) -> Iterator[CertificateRow]:
    """Every certificate in use, in the order of its number; or those issued on one day, or `only` one.

    Here and below `but` is an SQL select of the calling module that gives the subjects to leave out (already told),
    and `among` one that gives those to look among.
    """
    statement = f"""
        SELECT c.id, c.number, r.number, c.payer_no, c.child_id, c.guardian_id, c.application_id,
               c.decision_id, c.kind, c.valid, c.benefit_class, c.issued_on,
               (SELECT count(*) FROM cases_certificate o WHERE o.child_id = c.child_id AND o.id <= c.id)
          FROM cases_certificate c JOIN cases_recipient r ON r.child_id = c.child_id
         WHERE c.state = 'issued' AND (%(on)s::date IS NULL OR c.issued_on = %(on)s)
           AND {asked_of("c.id", but=but, among=among)}
         ORDER BY c.number"""
    for row in stream_rows(statement, parameters={"on": issued_on, "only": only}):
        yield CertificateRow._make((*row[:9], _period(row[9]), *row[10:]))


def rejections_to_notify(
    *, only: int | None = None, but: str | None = None, among: str | None = None
) -> Iterator[RejectionRow]:
    """Every approved rejection of a new application that was not closed yet, or that of `only` one application."""
    statement = f"""
        SELECT a.id, a.number, a.decision_id, a.child_id, g.addressee_id, a.received_on, p.at
          FROM cases_application a
          JOIN cases_approval p ON p.decision_id = a.decision_id
          JOIN cases_application_guardian g ON g.application_id = a.id AND g.position = 1
         WHERE a.state = 'rejected' AND {asked_of("a.id", but=but, among=among)} ORDER BY a.number"""
    for row in stream_rows(statement, parameters={"only": only}):
        yield RejectionRow(*row)


def undecided_to_notify(
    *, only: int | None = None, but: str | None = None, among: str | None = None
) -> Iterator[UndecidedRow]:
    """Every application on hold with its latest decision, which could not be reached, or of `only` one decision."""
    statement = f"""
        SELECT a.id, a.number, a.decision_id, a.child_id, g.addressee_id, a.received_on
          FROM cases_application a
          JOIN cases_decision d ON d.id = a.decision_id AND d.outcome = 'cannot_decide'
          JOIN cases_application_guardian g ON g.application_id = a.id AND g.position = 1
         WHERE a.state = 'undecided' AND {asked_of("a.decision_id", but=but, among=among)} ORDER BY a.number"""
    for row in stream_rows(statement, parameters={"only": only}):
        yield UndecidedRow(*row)


def count_no_certificates(*, among: str) -> int:
    """How many of the ids that an SQL select of the calling module gives belong to no certificate; names nobody."""
    statement = f"""SELECT count(*) FROM ({among}) AS asked (id)
                     WHERE NOT EXISTS (SELECT FROM cases_certificate c WHERE c.id = asked.id)"""
    return int(fetch(statement, {})[0][0])


def wards_in_charge(application_ids: Iterable[int]) -> dict[int, str]:
    """The ward (6-digit code) that received each application."""
    statement = "SELECT id, ward_code FROM cases_application WHERE id = ANY(%(ids)s)"
    return dict(fetch(statement, {"ids": list(application_ids)}))


def losses_to_notify(
    *, only: int | None = None, but: str | None = None, among: str | None = None
) -> Iterator[LossRow]:
    """Every recorded loss of entitlement, in the order of its record, or `only` one."""
    statement = f"""
        SELECT e.id, a.id, a.number, e.decision_id, e.child_id, g.addressee_id, e.effective_on, e.reason_code,
               r.number, (SELECT c.number FROM cases_certificate c WHERE c.child_id = e.child_id
                           ORDER BY c.id DESC LIMIT 1), p.at
          FROM cases_entitlement_change e
          JOIN cases_decision d ON d.id = e.decision_id
          JOIN cases_approval p ON p.decision_id = d.id
          JOIN cases_application a ON a.id = d.application_id
          JOIN cases_application_guardian g ON g.application_id = a.id AND g.position = 1
          LEFT JOIN cases_recipient r ON r.child_id = e.child_id
         WHERE e.event = 'lost' AND {asked_of("e.id", but=but, among=among)} ORDER BY e.id"""
    for row in stream_rows(statement, parameters={"only": only}):
        yield LossRow(*row)


def decisions(decision_ids: Collection[int]) -> dict[int, Decision]:
    """The Decisions as the law gave them, read back from what was stored, by id."""
    statement = "SELECT decision_id, content FROM cases_decision_content WHERE decision_id = ANY(%(ids)s)"
    return {row[0]: decision_from_json(row[1]) for row in fetch(statement, {"ids": list(decision_ids)})}


def decided_facts(decision_ids: Collection[int]) -> dict[int, ChildFacts]:
    """The facts that the decisions were reached on, read back from what was stored, by id of the decision."""
    statement = "SELECT decision_id, facts FROM cases_decision_content WHERE decision_id = ANY(%(ids)s)"
    return {row[0]: facts_from_json(row[1]) for row in fetch(statement, {"ids": list(decision_ids)})}


def outcome_counts() -> tuple[OutcomeCount, ...]:
    """The latest decision of every application counted by outcome and first reason, most frequent first."""
    statement = """
        SELECT d.outcome, coalesce(d.reason_codes[1], ''), count(*)
          FROM cases_application a JOIN cases_decision d ON d.id = a.decision_id
         GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""
    return tuple(OutcomeCount(*row) for row in fetch(statement, {}))


def state_counts() -> dict[str, int]:
    """How many applications stand in each state."""
    return dict(fetch("SELECT state, count(*) FROM cases_application GROUP BY state ORDER BY state", {}))


def applications(*, state: str | None = None, limit: int = 50, after: int = 0) -> tuple[ApplicationRow, ...]:
    """Applications in the order of their receipt, after an id (key-set paging)."""
    statement = """
        SELECT id, number, kind, matter, state, ward_code, received_on, child_id, decision_id
          FROM cases_application
         WHERE id > %(after)s AND (%(state)s::text IS NULL OR state = %(state)s)
         ORDER BY id LIMIT %(limit)s"""
    return tuple(
        ApplicationRow(*row) for row in fetch(statement, {"after": after, "state": state, "limit": limit})
    )


def application_by_number(number: str) -> ApplicationRow:
    """The application of a receipt number; raises BadInput when there is none."""
    statement = """
        SELECT id, number, kind, matter, state, ward_code, received_on, child_id, decision_id
          FROM cases_application WHERE number = %(number)s OR source_no = %(number)s"""
    rows = fetch(statement, {"number": number})
    if not rows:
        raise BadInput("その受付番号の申請はありません。", remedy="受付番号を確かめてください。")
    return ApplicationRow(*rows[0])


def application_history(application_id: int) -> tuple[StepRow, ...]:
    """Every step of an application, oldest first."""
    return _history(application_id, table="cases_application_transition")


def certificate_history(certificate_id: int) -> tuple[StepRow, ...]:
    """Every step of a certificate (発行履歴), oldest first."""
    return _history(certificate_id, table="cases_certificate_transition")


def entitlements_of(child_ids: Sequence[int]) -> dict[int, tuple[EntitlementRow, ...]]:
    """The periods of entitlement held true now, by child, earliest first; a child without any is left out."""
    statement = """
        SELECT id, child_id, valid, benefit_class, decision_id FROM cases_entitlement
         WHERE child_id = ANY(%(ids)s) AND superseded_at IS NULL ORDER BY child_id, valid"""
    found: dict[int, tuple[EntitlementRow, ...]] = {}
    for row in fetch(statement, {"ids": list(child_ids)}):
        entry = EntitlementRow(row[0], row[1], _period(row[2]), row[3], row[4])
        found[entry.child_id] = (*found.get(entry.child_id, ()), entry)
    return found


def fetch(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _history(subject_id: int, *, table: str) -> tuple[StepRow, ...]:
    statement = f"""
        SELECT from_state, to_state, actor_name, actor_office, at, why, decision_id, id
          FROM {table} WHERE subject_id = %(id)s ORDER BY id"""
    return tuple(StepRow(*row) for row in fetch(statement, {"id": subject_id}))


def asked_of(subject: str, *, but: str | None, among: str | None) -> str:
    """The condition that a subject is the one asked for, or among those, where any are, and none of those left out."""
    wanted = f"(%(only)s::bigint IS NULL OR {subject} = %(only)s)"
    if among is not None:
        wanted += f" AND {subject} IN ({among})"
    if but is None:
        return wanted
    return f"{wanted} AND NOT EXISTS (SELECT FROM ({but}) AS but (id) WHERE but.id = {subject})"


def _period(valid: Range[date]) -> Period:
    # The constraints keep empty and unbounded-below ranges out of every table that is read here.
    return Period(cast("date", valid.lower), valid.upper)


def stream_rows(statement: str, *, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Rows through a server-side cursor, so that a whole city never lies in memory."""
    with transaction.atomic(), _server_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(FETCH):
            yield from rows


@contextmanager
def _server_cursor() -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        yield cursor
