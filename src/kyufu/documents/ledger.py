"""The print ledger's writes, and the lock under which alone they happen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kyufu.documents.content import Kind
from kyufu.documents.damage import Damage, Original
from kyufu.documents.jobs import Item
from kyufu.documents.models import PrintFile, PrintRun
from kyufu.documents.render import Rendered
from kyufu.documents.selection import LeftOut
from kyufu.documents.sorting import Part
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.db import copy_rows
from kyufu.platform.errors import Refused

# Any number does, as long as nothing else in Kyufu locks by the same one: "print" in letters of a telephone.
LOCK = 77468

DOCUMENT_COLUMNS = (
    "run_id",
    "file_id",
    "kind",
    "subject_id",
    "addressee_id",
    "number",
    "page",
    "pages",
    "printed_at",
    "reprint",
    "running_no",
    "content_digest",
    "replaces_id",
)
EXCEPTION_COLUMNS = ("run_id", "kind", "subject_id", "addressee_id", "code", "text")


class Order(NamedTuple):
    """What was asked: kind, document date, by whom, when, the reason where it is printed again, and the damage."""

    uid: UUID
    kind: Kind
    dated: date
    by: Actor
    at: datetime
    reprint_reason: str
    watermark: str
    damage: Damage | None = None

    @property
    def today(self) -> date:
        """The day in Japan on which it was asked: whoever is protected then is protected on the paper."""
        return self.at.astimezone(JAPAN).date()

    @property
    def folder(self) -> str:
        """The name of the run's folder, readable by a clerk."""
        again = "-reprint" if self.reprint_reason else ""
        return f"{self.dated:%Y%m%d}-{self.kind.value}{again}-{self.uid.hex[:8]}"


class Sheaf(NamedTuple):
    """One file as it was written: what lies in it, and the code of its envelope."""

    part: Part
    file: Rendered
    envelope: str


@contextmanager
def printing_alone() -> Iterator[None]:
    """Hold the lock of printing; raises Refused while another run holds it. A kill frees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(current_schema()))", [LOCK])
        if not cursor.fetchone()[0]:
            raise Refused("別の印刷が実行中です。", remedy="終わってからもう一度実行してください。")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(current_schema()))", [LOCK])


def folder_of(uid: UUID) -> str | None:
    """The folder of a run in the ledger, None where the ledger does not know the run."""
    return PrintRun.objects.filter(uid=uid).values_list("folder", flat=True).first()


def population_hash(items: Iterable[Item]) -> str:
    """SHA-256 over the subjects and decisions of a frozen population, in order."""
    digest = hashlib.sha256()
    for item in items:
        digest.update(f"{item.subject_id}:{item.decision_id}\n".encode())
    return digest.hexdigest()


def record_run(
    order: Order, *, population: Sequence[Item], sheaves: Sequence[Sheaf], left_out: Sequence[LeftOut]
) -> PrintRun:
    """Write a run with its files, documents and exceptions in the caller's transaction.

    Raises Refused when population, printed and left out do not tie; the database refuses a second print.
    """
    printed = [one.item.subject_id for sheaf in sheaves for one in sheaf.part.documents]
    _check_tie(population, printed=printed, left_out=left_out, sheaves=sheaves)
    damage = order.damage
    run = PrintRun.objects.create(
        uid=order.uid,
        kind=order.kind,
        document_date=order.dated,
        made_at=order.at,
        made_by=order.by.staff_id,
        reprint_reason=order.reprint_reason,
        synthetic=bool(order.watermark),
        population=len(population),
        population_sha256=population_hash(population),
        documents=len(printed),
        exceptions=len(left_out),
        pages=sum(sheaf.file.pages for sheaf in sheaves),
        folder=order.folder,
        reprint_of_id=damage.run_id if damage else None,
        reprint_first=damage.first if damage else None,
        reprint_last=damage.last if damage else None,
    )
    for sheaf in sheaves:
        _record_file(run, sheaf=sheaf, originals=damage.originals if damage else {})
    copy_rows(
        table="documents_print_exception",
        columns=EXCEPTION_COLUMNS,
        rows=(
            (run.pk, run.kind, out.item.subject_id, out.item.guardian_id, out.code, out.text)
            for out in left_out
        ),
    )
    return run


def _record_file(run: PrintRun, *, sheaf: Sheaf, originals: Mapping[int, Original]) -> None:
    part, written = sheaf.part, sheaf.file
    file = PrintFile.objects.create(
        run=run, name=written.name, pages=written.pages, size=written.size, sha256=written.sha256,
        sequence=part.sequence, ward=part.ward, envelope=sheaf.envelope, first_no=part.first, last_no=part.last,
    )  # fmt: skip
    again = bool(run.reprint_reason)
    rows = (
        (
            run.pk,
            file.pk,
            run.kind,
            one.item.subject_id,
            one.item.guardian_id,
            one.number,
            page,
            pages,
            run.made_at,
            again,
            running_no,
            one.digest,
            originals[one.item.subject_id].document_id if originals else None,
        )
        for running_no, (one, (page, pages)) in enumerate(
            zip(part.documents, written.extents, strict=True), start=part.first
        )
    )
    copy_rows(table="documents_document", columns=DOCUMENT_COLUMNS, rows=rows)


def _check_tie(
    population: Sequence[Item],
    *,
    printed: Sequence[int],
    left_out: Sequence[LeftOut],
    sheaves: Sequence[Sheaf],
) -> None:
    accounted = [*printed, *(out.item.subject_id for out in left_out)]
    lying = [tuple(extent.pages for extent in sheaf.file.extents) for sheaf in sheaves]
    if sorted(accounted) != sorted(item.subject_id for item in population):
        raise Refused(
            f"対象 {len(population)} 件と、印刷 {len(printed)} 件・除外 {len(left_out)} 件の合計が"
            "合いません。印刷を取りやめました。",
            remedy="もう一度実行してください。続くときはシステム担当へ連絡してください。",
        )
    sorted_by = [tuple(one.pages for one in sheaf.part.documents) for sheaf in sheaves]
    if lying != sorted_by or any(
        sum(pages) != sheaf.file.pages for pages, sheaf in zip(lying, sheaves, strict=True)
    ):
        raise Refused(
            "帳票のページ数が合いません。印刷を取りやめました。", remedy="システム担当へ連絡してください。"
        )
