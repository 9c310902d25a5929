"""Taking in a feed file: frame first, then everything in one transaction; what became of it is always recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from kyufu.platform.clock import current_instant
from kyufu.platform.errors import BadInput, KyufuError
from kyufu.platform.feeds.feed import Feed, Staged
from kyufu.platform.feeds.files import (
    applied_file,
    last_applied_seq,
    record_receipt,
    record_refusal,
    refuse_received,
)  # fmt: skip
from kyufu.platform.feeds.frame import Frame, Header, check_frame, read_header, refuse
from kyufu.platform.feeds.rows import Decoded, decode_rows, read_numbers
from kyufu.platform.feeds.staging import (
    TABLE,
    apply_rules,
    data_lines,
    fill_staging,
    make_staging,
    write_problems,
)  # fmt: skip
from kyufu.platform.models import FeedFile

Progress = Callable[[str, int, int], None]
CHECKING, STAGING, APPLYING = "枠の確認", "読み込み", "反映"


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What became of a file: rows in it, landed and rejected (they tie), and the module's counts by Japanese label.

    `already_applied` means that the very same file had been taken in before, and nothing was changed.
    """

    file_id: int
    layout: str
    label: str
    mode: str
    seq: int
    rows: int
    landed: int
    rejected: int
    counts: Mapping[str, int]
    already_applied: bool = False


def receive_feed(
    path: Path, *, feeds: Mapping[str, Feed], municipality: str, progress: Progress | None = None
) -> FeedResult:
    """Take in one feed file for the municipality (code of 6 digits); all of it in one transaction.

    `progress` is called with stage, rows done and rows in all. Raises BadInput for a file whose frame, municipality
    or sequence is wrong: it is recorded as refused, and nothing else was touched. Rows with a problem of their own
    go to the worklist while the others land. The same bytes again change nothing.
    """
    report = progress or _no_report
    header: Header | None = None
    try:
        header = read_header(path, layouts={name: feed.layout for name, feed in feeds.items()})
        _check_municipality(path, header=header, municipality=municipality)
        report(CHECKING, 0, 0)
        frame = check_frame(path, header=header, layout=feeds[header.layout].layout)
    except BadInput as error:
        record_refusal(path, header=header, error=error)
        raise
    except OSError as error:
        raise BadInput(f"{path.name} を開けません。", remedy="置き場所と権限を確かめてください。") from error
    return _receive_checked(path, feed=feeds[header.layout], frame=frame, report=report)


def _receive_checked(path: Path, *, feed: Feed, frame: Frame, report: Progress) -> FeedResult:
    received = record_receipt(path, frame=frame)
    try:
        with transaction.atomic():
            _lock(feed.layout.name)
            if (known := applied_file(frame)) is not None:
                return _result(known, feed=feed, counts={}, already_applied=True)
            _check_sequence(path, header=frame.header)
            received = FeedFile.objects.select_for_update().get(pk=received.pk)
            counts = _apply(path, feed=feed, frame=frame, received=received, report=report)
            return _result(received, feed=feed, counts=counts, already_applied=False)
    except BadInput as error:
        refuse_received(received, error=error)
        raise
    except DatabaseError as error:
        # The server's words may hold values of a row; only the kind of the fault may leave here.
        state = getattr(error.__cause__, "sqlstate", None) or type(error).__name__
        raise KyufuError(
            f"{path.name}: データベースの誤り（{state}）のため取り込みを取りやめました。何も変わっていません。",
            remedy="原因を除いてから、同じファイルをもう一度取り込んでください。",
        ) from None


def _apply(
    path: Path, *, feed: Feed, frame: Frame, received: FeedFile, report: Progress
) -> Mapping[str, int]:
    decoded = Decoded()
    make_staging(feed)
    lines = data_lines(path, rows=frame.rows, sha256=frame.sha256)
    fill_staging(
        feed,
        rows=decode_rows(feed, lines=lines, into=decoded),
        report=lambda done: report(STAGING, done, frame.rows),
    )
    report(APPLYING, 0, frame.rows)
    header = frame.header
    staged = Staged(
        TABLE,
        received.pk,
        header.mode,
        header.municipality,
        header.made_at,
        current_instant(),
        tuple(decoded.spotted),
    )
    if feed.prepare is not None:
        feed.prepare(staged)
    problems = decoded.problems + apply_rules(feed)
    counts = feed.apply(staged)
    write_problems(problems, staged=staged)
    if feed.receive_numbers is not None:
        again = data_lines(path, rows=frame.rows, sha256=frame.sha256)
        left_out = frozenset(problem.row_no for problem in problems)
        feed.receive_numbers(read_numbers(feed, lines=again, left_out=left_out))
    _close(received, rows=frame.rows, rejected=len(problems), staged=staged)
    report(APPLYING, frame.rows, frame.rows)
    return counts


def _check_municipality(path: Path, *, header: Header, municipality: str) -> None:
    if header.municipality != municipality:
        raise refuse(
            path, line=1, problem=f"団体コードが {municipality} ではありません。ほかの団体のファイルです。",
            remedy="送り先の誤りです。送り側に連絡してください。何も取り込んでいません。",
        )  # fmt: skip


def _check_sequence(path: Path, *, header: Header) -> None:
    last = last_applied_seq(header.layout)
    if header.seq <= last:
        problem = f"ファイル通番 {header.seq:06} は、取り込み済みの {last:06} より後ではありません。"
        raise refuse(
            path, line=1, problem=problem, remedy="新しいファイルか確かめてください。何も取り込んでいません。"
        )
    if header.mode == "DIFF" and header.seq != last + 1:
        problem = f"差分のファイル通番 {header.seq:06} の前の {last + 1:06} がまだ取り込まれていません。"
        remedy = f"通番 {last + 1:06} から順に取り込むか、全件ファイルを取り込んでください。何も取り込んでいません。"
        raise refuse(path, line=1, problem=problem, remedy=remedy)


def _lock(layout: str) -> None:
    """One file of a layout at a time within the municipality's schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/' || %s, 0))", [layout]
        )


def _close(received: FeedFile, *, rows: int, rejected: int, staged: Staged) -> None:
    received.state = "applied"
    received.row_count, received.rejected_count, received.landed_count = rows, rejected, rows - rejected
    received.finished_at = current_instant()
    received.save(update_fields=["state", "row_count", "rejected_count", "landed_count", "finished_at"])
    if _rows_in(staged.table) != rows - rejected:
        raise KyufuError("行数が合わないため取り込みを取りやめました。", remedy="開発者に連絡してください。")


def _rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _result(file: FeedFile, *, feed: Feed, counts: Mapping[str, int], already_applied: bool) -> FeedResult:
    return FeedResult(
        file.pk, file.layout, feed.layout.label, file.mode, file.seq or 0, file.row_count or 0,
        file.landed_count or 0, file.rejected_count or 0, counts, already_applied,
    )  # fmt: skip


def _no_report(stage: str, done: int, total: int) -> None:
    """Nobody watches."""
