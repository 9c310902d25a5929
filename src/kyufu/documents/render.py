"""Contents to PDF with Typst: chunks of documents, each chunk one file, set by two processes.

The same contents and date give the same bytes. Files are PDF/A-2b without personal data in their metadata.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache, partial
from itertools import chain, count, groupby
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Literal, NamedTuple, TypeVar

import msgspec
import typst

from kyufu.documents.content import CertificateContent, Content
from kyufu.documents.fonts import font_book
from kyufu.documents.office import Sheet
from kyufu.documents.qr import modules
from kyufu.platform.errors import KyufuError
from kyufu.platform.memory import collect_seldom

TEMPLATES = Path(__file__).parent / "templates"
STANDARD: Literal["a-2b"] = "a-2b"
CHUNK = 500
PROCESSES = 2
# The typesetter keeps what its last calls made, in case the next makes the same: four times the memory of one file.
CALLS_KEPT = 10
Block = TypeVar("Block")
Result = TypeVar("Result")


class Extent(NamedTuple):
    """The first page (from 1) and number of pages of one document within its file."""

    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file that was written: name, pages, size in bytes, SHA-256, and the extent of each document."""

    name: str
    pages: int
    size: int
    sha256: str
    extents: tuple[Extent, ...]


def render_pdf(
    contents: Sequence[Content], *, sheet: Sheet, dated: date, marks: Sequence[str] = ()
) -> tuple[bytes, tuple[Extent, ...]]:
    """Set documents of one template into one PDF/A-2b; raises KyufuError when the typesetter refuses.

    `marks` are what is printed small at the foot of each: its running number (通し番号), or nothing.
    """
    template = _template_of(contents[0])
    compiler = _compiler(template)
    inputs = {"data": _data_of(contents, sheet=sheet, marks=marks)}
    try:
        pdf = compiler.compile(
            sys_inputs=inputs,
            pdf_standards=[STANDARD],
            timestamp=datetime.combine(dated, time(), tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise KyufuError("帳票を組めませんでした。", remedy=f"雛形 {template}：{error.message}") from None
    assert isinstance(pdf, bytes)  # noqa: S101 - one PDF whatever the number of pages, says the typesetter
    return pdf, _extents(compiler, contents=contents)


def pages_of(contents: Sequence[Content], *, sheet: Sheet) -> tuple[int, ...]:
    """How many pages each document takes, without making a file; a certificate is one page without being set."""
    if isinstance(contents[0], CertificateContent):
        return (1,) * len(contents)
    template = _template_of(contents[0])
    laid_out = typst.Compiler(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=font_book(),
        sys_inputs={"data": _data_of(contents, sheet=sheet)},
    )  # fmt: skip
    extents = _extents(laid_out, contents=contents)
    _forget()
    return tuple(extent.pages for extent in extents)


def render_pictures(contents: Sequence[Content], *, sheet: Sheet, dots_per_inch: int) -> list[bytes]:
    """Set documents as PNG pictures, one a page, for looking at them on a screen."""
    pages = _compiler(_template_of(contents[0])).compile(
        sys_inputs={"data": _data_of(contents, sheet=sheet)}, format="png", ppi=float(dots_per_inch)
    )
    return [pages] if isinstance(pages, bytes) else list(pages or ())


class Press:
    """Prints blocks of documents to files in a folder with PROCESSES processes, in order.

    A context manager: leaving it ends the processes. One block is set in this process; more start the others.
    """

    def __init__(self, *, sheet: Sheet, dated: date, folder: Path, prefix: str) -> None:
        self._write = partial(_write_file, sheet=sheet, dated=dated, folder=folder)
        self._count = partial(pages_of, sheet=sheet)
        self._prefix = prefix
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def run(
        self,
        blocks: Iterable[Block],
        *,
        contents_of: Callable[[Block], Sequence[Content]],
        name_of: Callable[[Block], str] | None = None,
        marks_of: Callable[[Block], Sequence[str]] = lambda _: (),
    ) -> Iterator[tuple[Block, Rendered]]:
        """Write each block to a file; yields the block with its file; few blocks wait at a time.

        Without `name_of` files are numbered; `marks_of` gives what stands at the foot of each document of a block.
        """
        numbers = count(1)

        def task(block: Block) -> Callable[[], Rendered]:
            name = f"{next(numbers):04d}" if name_of is None else name_of(block)
            return partial(
                self._write, contents_of(block), f"{self._prefix}-{name}.pdf", marks=marks_of(block)
            )

        return self._through(blocks, task=task)

    def measure(
        self, blocks: Iterable[Block], *, contents_of: Callable[[Block], Sequence[Content]]
    ) -> Iterator[tuple[Block, tuple[int, ...]]]:
        """Count the pages of each document of each block; certificates, which have one, start no process."""
        for letters, same in groupby(blocks, key=lambda block: _is_to_measure(contents_of(block))):
            if letters:
                yield from self._through(same, task=lambda block: partial(self._count, contents_of(block)))
            else:
                yield from ((block, self._count(contents_of(block))) for block in same)

    def _through(
        self, blocks: Iterable[Block], *, task: Callable[[Block], Callable[[], Result]]
    ) -> Iterator[tuple[Block, Result]]:
        """Give the work on each block to the processes, and each block with what came of it, in order."""
        waiting: deque[tuple[Block, Future[Result]]] = deque()
        upcoming = iter(blocks)
        first, second = next(upcoming, None), next(upcoming, None)
        if first is not None and second is None:
            yield first, task(first)()
            return
        for block in chain((block for block in (first, second) if block is not None), upcoming):
            waiting.append((block, self._processes().submit(task(block))))
            if len(waiting) > 2 * PROCESSES:
                done, result = waiting.popleft()
                yield done, result.result()
        for block, result in waiting:
            yield block, result.result()

    def _processes(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # This process holds a database connection and the typesetter's threads: they must not be forked.
            self._pool = ProcessPoolExecutor(
                PROCESSES, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_process
            )
        return self._pool


def _begin_process() -> None:
    collect_seldom()
    _end_with_parent()


def _end_with_parent() -> None:
    """End this process when the one that started it is killed; otherwise it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_exit_after, args=(parent,), daemon=True).start()


def _exit_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _write_file(
    contents: Sequence[Content], name: str, *, marks: Sequence[str], sheet: Sheet, dated: date, folder: Path
) -> Rendered:
    pdf, extents = render_pdf(contents, sheet=sheet, dated=dated, marks=marks)
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())
    _forget()
    pages = extents[-1].page + extents[-1].pages - 1
    return Rendered(name, pages, len(pdf), hashlib.sha256(pdf).hexdigest(), extents)


def _forget() -> None:
    """Let the typesetter drop what it keeps of documents that were set: by calls that set nothing."""
    for _ in range(CALLS_KEPT):
        _idle().compile(b"", format="svg")


def _is_to_measure(contents: Sequence[Content]) -> bool:
    return not isinstance(contents[0], CertificateContent)


def _template_of(content: Content) -> str:
    return "certificate.typ" if isinstance(content, CertificateContent) else "letter.typ"


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=font_book())


@cache
def _idle() -> typst.Compiler:
    return typst.Compiler(font_paths=font_book())


def _data_of(contents: Sequence[Content], *, sheet: Sheet, marks: Sequence[str] = ()) -> str:
    documents = [
        msgspec.to_builtins(content) | {"qr": modules(_qr_text(content)), "mark": mark}
        for content, mark in zip(contents, marks or [""] * len(contents), strict=True)
    ]
    return msgspec.json.encode({"sheet": asdict(sheet), "documents": documents}).decode()


def _qr_text(content: Content) -> str:
    return content.card.qr_text if isinstance(content, CertificateContent) else content.qr_text


def _extents(compiler: typst.Compiler, *, contents: Sequence[Content]) -> tuple[Extent, ...]:
    """Where each document lies; a certificate's template makes exactly one page of each."""
    if isinstance(contents[0], CertificateContent):
        return tuple(Extent(page, 1) for page in range(1, len(contents) + 1))
    found = json.loads(compiler.query("<extents>", field="value", one=True))
    return tuple(Extent(start, end - start + 1) for start, end in found)
