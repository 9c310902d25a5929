"""A file taken out of its seal to be looked at; each time is noted."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.attachments.keys import usable_key
from kyufu.attachments.models import AttachmentContent
from kyufu.attachments.queries import AttachmentRow, attachment_by_id
from kyufu.attachments.reads import CONTENT
from kyufu.attachments.sealing import Place, Sealed, Unreadable, unseal
from kyufu.attachments.states import AttachmentState
from kyufu.audit.api import note_read
from kyufu.platform.errors import Refused


class OpenedAttachment(NamedTuple):
    """A file and its content as it was handed in."""

    row: AttachmentRow
    content: bytes


def open_attachment(attachment_id: int) -> OpenedAttachment:
    """Open a file to look at; raises BadInput for none, Refused for one withdrawn, or that does not open."""
    row = attachment_by_id(attachment_id)
    note_read({row.child_id}, what=CONTENT)
    if row.state != AttachmentState.RECEIVED:
        raise Refused(
            f"この添付書類は取り下げられています（{row.withdrawn_by}）。",
            remedy="申請の画面を開き直してください。",
        )
    stored = AttachmentContent.objects.filter(attachment_id=attachment_id).first()
    if stored is None:
        raise _does_not_open()
    place = Place(row.attachment_id, row.application_id, row.sha256)
    sealed = Sealed(bytes(stored.wrapped_key), bytes(stored.sealed))
    try:
        return OpenedAttachment(
            row, unseal(sealed, secret=usable_key(in_use=stored.key_id).secret, place=place)
        )
    except Unreadable:
        raise _does_not_open() from None


def _does_not_open() -> Refused:
    return Refused(
        "この添付書類は、保存したときの内容のまま開けません。書き換えられたおそれがあります。",
        remedy="システムの担当へ連絡してください。原本があれば、取り下げてから添付し直してください。",
    )
