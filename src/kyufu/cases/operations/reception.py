"""Receive applications one at a time (受付・補正・取下げ)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from kyufu.audit.api import note_read
from kyufu.cases.filing import Filing, fault_of
from kyufu.cases.identity import IdentityCheck, faults_of
from kyufu.cases.machines import APPLICATIONS
from kyufu.cases.queries import ApplicationRow, application_by_number, fetch
from kyufu.cases.states import OPEN_STATES, ApplicationState, Channel, Kind, japanese
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.transitions import begin, move

# The receipt number: year of receipt, a hyphen and a running number. The bulk intake brings numbers of its own,
# which never hold a hyphen: one number never names two applications.
NEXT_NUMBER = "'-' || lpad(nextval('cases_application_number')::text, 7, '0')"


def receive_application(filing: Filing, *, by: Actor, at: datetime) -> ApplicationRow:
    """Register an application; it waits for completion (補正待ち) while its identity check is not complete.

    Raises BadInput for a filing that contradicts itself, Refused for one that does not fit what is there.
    """
    if filing.kind is Kind.WITHDRAWAL:
        # On its own it would stand among the applications, to be judged and to grant what it gives up.
        raise Refused("取下げは申請として受け付けられません。", remedy="取下書として受け付けてください。")
    return _receive(filing, by=by, at=at)


def misfit_of(filing: Filing) -> Refused | BadInput | None:
    """Why a filing could not be received as things stand now, without receiving it; None where it could."""
    if (fault := fault_of(filing)) is not None:
        return BadInput(fault, remedy="申請書を確かめて入力し直してください。")
    note_read((filing.child_id,), what="受付の可否")
    try:
        _refuse_misfit(filing)
    except Refused as refusal:
        return refusal
    return None


@transaction.atomic
def _receive(filing: Filing, *, by: Actor, at: datetime) -> ApplicationRow:
    if (fault := fault_of(filing)) is not None:
        raise BadInput(fault, remedy="申請書を確かめて入力し直してください。")
    _refuse_misfit(filing)
    application_id = _insert(filing)
    begin(APPLICATIONS, subject_id=application_id, state="received", by=by, at=at, why="受付")
    faults = faults_of(filing.identity, channel=filing.channel, first_time=filing.kind is Kind.NEW)
    if faults or filing.identity is None:
        move(
            APPLICATIONS,
            subject_id=application_id,
            from_state="received",
            to_state="incomplete",
            by=by,
            at=at,
            why="".join(faults),
        )
    else:
        _record_identity(application_id, check=filing.identity)
    return _row(application_id)


@transaction.atomic
def complete_application(
    application_id: int,
    *,
    identity: IdentityCheck,
    documents: Sequence[str],
    received_on: date,
    by: Actor,
    at: datetime,
) -> ApplicationRow:
    """Add the missing identity check or documents; raises Refused while the check is still incomplete."""
    state, kind, channel = _locked(application_id)
    if state != ApplicationState.INCOMPLETE:
        raise Refused("補正待ちの申請ではありません。", remedy="申請の状態を確かめてください。")
    faults = faults_of(identity, channel=Channel(channel), first_time=kind == Kind.NEW)
    if faults:
        raise Refused("".join(faults), remedy="本人確認を済ませてから記録してください。")
    _record_identity(application_id, check=identity)
    _record_documents(application_id, documents=documents, received_on=received_on)
    move(
        APPLICATIONS,
        subject_id=application_id,
        from_state=state,
        to_state="received",
        by=by,
        at=at,
        why="補正完了",
    )
    return _row(application_id)


@transaction.atomic
def withdraw_application(filing: Filing, *, by: Actor, at: datetime) -> ApplicationRow:
    """Receive a withdrawal (取下書) and withdraw the application it names; returns the withdrawal's row.

    Raises BadInput for another paper, Refused when the identity check is incomplete or the application is decided.
    """
    if filing.kind is not Kind.WITHDRAWAL:
        raise BadInput("取下書ではありません。", remedy="届出の種類を確かめてください。")
    faults = faults_of(filing.identity, channel=filing.channel, first_time=False)
    if faults:
        raise Refused("".join(faults), remedy="本人確認を済ませてから取下げを受け付けてください。")
    withdrawal = _receive(filing, by=by, at=at)
    target = application_by_number(filing.target_no)
    state, _, _ = _locked(target.application_id)
    if not APPLICATIONS.allows(from_state=state, to_state="withdrawn") or _was_approved(target):
        raise Refused("決裁が済んだ申請は取り下げられません。", remedy="喪失の届出で扱ってください。")
    move(
        APPLICATIONS,
        subject_id=target.application_id,
        from_state=state,
        to_state="withdrawn",
        by=by,
        at=at,
        why=f"取下書（受付番号 {withdrawal.number}）",
    )
    move(
        APPLICATIONS,
        subject_id=withdrawal.application_id,
        from_state="received",
        to_state="closed",
        by=by,
        at=at,
        why=f"受付番号 {target.number} を取り下げた",
    )
    return _row(withdrawal.application_id)


@transaction.atomic
def close_application(application_id: int, *, by: Actor, at: datetime, why: str) -> None:
    """Close an application that was issued or rejected (完結); a reason is required."""
    if not why.strip():
        raise Refused("完結の理由がありません。", remedy="理由を記入してください。")
    state, _, _ = _locked(application_id)
    if state not in (ApplicationState.ISSUED, ApplicationState.REJECTED):
        raise Refused(
            "交付済または却下の申請でないため完結できません。", remedy="申請の状態を確かめてください。"
        )
    move(APPLICATIONS, subject_id=application_id, from_state=state, to_state="closed", by=by, at=at, why=why)


def _refuse_misfit(filing: Filing) -> None:
    """Refuse what is already open, already held, or about something that does not exist."""
    twins = fetch(
        """SELECT number FROM cases_application
            WHERE child_id = %(child)s AND kind = %(kind)s AND state = ANY(%(open)s)""",
        {"child": filing.child_id, "kind": str(filing.kind), "open": sorted(map(str, OPEN_STATES))},
    )
    if twins:
        raise Refused(
            f"同じ児童の{japanese(filing.kind)}の申請（受付番号 {twins[0][0]}）が処理中です。",
            remedy="先の申請を処理するか、取り下げてください。",
        )
    if filing.kind is Kind.NEW and _holds_entitlement(filing.child_id, on=filing.received_on):
        raise Refused(
            "この児童にはすでに資格があります。", remedy="異動届または再交付として受け付けてください。"
        )
    if (filing.kind is Kind.CHANGE and not _holds_entitlement(filing.child_id, on=filing.event_on)) or (
        filing.kind is Kind.LOSS and not _holds_entitlement_after(filing.child_id, day=filing.event_on)
    ):
        raise Refused("その日に資格のない児童の届出です。", remedy="資格の期間を確かめてください。")
    if filing.kind is Kind.REISSUE and not fetch(
        "SELECT 1 FROM cases_certificate WHERE child_id = %(child)s LIMIT 1", {"child": filing.child_id}
    ):
        raise Refused("この児童には医療証を交付していません。", remedy="新規の申請として受け付けてください。")
    if filing.kind is Kind.WITHDRAWAL and application_by_number(filing.target_no).child_id != filing.child_id:
        raise Refused("取り下げる申請の児童が異なります。", remedy="受付番号を確かめてください。")


def _was_approved(application: ApplicationRow) -> bool:
    """Was a decision of it ever approved, though it may be judged again now?"""
    statement = """SELECT 1 FROM cases_approval p JOIN cases_decision d ON d.id = p.decision_id
        WHERE d.application_id = %(id)s LIMIT 1"""
    return bool(fetch(statement, {"id": application.application_id}))


def _holds_entitlement(child_id: int, *, on: date | None) -> bool:
    statement = """SELECT 1 FROM cases_entitlement
        WHERE child_id = %(child)s AND superseded_at IS NULL AND valid @> %(on)s::date"""
    return bool(fetch(statement, {"child": child_id, "on": on}))


def _holds_entitlement_after(child_id: int, *, day: date | None) -> bool:
    """Would a loss on the day end anything (a loss before the first day of a period ends all of it)?"""
    statement = """SELECT 1 FROM cases_entitlement
        WHERE child_id = %(child)s AND superseded_at IS NULL
          AND (upper_inf(valid) OR upper(valid) > %(day)s::date)"""
    return bool(fetch(statement, {"child": child_id, "day": day}))


def _insert(filing: Filing) -> int:
    statement = f"""
        INSERT INTO cases_application (number, kind, matter, state, ward_code, channel, received_on,
                                       applicant_kind, agent_name, child_id, event_on, target_id)
        VALUES (%(year)s || {NEXT_NUMBER}, %(kind)s, %(matter)s, 'received', %(ward)s, %(channel)s,
                %(received_on)s, %(applicant)s, %(agent)s, %(child)s, %(event_on)s, %(target)s)
        RETURNING id"""
    target = application_by_number(filing.target_no).application_id if filing.target_no else None
    parameters = {
        "year": f"{filing.received_on.year:04}", "kind": str(filing.kind), "matter": str(filing.matter),
        "ward": filing.ward_code, "channel": str(filing.channel), "received_on": filing.received_on,
        "applicant": str(filing.applicant_kind), "agent": filing.agent_name, "child": filing.child_id,
        "event_on": filing.event_on, "target": target,
    }  # fmt: skip
    try:
        application_id: int = fetch(statement, parameters)[0][0]
    except IntegrityError as error:
        # Two counters at once: the index decides what the look before could not see.
        if "cases_application_one_open" not in str(error):
            raise
        raise Refused(
            "同じ児童の同じ種類の申請が処理中です。", remedy="先の申請を確かめてください。"
        ) from None
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO cases_application_guardian (application_id, position, addressee_id, relation)
               VALUES (%s, %s, %s, %s)""",
            [(application_id, at, *guardian) for at, guardian in enumerate(filing.guardians, start=1)],
        )
    _record_documents(application_id, documents=filing.documents, received_on=filing.received_on)
    return application_id


def _record_documents(application_id: int, *, documents: Sequence[str], received_on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_application_document (application_id, document, received_on)
               SELECT %(id)s, document, %(on)s FROM unnest(%(documents)s::text[]) AS handed (document)""",
            {"id": application_id, "on": received_on, "documents": list(documents)},
        )


def _record_identity(application_id: int, *, check: IdentityCheck) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_identity_check (application_id, number_document, identity_document, seen,
                                                 explained, matched_on, staff_id, staff_name, checked_on)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                application_id,
                str(check.number_document),
                str(check.identity_document),
                str(check.seen),
                check.explained,
                check.matched_on,
                check.staff_id,
                check.staff_name,
                check.checked_on,
            ),
        )


def _locked(application_id: int) -> tuple[str, str, str]:
    """State, kind and channel of an application that is held for the rest of the transaction."""
    rows = fetch(
        "SELECT state, kind, channel FROM cases_application WHERE id = %(id)s FOR UPDATE",
        {"id": application_id},
    )
    if not rows:
        raise BadInput("その申請はありません。", remedy="受付番号を確かめてください。")
    state, kind, channel = rows[0]
    return state, kind, channel


def _row(application_id: int) -> ApplicationRow:
    number = fetch("SELECT number FROM cases_application WHERE id = %(id)s", {"id": application_id})[0][0]
    return application_by_number(number)
