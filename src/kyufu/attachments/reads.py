"""The public reads of attachments: each notes whose papers it gave (DESIGN, promise 8)."""

from __future__ import annotations

from kyufu.attachments import queries
from kyufu.attachments.queries import AttachmentRow
from kyufu.audit.api import note_read, notes_found

CONTENT = "添付書類の中身"
LISTED = "添付書類の一覧"
REFUSED = "受け付けなかった添付書類"


def attachments_of(application_id: int) -> tuple[AttachmentRow, ...]:
    """The files of an application in the order of their receipt, withdrawn and deleted ones too."""
    rows = queries.attachments_of(application_id)
    note_read({row.child_id for row in rows}, what=LISTED)
    return rows


attachment_by_id = notes_found(queries.attachment_by_id, what=LISTED, whose=lambda row: [row.child_id])
refused_in = notes_found(queries.refused_in, what=REFUSED, whose=lambda rows: [row.child_id for row in rows])
