"""The record of feed files: received, applied or refused, and which sequence number came last."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kyufu.platform.clock import current_instant
from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.frame import Frame, Header
from kyufu.platform.models import FeedFile


def last_applied_seq(layout: str) -> int:
    """The sequence number of the last file of a layout that was taken in, 0 where there is none."""
    last = (
        FeedFile.objects.filter(layout=layout, state="applied").order_by("-seq").values_list("seq", flat=True)
    )
    return int(last.first() or 0)


def applied_file(frame: Frame) -> FeedFile | None:
    """The record of the very same bytes where they were taken in before."""
    return FeedFile.objects.filter(layout=frame.header.layout, sha256=frame.sha256, state="applied").first()


def record_receipt(path: Path, *, frame: Frame) -> FeedFile:
    """Note the file before work starts; one that was being worked on when the machine failed is taken up again."""
    header = frame.header
    if (known := applied_file(frame)) is not None:
        return known
    received, _ = FeedFile.objects.get_or_create(
        layout=header.layout, sha256=frame.sha256, state="received",
        defaults={
            "mode": header.mode, "seq": header.seq, "municipality": header.municipality, "made_at": header.made_at,
            "name": path.name[:200], "reason": "", "row_count": frame.rows, "received_at": current_instant(),
        },
    )  # fmt: skip
    return received


def record_refusal(path: Path, *, header: Header | None, error: BadInput) -> None:
    """Record a file whose frame is wrong; as much of it as the header tells."""
    instant = current_instant()
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    FeedFile.objects.create(
        layout=header.layout if header else "", mode=header.mode if header else "", seq=header.seq if header else None,
        municipality=header.municipality if header else "", made_at=header.made_at if header else None,
        name=path.name[:200], sha256=sha256, state="refused", reason=str(error),
        received_at=instant, finished_at=instant,
    )  # fmt: skip


def refuse_received(received: FeedFile, *, error: BadInput) -> None:
    """Record that a file whose frame is right was refused after all."""
    FeedFile.objects.filter(pk=received.pk, state="received").update(
        state="refused", reason=str(error), finished_at=current_instant()
    )
