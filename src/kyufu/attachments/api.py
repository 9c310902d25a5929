"""What other modules may ask of attachments and have it keep."""

from __future__ import annotations

from kyufu.attachments.formats import EXTENSIONS, MEDIA_TYPES, TIFF
from kyufu.attachments.opening import OpenedAttachment, open_attachment
from kyufu.attachments.operations import (
    HandedFile,
    Infected,
    delete_withdrawn_attachments,
    receive_attachment,
    withdraw_attachment,
)
from kyufu.attachments.parameters import (
    AttachmentLimits,
    attachment_limits,
    document_kinds,
    document_label,
)
from kyufu.attachments.queries import AttachmentRow, RefusedRow
from kyufu.attachments.reads import attachment_by_id, attachments_of, refused_in
from kyufu.attachments.states import AttachmentState, Scan

__all__ = [
    "EXTENSIONS",
    "MEDIA_TYPES",
    "TIFF",
    "AttachmentLimits",
    "AttachmentRow",
    "AttachmentState",
    "HandedFile",
    "Infected",
    "OpenedAttachment",
    "RefusedRow",
    "Scan",
    "attachment_by_id",
    "attachment_limits",
    "attachments_of",
    "delete_withdrawn_attachments",
    "document_kinds",
    "document_label",
    "open_attachment",
    "receive_attachment",
    "refused_in",
    "withdraw_attachment",
]
