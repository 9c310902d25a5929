"""Reads of attachments: the list of an application, one of them, and what the scanner refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from kyufu.platform.errors import BadInput

_COLUMNS = """
a.id, a.application_id, a.child_id, a.kind, a.name, a.media_type, a.size, a.pages, a.width, a.height, a.sha256,
a.scan, a.state, a.staff_office || '　' || a.staff_name, a.at,
coalesce(t.actor_office || '　' || t.actor_name, ''), t.at, coalesce(t.why, '')"""
_FROM = """
attachments_attachment a LEFT JOIN attachments_attachment_transition t
  ON t.subject_id = a.id AND t.to_state = 'withdrawn'"""
_REFUSED = """
SELECT r.id, r.application_id, r.child_id, p.number, p.ward_code, r.kind, r.name, r.size, r.sha256,
       r.staff_office || '　' || r.staff_name, r.at
  FROM attachments_refusal r JOIN cases_application p ON p.id = r.application_id
 WHERE (%(wards)s::text[] IS NULL OR p.ward_code = ANY(%(wards)s)) AND (%(after)s = 0 OR r.id < %(after)s)
 ORDER BY r.id DESC LIMIT %(limit)s"""


class AttachmentRow(NamedTuple):
    """A file handed in; `received_by` and `withdrawn_by` are office and name, empty where nobody withdrew it."""

    attachment_id: int
    application_id: int
    child_id: int
    kind: str
    name: str
    media_type: str
    size: int
    pages: int
    width: int
    height: int
    sha256: str
    scan: str
    state: str
    received_by: str
    received_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    why: str


class RefusedRow(NamedTuple):
    """A file in which the scanner found something, and the application it was meant for."""

    refusal_id: int
    application_id: int
    child_id: int
    number: str
    ward_code: str
    kind: str
    name: str
    size: int
    sha256: str
    refused_by: str
    refused_at: datetime


def attachments_of(application_id: int) -> tuple[AttachmentRow, ...]:
    """The files of an application in the order of their receipt, withdrawn and deleted ones too."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE a.application_id = %(id)s ORDER BY a.id"
    return tuple(AttachmentRow(*row) for row in _fetch(statement, {"id": application_id}))


def attachment_by_id(attachment_id: int) -> AttachmentRow:
    """One file; raises BadInput when there is none."""
    rows = _fetch(f"SELECT {_COLUMNS} FROM {_FROM} WHERE a.id = %(id)s", {"id": attachment_id})
    if not rows:
        raise BadInput("その添付書類はありません。", remedy="申請の画面を開き直してください。")
    return AttachmentRow(*rows[0])


def refused_in(wards: Collection[str] | None, *, limit: int, after: int) -> tuple[RefusedRow, ...]:
    """Files of the wards' applications that the scanner refused, newest first, after an id (0: from the start)."""
    listed = None if wards is None else sorted(wards)
    asked = {"wards": listed, "limit": limit, "after": after}
    return tuple(RefusedRow(*row) for row in _fetch(_REFUSED, asked))


def _fetch(statement: str, parameters: dict[str, Any]) -> Sequence[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
    return rows
