"""What lies in a print run, read from the ledger: for the mail room as a page, for the next system as JSON.

Written into the folder of the run before its transaction ends, so that no run exists whose parts do not tie.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.models import Count
from django.template import Context, Engine

from kyufu.documents.content import Kind
from kyufu.documents.damage import find_run
from kyufu.documents.models import PrintException, PrintRun
from kyufu.documents.office import municipality, name_here
from kyufu.documents.sorting import INDIVIDUAL, INDIVIDUAL_NAME
from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused

JSON_NAME, PAGE_NAME = "manifest.json", "manifest.html"
TEMPLATE = Path(__file__).parent / "templates" / "manifest.html"
UNSORTED = "区分けなし"

_FILES = """
    SELECT f.sequence, f.name, f.ward, f.envelope, f.pages, f.size, f.sha256, f.first_no, f.last_no,
           count(d.id), coalesce(sum(d.pages), 0), coalesce(min(d.running_no), 0), coalesce(max(d.running_no), 0)
      FROM documents_print_file f LEFT JOIN documents_document d ON d.file_id = f.id
     WHERE f.run_id = %s GROUP BY f.id ORDER BY f.sequence, f.id"""


class _Row(NamedTuple):
    """A file as its own row tells, and as its documents count."""

    sequence: int
    name: str
    ward: str
    envelope: str
    file_pages: int
    size: int
    sha256: str
    first_no: int
    last_no: int
    documents: int
    pages: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a run: what lies in it, as the ledger's documents count."""

    sequence: int
    name: str
    ward: str
    ward_name: str
    envelope: str
    envelope_name: str
    documents: int
    pages: int
    first: int
    last: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes to the post together: the files of one ward and one envelope."""

    ward: str
    ward_name: str
    envelope: str
    envelope_name: str
    files: int
    documents: int
    pages: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """How many documents a run left out for a reason; names nobody."""

    code: str
    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A print run in figures: totals, bundles in the order of the mail, files, and what was left out."""

    run_id: int
    kind: str
    kind_name: str
    document_date: date
    printed_at: datetime
    reprint_of: int | None
    reprint_first: int | None
    reprint_last: int | None
    reprint_reason: str
    population: int
    documents: int
    pages: int
    left_out: int
    bundles: tuple[Bundle, ...]
    files: tuple[FileLine, ...]
    reasons: tuple[LeftOutLine, ...]


def manifest_of(run_id: int) -> Manifest:
    """What lies in a print run, as the ledger has it; raises BadInput where there is no such run."""
    return _manifest(find_run(run_id), files=[line for line, _ in _lines(run_id)])


def faults_of(run_id: int) -> tuple[str, ...]:
    """Where the totals of a run do not tie in the ledger, in Japanese; empty where all tie."""
    run, lines = find_run(run_id), _lines(run_id)
    left_out = PrintException.objects.filter(run=run).count()
    faults = [
        (run.population == run.documents + run.exceptions, "対象が、印刷と除外の合計と合いません。"),
        (run.documents == sum(line.documents for line, _ in lines), "印刷件数が、帳票の記録と合いません。"),
        (run.pages == sum(line.pages for line, _ in lines), "ページ数が、帳票の記録と合いません。"),
        (run.exceptions == left_out, "除外件数が、除外の記録と合いません。"),
        (all(ties for _, ties in lines), "ファイルのページ数か通し番号が、帳票の記録と合いません。"),
        (_runs_through([line for line, _ in lines]), "通し番号に欠けか重なりがあります。"),
    ]
    return tuple(text for holds, text in faults if not holds)


def write(run_id: int, *, folder: Path) -> None:
    """Write the manifest of a run into its folder; raises Refused where its totals do not tie."""
    faults = faults_of(run_id)
    if faults:
        raise Refused(
            f"{faults[0]}印刷を取りやめました。",
            remedy="もう一度実行し、続くときはシステム担当へ連絡してください。",
        )
    manifest = manifest_of(run_id)
    _save(folder / JSON_NAME, text=as_json(manifest))
    _save(folder / PAGE_NAME, text=as_page(manifest))


def as_json(manifest: Manifest) -> str:
    """The manifest for the next system."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1, default=lambda day: day.isoformat())


def as_page(manifest: Manifest) -> str:
    """The manifest as a page that the mail room reads and prints (送付票)."""
    context = {
        "manifest": manifest,
        "title": f"{manifest.kind_name}　送付票",
        "document_date": format_wareki(manifest.document_date),
        "printed_at": f"{manifest.printed_at.astimezone(JAPAN):%Y-%m-%d %H:%M}",
    }
    return Engine().from_string(TEMPLATE.read_text(encoding="utf-8")).render(Context(context))


def bundles_of(files: Iterable[FileLine]) -> tuple[Bundle, ...]:
    """Files of one ward and one envelope that lie together, as one bundle."""
    found = [list(lines) for _, lines in groupby(files, key=lambda one: (one.ward, one.envelope))]
    return tuple(
        Bundle(
            ward=lines[0].ward,
            ward_name=lines[0].ward_name,
            envelope=lines[0].envelope,
            envelope_name=lines[0].envelope_name,
            files=len(lines),
            documents=sum(one.documents for one in lines),
            pages=sum(one.pages for one in lines),
            first=lines[0].first,
            last=lines[-1].last,
        )
        for lines in found
    )


def _manifest(run: PrintRun, *, files: Sequence[FileLine]) -> Manifest:
    town = municipality(name_here())
    names = _envelope_names(run)
    named = tuple(
        FileLine(
            **asdict(one)
            | {
                "ward_name": INDIVIDUAL_NAME
                if one.ward == INDIVIDUAL
                else town.ward_name(one.ward) or UNSORTED,
                "envelope_name": names.get(one.envelope, one.envelope) or UNSORTED,
            }
        )
        for one in files
    )
    counted = PrintException.objects.filter(run=run).values("code", "text").annotate(documents=Count("id"))
    return Manifest(
        run_id=run.pk,
        kind=run.kind,
        kind_name=Kind(run.kind).label,
        document_date=run.document_date,
        printed_at=run.made_at,
        reprint_of=run.reprint_of_id,
        reprint_first=run.reprint_first,
        reprint_last=run.reprint_last,
        reprint_reason=run.reprint_reason,
        population=run.population,
        documents=run.documents,
        pages=run.pages,
        left_out=run.exceptions,
        bundles=bundles_of(named),
        files=named,
        reasons=tuple(LeftOutLine(**row) for row in counted.order_by("code", "text")),
    )


def _envelope_names(run: PrintRun) -> dict[str, str]:
    try:
        found = municipality(name_here()).envelopes(on=run.document_date)
    except BadInput:
        return {}
    return {one.code: one.name for one in found}


def _lines(run_id: int) -> list[tuple[FileLine, bool]]:
    """The files of a run as its documents count, without names, and whether each is what its own row says."""
    with connection.cursor() as cursor:
        cursor.execute(_FILES, [run_id])
        return [_line(_Row(*row)) for row in cursor.fetchall()]


def _line(row: _Row) -> tuple[FileLine, bool]:
    line = FileLine(
        sequence=row.sequence,
        name=row.name,
        ward=row.ward,
        ward_name="",
        envelope=row.envelope,
        envelope_name="",
        documents=row.documents,
        pages=row.pages,
        first=row.first,
        last=row.last,
        size=row.size,
        sha256=row.sha256,
    )
    whole = row.last == 0 or row.last - row.first + 1 == row.documents
    told, counted = (row.file_pages, row.first_no, row.last_no), (row.pages, row.first, row.last)
    return line, whole and told == counted


def _runs_through(lines: Sequence[FileLine]) -> bool:
    """Do the running numbers go on from file to file from 1? Files from before there were any have zeros."""
    ends = [0, *(one.last for one in lines)]
    return all(one.last == 0 or one.first == before + 1 for one, before in zip(lines, ends, strict=False))


def _save(path: Path, *, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
