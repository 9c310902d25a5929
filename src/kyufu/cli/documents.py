"""`kyufu documents`: print certificates and letters, print again, look at one, and list what was printed."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, runs_for
from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform.clock import current_date_in_japan, current_instant
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.documents.api import Printed
    from kyufu.platform.actors import Actor

KINDS = ("certificate", "rejection", "loss", "missing_facts", "urging", "correction")
KIND_HELP = (
    "certificate=小児医療証 rejection=却下通知 loss=資格喪失通知 missing_facts=確認書類のお願い"
    " urging=届出のお願い（勧奨） correction=過去の決定の訂正のお知らせ"
)


def register(subparsers: Subparsers) -> None:
    """Add `documents print`, `reprint`, `reprint-range`, `check`, `preview` and `list`."""
    parser = subparsers.add_parser("documents", help="医療証と通知書の印刷・再印刷・一覧")
    actions = parser.add_subparsers(dest="action", required=True, metavar="操作")
    printing = actions.add_parser("print", help="まだ印刷していないものをすべて印刷する")
    printing.add_argument("--kind", choices=(*KINDS, "all"), default="all", help=KIND_HELP)
    _add_order(printing)
    printing.set_defaults(run=print_due)
    again = actions.add_parser("reprint", help="印刷済みの１件を、理由を付けて再印刷する")
    _add_subject(again)
    again.add_argument("--reason", required=True, help="再印刷の理由（破損、誤送付など）")
    _add_order(again)
    again.set_defaults(run=print_again)
    damaged = actions.add_parser("reprint-range", help="破損した範囲を、通し番号で指定して再印刷する")
    _add_run(damaged)
    damaged.add_argument("--from", dest="first", required=True, type=int, help="最初の通し番号")
    damaged.add_argument("--to", dest="last", required=True, type=int, help="最後の通し番号")
    damaged.add_argument("--reason", required=True, help="再印刷の理由（紙詰まりなど）")
    add_staff(damaged, required=True)
    damaged.set_defaults(run=print_range_again)
    checking = actions.add_parser("check", help="印刷の記録・ファイル・送付票・医療証の突合をする")
    _add_run(checking)
    checking.set_defaults(run=check)
    look = actions.add_parser("preview", help="１件を画像で確かめる（印刷の記録は残らない）")
    _add_subject(look)
    look.add_argument("--on", required=True, type=_day, help="文書の日付 YYYY-MM-DD")
    look.add_argument("--out", required=True, type=Path, help="画像（PNG）の保存先")
    add_staff(look, required=False)
    look.set_defaults(run=save_preview)
    listing = actions.add_parser("list", help="印刷の記録と、印刷していないものの理由を一覧する")
    listing.set_defaults(run=list_runs)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("print_run", type=int, metavar="印刷番号", help="documents list に出る番号")


def _add_subject(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", required=True, choices=KINDS, help=KIND_HELP)
    parser.add_argument("--subject", required=True, type=int, help="医療証・申請・喪失・食い違いの内部番号")


def _add_order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", required=True, type=_day, help="文書の日付 YYYY-MM-DD")
    add_staff(parser, required=True)
    parser.add_argument("--watermark", default="", help="透かし（訓練用の宛名には「見本・訓練用」など）")


@runs_for("医療証と通知書の印刷")
def print_due(options: argparse.Namespace) -> int:
    """Print what is due of one kind, or of all."""
    from kyufu.documents.api import Kind, print_letters

    for name in KINDS if options.kind == "all" else (options.kind,):
        done = print_letters(
            Kind(name), by=_actor(options), on=options.on, at=current_instant(), report=_show,
            watermark=options.watermark,
        )  # fmt: skip
        _say(done)
    return 0


@runs_for("医療証と通知書の再印刷")
def print_again(options: argparse.Namespace) -> int:
    """Print one document again."""
    from kyufu.documents.api import Kind, reprint

    done = reprint(
        Kind(options.kind),
        subject_id=options.subject,
        reason=options.reason,
        by=_actor(options),
        on=options.on,
        at=current_instant(),
        watermark=options.watermark,
    )
    _say(done)
    return 0


@runs_for("医療証と通知書の再印刷")
def print_range_again(options: argparse.Namespace) -> int:
    """Print a damaged range of a run again, and list what was left out of it."""
    from kyufu.documents.api import not_printed_again, reprint_range

    done = reprint_range(
        options.print_run, first=options.first, last=options.last, reason=options.reason, by=_actor(options),
        at=current_instant(), report=_show,
    )  # fmt: skip
    _say(done)
    if done.run_id is not None:
        for left in not_printed_again(done.run_id, limit=done.exceptions):
            print(f"    元の通し番号 {left.running_no}：印刷しませんでした。{left.text}")
    return 0


@runs_for("印刷の突合")
def check(options: argparse.Namespace) -> int:
    """Say what lies in a print run, and whether ledger, files, manifest and certificates tie; 1 where they do not."""
    from kyufu.documents.api import check_run

    checked = check_run(options.print_run)
    manifest = checked.manifest
    print(
        f"印刷番号 {manifest.run_id}　{manifest.kind_name}　対象 {manifest.population:,} 件"
        f"・印刷 {manifest.documents:,} 件 {manifest.pages:,} ページ・除外 {manifest.left_out:,} 件"
    )
    for one in manifest.bundles:
        print(
            f"    {one.ward_name}　{one.envelope_name}　{one.documents:,} 件 {one.pages:,} ページ"
            f"　通し番号 {one.first}～{one.last}　ファイル {one.files}"
        )
    for fault in checked.faults:
        print(f"不一致：{fault}")
    print("突合の結果：一致しません。" if checked.faults else "突合の結果：すべて一致しました。")
    return 1 if checked.faults else 0


@runs_for("帳票の下見")
def save_preview(options: argparse.Namespace) -> int:
    """Save the pages of one document as pictures that only the caller's account may read."""
    from kyufu.audit.api import write_reads
    from kyufu.documents.api import Kind, preview

    if options.out.suffix.lower() != ".png":
        raise BadInput("画像の保存先は .png で終わる名前にしてください。")
    pages = preview(
        Kind(options.kind), subject_id=options.subject, on=options.on, today=current_date_in_japan()
    )
    write_reads()
    for number, picture in enumerate(pages, start=1):
        path = options.out.with_stem(f"{options.out.stem}-{number}") if len(pages) > 1 else options.out
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(picture)
        print(f"保存しました：{path}")
    return 0


@runs_for("印刷の記録の確認")
def list_runs(_: argparse.Namespace) -> int:
    """List the print runs, newest first, and why documents are not printed yet."""
    from kyufu.documents.api import exceptions, runs

    for run in runs():
        again = f"　再印刷（{run.reprint_reason}）" if run.reprint_reason else ""
        missing = "" if run.folder_found else "　※フォルダが見つかりません"
        print(
            f"印刷番号 {run.run_id}　{format_wareki(run.document_date)}　{run.kind.label}　対象 {run.population:,} 件"
            f"・印刷 {run.documents:,} 件 {run.pages:,} ページ・除外 {run.exceptions:,} 件"
            f"　実行者 {run.made_by}{again}{missing}\n    {run.folder}"
        )
    for left in exceptions():
        print(f"未印刷　{left.kind.label}　{left.count:,} 件：{left.text}")
    return 0


def _actor(options: argparse.Namespace) -> Actor:
    from kyufu.platform.actors import Actor

    return Actor(options.staff, options.staff_name, options.office)


def _say(done: Printed) -> None:
    if done.folder is None:
        print(f"{done.kind.label}：印刷するものはありません。")
        return
    print(
        f"{done.kind.label}：印刷 {done.documents:,} 件 {done.pages:,} ページ、除外 {done.exceptions:,} 件\n"
        f"    {done.folder}"
    )


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{done:,} / {total:,}" if done < total else "\r\x1b[K")
        sys.stderr.flush()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("日付は YYYY-MM-DD で指定してください") from None
