"""Writes of attachments: received, withdrawn, deleted when their time is over. Each is one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from kyufu.attachments.checks import Looked, look_at, refuse_beyond_limits
from kyufu.attachments.keys import usable_key
from kyufu.attachments.models import Attachment, AttachmentContent, AttachmentRefusal
from kyufu.attachments.parameters import attachment_limits
from kyufu.attachments.queries import attachment_by_id
from kyufu.attachments.scanning import Verdict, scan
from kyufu.attachments.sealing import Place, seal
from kyufu.attachments.states import ATTACHMENTS, AttachmentState
from kyufu.audit.api import EventKind, record_event
from kyufu.cases import api as cases
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.transitions import begin, move

DELETED_AT_ONCE = 100


class HandedFile(NamedTuple):
    """A file as it comes in: for which application, which kind of document, under which name, with which content."""

    application_id: int
    kind: str
    name: str
    content: bytes


class Infected(Refused):
    """The scanner found something; it is on the list of what was refused."""


def receive_attachment(handed: HandedFile, *, by: Actor, at: datetime) -> int:
    """Take a file in, looked through, scanned and sealed; returns its id.

    Raises BadInput for a file that is not taken, Infected for what the scanner found, Refused where the scanner
    failed, the limits are reached or the same file is there already.
    """
    child_id = cases.application_by_id(handed.application_id).child_id
    limits = attachment_limits(on=at.astimezone(JAPAN).date())
    looked = look_at(handed.content, kind=handed.kind, name=handed.name, on=at.astimezone(JAPAN).date())
    verdict = scan(handed.content, seconds=limits.scan_seconds)
    if verdict is Verdict.INFECTED:
        _keep_refusal(handed, looked=looked, child_id=child_id, by=by, at=at)
        raise Infected(
            "ウイルスなどの有害なデータが見つかったため、受け付けませんでした。",
            remedy="ファイルを開かず、システムの担当へ連絡してください。書類は紙で受け取ってください。",
        )
    if verdict is Verdict.FAILED:
        raise Refused(
            "ウイルス検査ができなかったため、受け付けませんでした。何も保存していません。",
            remedy="しばらくしてからもう一度添付し、続くときはシステムの担当へ連絡してください。",
        )
    with transaction.atomic():
        refuse_beyond_limits(handed.application_id, looked=looked, limits=limits)
        attachment = Attachment.objects.create(
            **_handed_in(handed, looked=looked, child_id=child_id, by=by, at=at),
            media_type=looked.media_type,
            **looked.shape._asdict(),
            scan=verdict.value,
            state=AttachmentState.RECEIVED,
        )
        begin(ATTACHMENTS, subject_id=attachment.id, state=AttachmentState.RECEIVED, by=by, at=at, why="添付")
        _keep_content(attachment, content=handed.content)
    return int(attachment.id)


def withdraw_attachment(attachment_id: int, *, by: Actor, at: datetime, why: str) -> None:
    """Withdraw a file that was attached by mistake (取下げ); its content is kept for the days of the parameters.

    Raises BadInput without a reason, Refused where it was withdrawn already, saying by whom.
    """
    if not why.strip():
        raise BadInput("取下げの理由がありません。", remedy="理由を入力してください。")
    with transaction.atomic():
        _lock(attachment_id)
        row = attachment_by_id(attachment_id)
        if row.state != AttachmentState.RECEIVED:
            raise Refused(
                f"この添付書類は、{row.withdrawn_by}がすでに取り下げています。",
                remedy="申請の画面を開き直して確かめてください。",
            )
        move(
            ATTACHMENTS, subject_id=attachment_id, from_state=AttachmentState.RECEIVED,
            to_state=AttachmentState.WITHDRAWN, by=by, at=at, why=why.strip(),
        )  # fmt: skip


def delete_withdrawn_attachments(*, by: Actor, on: date, at: datetime) -> int:
    """Delete the content of files whose days of keeping after withdrawal are over; returns how many, 100 at most.

    Each is a transaction of its own; record, hash and history stay.
    """
    days = attachment_limits(on=on).withdrawn_days
    due = _withdrawn_before(on - timedelta(days=days))
    for attachment_id in due:
        with transaction.atomic():
            move(
                ATTACHMENTS, subject_id=attachment_id, from_state=AttachmentState.WITHDRAWN,
                to_state=AttachmentState.DELETED, by=by, at=at, why=f"取下げから{days}日が過ぎたため",
            )  # fmt: skip
            AttachmentContent.objects.filter(attachment_id=attachment_id).delete()
            child_id = attachment_by_id(attachment_id).child_id
            record_event(
                EventKind.ATTACHMENT_DELETED, detail={"添付書類": str(attachment_id)}, subjects=[child_id]
            )
    return len(due)


def _keep_content(attachment: Attachment, *, content: bytes) -> None:
    latest = AttachmentContent.objects.order_by("-attachment_id").values_list("key_id", flat=True).first()
    key = usable_key(in_use=latest)
    place = Place(attachment.id, attachment.application_id, attachment.sha256)
    sealed = seal(content, secret=key.secret, place=place)
    AttachmentContent.objects.create(
        attachment=attachment, key_id=key.identity, wrapped_key=sealed.wrapped_key, sealed=sealed.content
    )


def _keep_refusal(handed: HandedFile, *, looked: Looked, child_id: int, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        AttachmentRefusal.objects.create(**_handed_in(handed, looked=looked, child_id=child_id, by=by, at=at))
        record_event(EventKind.ATTACHMENT_REFUSED, detail={"SHA-256": looked.sha256}, subjects=[child_id])


def _handed_in(
    handed: HandedFile, *, looked: Looked, child_id: int, by: Actor, at: datetime
) -> dict[str, object]:
    return {
        "application_id": handed.application_id,
        "child_id": child_id,
        "kind": handed.kind,
        "name": looked.name,
        "size": looked.size,
        "sha256": looked.sha256,
        "staff_id": by.staff_id,
        "staff_name": by.name,
        "staff_office": by.office,
        "at": at,
    }


def _lock(attachment_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM attachments_attachment WHERE id = %s FOR NO KEY UPDATE", [attachment_id])


def _withdrawn_before(day: date) -> list[int]:
    """Withdrawn on a day before, in Japan."""
    statement = """
        SELECT a.id FROM attachments_attachment a JOIN attachments_attachment_transition t ON t.subject_id = a.id
         WHERE a.state = 'withdrawn' AND t.to_state = 'withdrawn' AND (t.at AT TIME ZONE 'Asia/Tokyo')::date < %s
         ORDER BY a.id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [day, DELETED_AT_ONCE])
        return [row[0] for row in cursor.fetchall()]
