"""Reads of the print ledger: what was printed, totals for the summary, and what lies where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Sum

from kyufu.cases import api as cases
from kyufu.documents import files
from kyufu.documents.content import LABELS, Kind
from kyufu.documents.damage import Damage
from kyufu.documents.models import Document, PrintException, PrintRun


class RunRow(NamedTuple):
    """One print run for a list, newest first; `folder_found` False: its files are not where they belong."""

    run_id: int
    kind: Kind
    document_date: date
    made_at: datetime
    made_by: str
    reprint_reason: str
    population: int
    documents: int
    exceptions: int
    pages: int
    folder: Path
    folder_found: bool
    reprint_of: int | None
    reprint_first: int | None
    reprint_last: int | None


class KindTotal(NamedTuple):
    """What was printed of a kind so far (first prints and re-prints)."""

    kind: Kind
    runs: int
    documents: int
    pages: int


@dataclass(frozen=True, slots=True)
class ExceptionTotal:
    """How many documents of a kind are still not printed for a reason: code and Japanese sentence."""

    kind: Kind
    code: str
    text: str
    count: int


class Account(NamedTuple):
    """How a set of subjects stands in the ledger: how many there are, printed, left out by a run, and the pages."""

    due: int
    printed: int
    left_out: int
    pages: int


class PrintedPage(NamedTuple):
    """Where one document was printed: file, page, when and by whom."""

    kind: Kind
    subject_id: int
    number: str
    file: Path
    page: int
    pages: int
    printed_at: datetime
    printed_by: str
    reprint_reason: str


def select_printed(kind: Kind) -> str:
    """An SQL select of the subjects of a kind that have their document, for a query to leave them out."""
    return f"SELECT subject_id FROM documents_document WHERE kind = '{kind.value}' AND NOT reprint"


def select_range(damage: Damage) -> str:
    """An SQL select of the subjects of a damaged range of a run."""
    return f"""SELECT subject_id FROM documents_document
                WHERE run_id = {damage.run_id:d} AND running_no BETWEEN {damage.first:d} AND {damage.last:d}"""


def count_due(kind: Kind) -> int:
    """How many documents of a kind are due and were not printed yet; names nobody."""
    return cases.count_letters(kind.value, but=select_printed(kind))


def was_printed(kind: Kind, *, subject_id: int) -> bool:
    """Has the subject had this document?"""
    return Document.objects.filter(kind=kind, subject_id=subject_id, reprint=False).exists()


def account_for(kind: Kind, *, among: str) -> Account:
    """Of the subjects that an SQL select of the calling module gives: how many, printed, left out, and the pages."""
    statement = f"""
        SELECT count(*), count(d.id), count(*) FILTER (WHERE d.id IS NULL AND EXISTS (
                   SELECT 1 FROM documents_print_exception e WHERE e.kind = %(kind)s AND e.subject_id = asked.id)),
               coalesce(sum(d.pages), 0)
          FROM ({among}) AS asked (id)
          LEFT JOIN documents_document d ON d.kind = %(kind)s AND d.subject_id = asked.id AND NOT d.reprint"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kind": kind.value})
        return Account(*cursor.fetchone())


def why_left_out(kind: Kind, *, subject_id: int) -> str:
    """The latest reason why a run left the subject out; empty where none did."""
    found = PrintException.objects.filter(kind=kind, subject_id=subject_id).order_by("-id").first()
    return "" if found is None else found.text


def runs(*, limit: int = 50, before: int | None = None) -> tuple[RunRow, ...]:
    """The latest print runs, newest first; or those before a run."""
    found = PrintRun.objects.order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    return _rows(found[:limit])


def reprints_of(run_id: int) -> tuple[RunRow, ...]:
    """The runs that printed a damaged range of a run again, newest first."""
    return _rows(PrintRun.objects.filter(reprint_of=run_id).order_by("-id"))


def _rows(found: Iterable[PrintRun]) -> tuple[RunRow, ...]:
    root = files.root()
    return tuple(
        RunRow(
            run.pk,
            Kind(run.kind),
            run.document_date,
            run.made_at,
            run.made_by,
            run.reprint_reason,
            run.population,
            run.documents,
            run.exceptions,
            run.pages,
            root / run.folder,
            (root / run.folder).is_dir(),
            run.reprint_of_id,
            run.reprint_first,
            run.reprint_last,
        )
        for run in found
    )


def totals() -> tuple[KindTotal, ...]:
    """What was printed of each kind, in the order of the kinds."""
    rows = PrintRun.objects.values("kind").annotate(runs=Count("id"), d=Sum("documents"), p=Sum("pages"))
    found = {Kind(row["kind"]): KindTotal(Kind(row["kind"]), row["runs"], row["d"], row["p"]) for row in rows}
    return tuple(found[kind] for kind in LABELS if kind in found)


def exceptions() -> tuple[ExceptionTotal, ...]:
    """Why documents are not printed yet: the latest reason of each that has no page, counted."""
    latest = PrintException.objects.raw(
        """SELECT DISTINCT ON (e.kind, e.subject_id) e.* FROM documents_print_exception e
                WHERE NOT EXISTS (SELECT 1 FROM documents_document d
                                   WHERE d.kind = e.kind AND d.subject_id = e.subject_id AND NOT d.reprint)
                ORDER BY e.kind, e.subject_id, e.id DESC"""
    )
    counted: dict[tuple[Kind, str, str], int] = {}
    for row in latest:
        key = (Kind(row.kind), row.code, row.text)
        counted[key] = counted.get(key, 0) + 1
    return tuple(ExceptionTotal(*key, count) for key, count in sorted(counted.items()))


def pages_to(addressee_id: int) -> tuple[PrintedPage, ...]:
    """Every document printed for an addressee, newest first: who issued it, when, and where it lies."""
    root = files.root()
    found = Document.objects.filter(addressee_id=addressee_id).select_related("run", "file").order_by("-id")
    return tuple(
        PrintedPage(
            Kind(one.kind),
            one.subject_id,
            one.number,
            root / one.run.folder / one.file.name,
            one.page,
            one.pages,
            one.printed_at,
            one.run.made_by,
            one.run.reprint_reason,
        )
        for one in found
    )
