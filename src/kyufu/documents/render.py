"""Contents to PDF with Typst: chunks of documents, each chunk one file, set by two processes.

The same contents and date give the same bytes. Files are PDF/A-2b without personal data in their metadata.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path

import msgspec
import typst

from kyufu.documents.content import CertificateContent, Content
from kyufu.documents.fonts import font_book
from kyufu.documents.office import Sheet
from kyufu.documents.qr import modules
from kyufu.platform.errors import KyufuError

TEMPLATES = Path(__file__).parent / "templates"
STANDARD = "a-2b"
CHUNK = 500
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Extent:
    """The first page (from 1) and number of pages of one document within its file."""

    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file that was written: its name, pages, size in bytes, SHA-256, and the extent of each document in order."""

    name: str
    pages: int
    size: int
    sha256: str
    extents: tuple[Extent, ...]


def render_pdf(contents: Sequence[Content], *, sheet: Sheet, dated: date) -> tuple[bytes, tuple[Extent, ...]]:
    """Set documents of one template into one PDF/A-2b; raises KyufuError when the typesetter refuses."""
    template = _template_of(contents[0])
    compiler = _compiler(template)
    inputs = {"data": _data_of(contents, sheet=sheet)}
    try:
        pdf = compiler.compile(
            sys_inputs=inputs, pdf_standards=[STANDARD],
            timestamp=datetime.combine(dated, time(), tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise KyufuError("帳票を組めませんでした。", remedy=f"雛形 {template} を確かめてください。({error.message})") from None
    return pdf, _extents(compiler, contents=contents)


def render_pictures(contents: Sequence[Content], *, sheet: Sheet, dots_per_inch: int) -> list[bytes]:
    """Set documents as PNG pictures, one a page, for looking at them on a screen."""
    pages = _compiler(_template_of(contents[0])).compile(
        sys_inputs={"data": _data_of(contents, sheet=sheet)}, format="png", ppi=float(dots_per_inch)
    )
    return [pages] if isinstance(pages, bytes) else list(pages)


def render_files(
    contents: Sequence[Content], *, sheet: Sheet, dated: date, folder: Path, prefix: str
) -> Iterator[Rendered]:
    """Write the documents to PDF files of CHUNK documents in the folder, in order; yields each file as it is done."""
    chunks = [contents[start : start + CHUNK] for start in range(0, len(contents), CHUNK)]
    names = [f"{prefix}-{index:04d}.pdf" for index in range(1, len(chunks) + 1)]
    write = partial(_write_file, sheet=sheet, dated=dated, folder=folder)
    if len(chunks) == 1:
        yield write(chunks[0], names[0])
        return
    # The parent holds a database connection and threads of the typesetter: its memory must not be forked.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=min(PROCESSES, len(chunks)), mp_context=context) as pool:
        yield from pool.map(write, chunks, names)


def _write_file(contents: Sequence[Content], name: str, *, sheet: Sheet, dated: date, folder: Path) -> Rendered:
    pdf, extents = render_pdf(contents, sheet=sheet, dated=dated)
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())
    pages = extents[-1].page + extents[-1].pages - 1
    return Rendered(name, pages, len(pdf), hashlib.sha256(pdf).hexdigest(), extents)


def _template_of(content: Content) -> str:
    return "certificate.typ" if isinstance(content, CertificateContent) else "letter.typ"


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=font_book())


def _data_of(contents: Sequence[Content], *, sheet: Sheet) -> str:
    documents = [msgspec.to_builtins(content) | {"qr": modules(_qr_text(content))} for content in contents]
    return msgspec.json.encode({"sheet": asdict(sheet), "documents": documents}).decode()


def _qr_text(content: Content) -> str:
    return content.card.qr_text if isinstance(content, CertificateContent) else content.qr_text


def _extents(compiler: typst.Compiler, *, contents: Sequence[Content]) -> tuple[Extent, ...]:
    """Where each document lies; a certificate's template makes exactly one page of each."""
    if isinstance(contents[0], CertificateContent):
        return tuple(Extent(page, 1) for page in range(1, len(contents) + 1))
    found = json.loads(compiler.query("<extents>", field="value", one=True))
    return tuple(Extent(start, end - start + 1) for start, end in found)
