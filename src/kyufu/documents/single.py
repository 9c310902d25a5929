"""The document of one application: has it been printed, its pages as a PDF, and the card handed over."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from kyufu.audit.api import note_read
from kyufu.cases import api as cases
from kyufu.documents import files, queries
from kyufu.documents.content import Kind
from kyufu.documents.models import Document
from kyufu.documents.operations import Printed, print_one, reprint
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

PDF = "印刷した帳票（PDF）"
NOT_PRINTED = "まだ印刷していません。"
IN_BULK = "一括で印刷した帳票のため、この1件だけのPDFはありません。"
AGAIN = "もう一度要るときは、理由を入力して再印刷してください。"
LEFT_OUT = "理由を解消してから印刷してください。"
LOST = "印刷したファイルが見つからないか、内容が変わっています。"


class Paper(NamedTuple):
    """The document of an application, and when it was last printed (None: not yet); `is_alone`: in a file of its own.

    `decision_id` is the decision it stands on; child and guardian are those whose data it shows.
    """

    kind: Kind
    subject_id: int
    decision_id: int
    child_id: int
    guardian_id: int
    printed_at: datetime | None
    is_alone: bool


def paper_of(application_id: int) -> Paper | None:
    """The document that an application as it stands gives rise to; None where there is none."""
    found = cases.paper_of(application_id)
    if found is None:
        return None
    kind = Kind(found.kind)
    last = _last_print(kind, subject_id=found.subject_id)
    return Paper(
        kind,
        found.subject_id,
        found.decision_id,
        found.child_id,
        found.guardian_id,
        None if last is None else last.printed_at,
        last is not None and last.file.pages == last.pages,
    )


def print_paper(
    paper: Paper, *, reason: str, by: Actor, on: date, at: datetime, municipality: str, watermark: str
) -> Printed:
    """Print a document for the first time, or again with the reason; raises Refused with why it was left out."""
    if paper.printed_at is None:
        return print_one(
            paper.kind, subject_id=paper.subject_id, by=by, on=on, at=at, municipality=municipality,
            watermark=watermark,
        )  # fmt: skip
    printed = reprint(
        paper.kind, subject_id=paper.subject_id, reason=reason, by=by, on=on, at=at, municipality=municipality,
        watermark=watermark,
    )  # fmt: skip
    if not printed.documents:
        raise Refused(queries.why_left_out(paper.kind, subject_id=paper.subject_id), remedy=LEFT_OUT)
    return printed


def pdf_of(paper: Paper) -> bytes:
    """The latest printed pages of a document, byte for byte as the ledger has them.

    Raises Refused where it was not printed, lies in the file of a bulk run, or stands on a stale decision.
    """
    last = _last_print(paper.kind, subject_id=paper.subject_id)
    if last is None:
        raise Refused(NOT_PRINTED, remedy="印刷してから開いてください。")
    stale = cases.refuse_if_stale([paper.decision_id]).get(paper.decision_id)
    if stale is not None:
        raise Refused(stale, remedy="判定し直して、決裁が済んでから印刷してください。")
    if last.file.pages != last.pages:
        raise Refused(IN_BULK, remedy=AGAIN)
    place = files.root() / last.run.folder / last.file.name
    content = place.read_bytes() if place.is_file() else b""
    if hashlib.sha256(content).hexdigest() != last.file.sha256:
        raise Refused(LOST, remedy=AGAIN)
    note_read({paper.child_id, paper.guardian_id}, what=PDF)
    return content


def hand_over_certificate(
    certificate_id: int, *, filing: cases.HandoverFiling, recorded: int, by: Actor, at: datetime
) -> None:
    """Record that a printed certificate was handed over or mailed; raises Refused as `cases.hand_over_certificate`."""
    cases.hand_over_certificate(
        certificate_id,
        filing=filing,
        recorded=recorded,
        printed=queries.select_printed(Kind.CERTIFICATE),
        by=by,
        at=at,
    )


def certificates_to_hand_over(
    wards: Collection[str] | None, *, limit: int, after: int
) -> tuple[cases.WaitingCard, ...]:
    """Certificates in use of the wards that were neither handed over nor mailed, and whether they were printed."""
    printed = queries.select_printed(Kind.CERTIFICATE)
    return cases.certificates_to_hand_over(wards, printed=printed, limit=limit, after=after)


def _last_print(kind: Kind, *, subject_id: int) -> Document | None:
    found = Document.objects.filter(kind=kind, subject_id=subject_id)
    return found.select_related("run", "file").order_by("-id").first()
