"""`kyufu feeds`: take in feed files, and work off the rows that did not land."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, runs_for
from kyufu.cli.municipalities import code_of, known_names
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.access import Channel
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import BadInput, KyufuError

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.platform.actors import Actor
    from kyufu.platform.feeds.feed import Feed
    from kyufu.platform.feeds.intake import FeedResult

APPLICATION = "application"
PAGE = 1_000


def register(subparsers: Subparsers) -> None:
    """Add `feeds import`, `feeds worklist` and `feeds close`."""
    parser = subparsers.add_parser("feeds", help="連携ファイルの取込と、取り込めなかった行の確認")
    actions = parser.add_subparsers(dest="action", required=True, metavar="操作")
    taking = actions.add_parser("import", help="連携ファイルを順に取り込む")
    taking.add_argument("files", nargs="+", type=Path, metavar="ファイル")
    taking.add_argument("--municipality", required=True, help=f"団体コード 6 桁、または {known_names()}")
    taking.add_argument(
        "--insurer-check", choices=("reject", "warn"), default="reject",
        help="保険者番号の検証番号が合わない行を、取り込まない（reject、既定）か、印を付けて取り込む（warn）か",
    )  # fmt: skip
    add_staff(taking, required=False)
    taking.set_defaults(run=import_files)
    listing = actions.add_parser("worklist", help="取り込めなかった行のうち、片付いていないものを一覧する")
    listing.set_defaults(run=list_worklist)
    closing = actions.add_parser("close", help="取り込めなかった行を、理由を付けて片付ける")
    closing.add_argument("row", type=int, help="一覧の先頭の番号")
    closing.add_argument("--state", required=True, choices=("resolved", "dismissed", "open"), help="片付け方")
    closing.add_argument("--why", required=True, help="理由")
    add_staff(closing, required=True)
    closing.set_defaults(run=close_point)


@runs_for("連携ファイルの取込", channel=Channel.BATCH)
def import_files(options: argparse.Namespace) -> int:
    """Take in the files in the order given; stops at the first that is refused."""
    _prepare()
    feeds = known_feeds(CheckDigit.TESTED if options.insurer_check == "reject" else CheckDigit.UNTESTED)
    municipality = code_of(options.municipality)
    for path in options.files:
        print(_said(path, result=_take_in(path, feeds=feeds, municipality=municipality, options=options)))
    if said := _numbers_of_feeds(options):
        print(said)
    return 0


@runs_for("取り込めなかった行の確認")
def list_worklist(_: argparse.Namespace) -> int:
    """List the open points, oldest first; never what stands in the row."""
    _prepare()
    from kyufu.platform.feeds.worklist import count_open_rows, open_rows

    last = 0
    while page := open_rows(limit=PAGE, after=last):
        for row in page:
            print(f"{row.row_id}: {row.file_name} の {row.line} 行目 {row.message}")
        last = page[-1].row_id
    print(f"確認が必要な行: {count_open_rows():,} 件")
    return 0


@runs_for("取り込めなかった行の確認")
def close_point(options: argparse.Namespace) -> int:
    """Close one point of the worklist, or open it again."""
    _prepare()
    from kyufu.platform.feeds.worklist import close_row

    by = _actor(options)
    close_row(options.row, state=options.state, by=by, at=current_instant(), why=options.why)
    print(f"{options.row} の状態を変えました。")
    return 0


def _prepare() -> None:
    from kyufu.platform.schema import ensure_tables

    ensure_tables()


def known_feeds(insurer_check: CheckDigit) -> dict[str, Feed]:
    """The feeds of staff transfers, residents, protection and evidence by the name of their layout."""
    from kyufu.evidence.api import evidence_feeds
    from kyufu.registry.api import protection_feed, resident_feed
    from kyufu.staff.api import personnel_feed

    known = (
        personnel_feed(),
        resident_feed(),
        protection_feed(),
        *evidence_feeds(insurer_check=insurer_check),
    )
    return {feed.layout.name: feed for feed in known}


def _take_in(
    path: Path, *, feeds: dict[str, Feed], municipality: str, options: argparse.Namespace
) -> FeedResult:
    from kyufu.platform.feeds.intake import receive_feed

    try:
        if not _is_applications(path):
            return receive_feed(path, feeds=feeds, municipality=municipality, progress=_show)
        from kyufu.cases.api import receive_applications

        by = _actor(options)
        return receive_applications(
            path, municipality_code=municipality, by=by, at=current_instant(), progress=_show
        )
    except KyufuError:
        _show_end()
        raise


def _is_applications(path: Path) -> bool:
    """Does the header name the layout of applications, which are taken in on somebody's responsibility?"""
    try:
        with path.open("rb") as file:
            return file.readline(100).startswith(f"H,{APPLICATION},".encode())
    except OSError:
        raise BadInput(f"{path.name} を開けません。", remedy="置き場所と権限を確かめてください。") from None


def _actor(options: argparse.Namespace) -> Actor:
    from kyufu.platform.actors import Actor

    if not (options.staff and options.staff_name and options.office):
        raise BadInput(
            "誰が行うかが分かりません。", remedy="--staff・--staff-name・--office を付けてください。"
        )
    return Actor(options.staff, options.staff_name, options.office)


def _numbers_of_feeds(options: argparse.Namespace) -> str:
    """Register the numbers that wait for the vault where somebody answers for it; what is to be said of them."""
    from kyufu.registry.api import numbers

    waiting = numbers.letters_waiting()
    if not waiting:
        return ""
    left = f"個人番号の束 {waiting:,} 件が金庫の受け箱で待っています。kyufu vault drain で登録してください。"
    if not options.staff:
        return left
    try:
        done = numbers.take_in_numbers(by=_actor(options), at=current_instant())
    except KyufuError as error:
        # The files have landed; only the key of the vault is not within reach of who takes them in.
        return f"{left}（{error.message}）"
    counts = (
        f"新しい人 {done.new_persons:,}、既知の人の番号 {done.new_numbers:,}、確認事項 {done.conflicts:,}"
    )
    return f"個人番号の束 {done.letters:,} 件、番号 {done.pairs:,} 件を金庫に登録しました。{counts}"


def _said(path: Path, *, result: FeedResult) -> str:
    _show_end()
    if result.already_applied:
        return f"{path.name}: 同じファイルを取り込み済みです。何も変えていません。"
    counts = "、".join(f"{label} {count:,}" for label, count in result.counts.items())
    rejected = f"、確認が必要な行 {result.rejected:,}（kyufu feeds worklist）" if result.rejected else ""
    landed = f"{result.label} {result.rows:,} 行のうち {result.landed:,} 行を取り込みました"
    return f"{path.name}: {landed}{rejected}。{counts}"


def _show(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        share = f" {done * 100 // total:3d}%" if total else ""
        print(f"\r{stage}{share}{'':20}", end="", file=sys.stderr, flush=True)


def _show_end() -> None:
    if sys.stderr.isatty():
        blank = " " * min(60, os.get_terminal_size(sys.stderr.fileno()).columns - 1)
        print(f"\r{blank}\r", end="", file=sys.stderr)
