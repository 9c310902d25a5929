"""Files as they are handed in with an application."""

from __future__ import annotations

from datetime import UTC, datetime

from kyufu.attachments.api import HandedFile, receive_attachment
from kyufu.platform.actors import Actor
from tests.attachments.files import pdf

CLERK = Actor("S0001", "受付　花子", "鶴見区保険年金課")
OTHER = Actor("S0002", "取下　次郎", "鶴見区保険年金課")
AT = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


def handed(
    application_id: int,
    content: bytes | None = None,
    *,
    kind: str = "insurance",
    name: str = "資格確認書.pdf",
) -> HandedFile:
    """A PDF of one page, or another content."""
    return HandedFile(application_id, kind, name, pdf() if content is None else content)


def attach(application_id: int, content: bytes | None = None, *, by: Actor = CLERK, at: datetime = AT) -> int:
    """Attach it and give its id."""
    return receive_attachment(handed(application_id, content), by=by, at=at)
