"""Printing: certificates, letters, and both again with a reason. One call is one run in the ledger.

`municipality` is whose papers are printed: those of this installation (KYUFU_MUNICIPALITY) where it is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.db import IntegrityError, transaction

from kyufu.audit.api import EventKind, acting, reading_as, record_event, write_reads
from kyufu.documents import files, manifest, queries
from kyufu.documents.compose import Setting
from kyufu.documents.content import Content, Kind
from kyufu.documents.damage import Damage, refuse_if_reprinted
from kyufu.documents.jobs import Item, Job, gone, job
from kyufu.documents.layout import Layout, lay_out, press_files
from kyufu.documents.ledger import (
    Order,
    Sheaf,
    folder_of,
    population_hash,
    printing_alone,
    record_run,
)
from kyufu.documents.office import municipality as municipality_of
from kyufu.documents.office import name_here
from kyufu.documents.render import CHUNK, Press, render_pictures
from kyufu.documents.selection import Chosen, LeftOut, select
from kyufu.documents.spool import Spool
from kyufu.documents.wording import PREVIEW_WATERMARK
from kyufu.platform.access import Access, Opening, current_access
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.memory import collecting_seldom

Report = Callable[[int, int], None]
ATTEMPTS = 3
LONGEST_REASON = 200
# A file that a printer takes without trouble; it holds the documents of one ward and one envelope.
PAGES_PER_FILE = 500


class Printed(NamedTuple):
    """What a run did: its folder and number (None where nothing was due), documents, pages, exceptions."""

    kind: Kind
    folder: Path | None
    documents: int
    pages: int
    exceptions: int
    run_id: int | None = None


class _Changed(Exception):
    """Facts changed while the pages were being set."""


def print_certificates(
    *, by: Actor, on: date, at: datetime, report: Report, municipality: str | None = None, watermark: str = ""
) -> Printed:
    """Print every certificate in use that was not printed yet; `on` is the date of the documents, `at` is now.

    No address leaves the house that is protected on the date of the documents, today or between.

    Raises Refused when totals do not tie or another run is printing; then nothing counts as printed.
    """
    return print_letters(
        Kind.CERTIFICATE, by=by, on=on, at=at, report=report, municipality=municipality, watermark=watermark
    )


def print_letters(
    kind: Kind,
    *,
    by: Actor,
    on: date,
    at: datetime,
    report: Report,
    municipality: str | None = None,
    watermark: str = "",
) -> Printed:
    """Print every document of a kind that is due and was not printed yet; raises as `print_certificates`."""
    order = Order(uuid4(), kind, on, by, at, "", watermark)
    return run_job(job(kind), order=order, municipality=municipality, report=report)


def reprint(
    kind: Kind,
    *,
    subject_id: int,
    reason: str,
    by: Actor,
    on: date,
    at: datetime,
    municipality: str | None = None,
    watermark: str = "",
) -> Printed:
    """Print one document again, as a run of its own with its reason.

    Raises Refused without a reason, when it was never printed, or when its case is not due any more.
    """
    written = reason_for(reason)
    if not queries.was_printed(kind, subject_id=subject_id):
        raise Refused("まだ一度も印刷していません。", remedy="通常の印刷を実行してください。")
    order = Order(uuid4(), kind, on, by, at, written, watermark)
    source = job(kind)
    return run_job(
        source, order=order, municipality=municipality, report=lambda _done, _total: None, only=subject_id
    )


def reason_for(reason: str) -> str:
    """The reason for printing again as it is kept; raises Refused without one, or where it is too long."""
    written = reason.strip()
    if not written:
        raise Refused(
            "再印刷の理由が入力されていません。", remedy="破損・誤送付などの理由を入力してください。"
        )
    if len(written) > LONGEST_REASON:
        raise Refused(f"再印刷の理由が{LONGEST_REASON}文字を超えています。", remedy="短くしてください。")
    return written


def print_one(
    kind: Kind,
    *,
    subject_id: int,
    by: Actor,
    on: date,
    at: datetime,
    municipality: str | None = None,
    watermark: str = "",
) -> Printed:
    """Print one due document for the first time, as a run of its own, for somebody who waits at the counter.

    Raises Refused when it was printed already, is not due (any more), or with the reason why it cannot be printed.
    """
    if queries.was_printed(kind, subject_id=subject_id):
        raise Refused(
            "すでに印刷しています。", remedy="もう一度要るときは、理由を入力して再印刷してください。"
        )
    order = Order(uuid4(), kind, on, by, at, "", watermark)
    source = job(kind)
    printed = run_job(
        source, order=order, municipality=municipality, report=lambda _done, _total: None, only=subject_id
    )
    if not printed.documents:
        left_out = queries.why_left_out(kind, subject_id=subject_id)
        raise Refused(left_out, remedy="理由を解消してから印刷してください。")
    return printed


def preview(
    kind: Kind,
    *,
    subject_id: int,
    on: date,
    today: date,
    dots_per_inch: int = 100,
    municipality: str | None = None,
) -> list[bytes]:
    """Set one due document dated `on` as pictures to look at, marked as a preview; nothing is recorded as printed.

    Raises Refused when it is not due, or with the reason why it could not be printed; of a protected household also
    where the access was not let through to protected addresses.
    """
    source = job(kind)
    setting = Setting(municipality_of(municipality or name_here()), on, today, PREVIEW_WATERMARK)
    with reading_as(f"{kind.label}の下見"):
        chosen, left_out = select(
            _population(source, only=subject_id, damage=None), job=source, setting=setting
        )
    if left_out:
        raise Refused(left_out[0].text, remedy="理由を解消してから印刷してください。")
    return render_pictures(
        _contents_of(chosen), sheet=setting.municipality.sheet, dots_per_inch=dots_per_inch
    )


def run_job(
    source: Job, *, order: Order, municipality: str | None, report: Report, only: int | None = None
) -> Printed:
    """Print what a source holds due, or the one subject `only`, under the lock of printing.

    The run is let through to protected addresses: letters must reach those who have one, and only the paper shows it.
    """
    with acting(_let_through(current_access())), reading_as(f"{order.kind.label}の印刷"):
        return _print_alone(source, order=order, municipality=municipality, report=report, only=only)


def _let_through(access: Access) -> Access:
    return access._replace(opened=access.opened | {Opening.PROTECTED_ADDRESS})


def _print_alone(
    source: Job, *, order: Order, municipality: str | None, report: Report, only: int | None
) -> Printed:
    setting = Setting(municipality_of(municipality or name_here()), order.dated, order.today, order.watermark)
    # Of a few documents, set within a web server, the time is not worth it, and its other threads go on as usual.
    is_bulk = only is None and order.damage is None
    with printing_alone(), collecting_seldom() if is_bulk else nullcontext():
        files.settle(folder_of)
        for _ in range(ATTEMPTS):
            try:
                return _attempt(source, order=order, setting=setting, report=report, only=only)
            except _Changed:
                files.discard(order.uid)
            except BaseException:
                files.settle(folder_of)
                raise
    raise Refused(
        "印刷のあいだに事実の変更が続いたため、印刷を取りやめました。",
        remedy="取込みが終わってから実行してください。",
    )


def _attempt(source: Job, *, order: Order, setting: Setting, report: Report, only: int | None) -> Printed:
    population = _population(source, only=only, damage=order.damage)
    if not population:
        return Printed(order.kind, None, 0, 0, 0)
    folder = files.open_staging(order.uid)
    left_out: list[LeftOut] = []
    sheaves = _pressed(
        source,
        population=population,
        layout=(order, setting),
        folder=folder,
        left_out=left_out,
        report=report,
    )
    with transaction.atomic():
        _check_unchanged(source, population=population, sheaves=sheaves, only=only, damage=order.damage)
        try:
            run = record_run(order, population=population, sheaves=sheaves, left_out=left_out)
        except IntegrityError:
            raise Refused(
                "すでに印刷済みの帳票が含まれています。印刷を取りやめました。",
                remedy="もう一度実行してください。",
            ) from None
        record_event(
            EventKind.PRINTED,
            detail={
                "帳票": order.kind.label,
                "件数": str(run.documents),
                "再印刷の理由": order.reprint_reason,
            },
        )
        write_reads()
        manifest.write(run.pk, folder=folder)
    place = files.publish(order.uid, folder=run.folder)
    report(len(population), len(population))
    return Printed(order.kind, place, run.documents, run.pages, run.exceptions, run.pk)


def _pressed(
    source: Job,
    *,
    population: Sequence[Item],
    layout: tuple[Order, Setting],
    folder: Path,
    left_out: list[LeftOut],
    report: Report,
) -> list[Sheaf]:
    """The files of a run, in the order of the mail; what is not printed is added to `left_out` on the way."""
    order, setting = layout
    sheaves: list[Sheaf] = []
    press = Press(sheet=setting.municipality.sheet, dated=order.dated, folder=folder, prefix=order.kind.value)
    blocks = _selected(source, population=population, setting=setting, left_out=left_out)
    with press, Spool(folder, kind=order.kind) as spool:
        laid = Layout(order, setting, press, spool)
        ordered = lay_out(blocks, layout=laid, left_out=left_out, seen=lambda: report(0, len(population)))
        done = len(left_out)
        for sheaf in press_files(ordered, layout=laid, most_pages=PAGES_PER_FILE):
            sheaves.append(sheaf)
            done += len(sheaf.part.documents)
            report(done, len(population))
    return sheaves


def _population(source: Job, *, only: int | None, damage: Damage | None) -> list[Item]:
    if damage is not None:
        refuse_if_reprinted(damage)
        due = {item.subject_id: item for item in source.due_among(queries.select_range(damage))}
        return [
            due.get(subject) or gone(subject, addressee_id=original.addressee_id)
            for subject, original in damage.originals.items()
        ]
    if only is None:
        return list(source.due())
    found = source.due_one(only)
    if found is None:
        raise Refused(
            "この帳票の対象は、いまは交付または通知の対象ではありません。",
            remedy="事案の状態を確かめてください。",
        )
    return [found]


def _selected(
    source: Job, *, population: Sequence[Item], setting: Setting, left_out: list[LeftOut]
) -> Iterator[list[Chosen]]:
    """The printable documents block by block; what cannot be printed is added to `left_out` on the way."""
    for start in range(0, len(population), CHUNK):
        chosen, rest = select(population[start : start + CHUNK], job=source, setting=setting)
        left_out.extend(rest)
        if chosen:
            yield chosen


def _contents_of(chosen: Sequence[Chosen]) -> list[Content]:
    return [one.content for one in chosen]


def _check_unchanged(
    source: Job,
    *,
    population: Sequence[Item],
    sheaves: Sequence[Sheaf],
    only: int | None,
    damage: Damage | None,
) -> None:
    """The pages were set outside the transaction: the cases must still stand as they did then."""
    if population_hash(_population(source, only=only, damage=damage)) != population_hash(population):
        raise _Changed
    for sheaf in sheaves:
        if source.stale([one.item.decision_id for one in sheaf.part.documents]):
            raise _Changed
