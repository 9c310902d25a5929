"""`kyufu vault`: open the vault of individual numbers, see how it stands, open its inbox, exchange its keys.

Numbers are never printed. A key operation is asked for by one member of staff and confirmed by another.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, proven_staff, runs_for
from kyufu.platform.actors import Actor
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.mynumber.api import KeyEncryption
    from kyufu.staff.api import Rights

PURPOSE = "個人番号の金庫の管理"
KEY_PURPOSES = {"data": "データ鍵", "index": "検索用の鍵", "inbox": "受け箱の鍵"}
KEY_STATES = {"active": "使用中", "decrypt_only": "復号のみ", "destroyed": "廃棄済み"}


def register(subparsers: Subparsers) -> None:
    """Add `vault` with its own subcommands."""
    vault = subparsers.add_parser("vault", help="個人番号の金庫の開設・状態・取り込み・鍵の交換")
    steps = vault.add_subparsers(dest="step", required=True, metavar="操作")
    steps.add_parser("status", help="件数・鍵・受け箱・確認事項を表示する（番号は出ません）").set_defaults(
        run=show_status
    )
    opened = steps.add_parser("init", help="最初の鍵を作り、金庫を開設する")
    opened.add_argument("--second", required=True, metavar="職員番号", help="立ち会った職員")
    opened.set_defaults(run=init)
    drain = steps.add_parser("drain", help="受け箱の番号を登録する")
    drain.set_defaults(run=open_inbox)
    rotate = steps.add_parser("rotate", help="データ鍵の交換を申し出る（途中で止まった交換は続きを行う）")
    rotate.set_defaults(run=ask_to_rotate)
    rewrap = steps.add_parser("rewrap", help="鍵を包む鍵の交換を申し出る")
    _add_new_key(rewrap, required=True)
    rewrap.set_defaults(run=ask_to_rewrap)
    confirm = steps.add_parser("confirm", help="別の職員が申し出た鍵の操作を確認し、実行する")
    confirm.add_argument("proposal", type=int, metavar="申出番号")
    _add_new_key(confirm, required=False)
    confirm.set_defaults(run=confirm_act)
    for parser in (opened, drain, rotate, rewrap, confirm):
        add_staff(parser, required=True)


@runs_for(PURPOSE)
def show_status(_: argparse.Namespace) -> int:
    """Print counts, keys, inbox, open points and what waits for a second person."""
    _prepare()
    from kyufu.mynumber import api as mynumber

    status = mynumber.vault_status()
    print(f"統合番号 {status.persons:,} 件（うち名寄せで使わなくなったもの {status.retired:,} 件）")
    print(f"個人番号 {status.numbers:,} 件、変更前の個人番号 {status.former_numbers:,} 件")
    print(f"受け箱で取り込みを待つ束 {status.letters:,} 件")
    for kind, count in status.conflicts.items():
        print(f"確認事項 {count:,} 件: {mynumber.CONFLICT_TEXTS[kind]}")
    if not status.keys:
        print("鍵はまだありません（kyufu vault init）。")
    for key in status.keys:
        name, state = KEY_PURPOSES[key.purpose], KEY_STATES[key.state]
        print(f"鍵 {key.number}: {name}、{state}、作成 {key.made_at:%Y-%m-%d %H:%M}")
    for one in mynumber.waiting_key_acts(at=current_instant()):
        print(f"確認待ち {one.proposal_id}: {mynumber.KEY_ACT_NAMES[one.act]}（申出 {one.asked_by}）")
    return 0


@runs_for(PURPOSE)
def init(options: argparse.Namespace) -> int:
    """Make the first keys in the presence of a second person; both prove who they are."""
    _prepare()
    from kyufu.mynumber import api as mynumber
    from kyufu.staff.api import Function, Level, require

    at = current_instant()
    first, second = (
        proven_staff(number, about=f"{number}: 最初の鍵を作り、金庫を開設します。", at=at)
        for number in (options.staff, options.second)
    )
    for rights in (first, second):
        require(rights, Function.KEYS, level=Level.UPDATE)
    if not mynumber.init_vault(by=first.actor(), confirmed_by=second.actor(), at=at):
        print("金庫はすでに開設されています。何も変わっていません。")
        return 0
    print("金庫を開設しました。鍵の控えを、データベースとは別の安全な場所に保管してください。")
    print("鍵を失うと、登録した個人番号は読めなくなります。")
    return 0


@runs_for(PURPOSE)
def open_inbox(options: argparse.Namespace) -> int:
    """Open the inbox; 1 where something must be looked at by a clerk."""
    _prepare()
    from kyufu.mynumber import api as mynumber

    result = mynumber.drain_inbox(by=_actor(options), at=current_instant())
    print(f"束 {result.letters:,} 件、番号 {result.pairs:,} 件を開きました。")
    print(f"  新しい人 {result.new_persons:,} 件、既知の人の番号 {result.new_numbers:,} 件")
    print(f"  確認事項 {result.conflicts:,} 件")
    return 1 if result.conflicts else 0


@runs_for(PURPOSE)
def ask_to_rotate(options: argparse.Namespace) -> int:
    """Ask for the exchange of the data keys, or finish one that was interrupted."""
    from kyufu.mynumber import api as mynumber

    at = current_instant()
    rights = _proven(options, about=f"申し出る操作: {mynumber.KEY_ACT_NAMES[mynumber.KeyAct.ROTATE]}", at=at)
    if mynumber.is_unfinished():
        done = mynumber.finish_rotation(by=rights.actor(), at=at, report=_progress)
        print(f"止まっていた鍵の交換を終えました（{done:,} 件）。")
        return 0
    return _asked(mynumber.ask_for_key_act(mynumber.KeyAct.ROTATE, new=None, rights=rights, at=at))


@runs_for(PURPOSE)
def ask_to_rewrap(options: argparse.Namespace) -> int:
    """Ask for another key-encryption key; its file is made where it does not exist."""
    from kyufu.mynumber import api as mynumber

    at = current_instant()
    rights = _proven(options, about=f"申し出る操作: {mynumber.KEY_ACT_NAMES[mynumber.KeyAct.REWRAP]}", at=at)
    new = _new_key(options, made_when_missing=True)
    return _asked(mynumber.ask_for_key_act(mynumber.KeyAct.REWRAP, new=new, rights=rights, at=at))


@runs_for(PURPOSE)
def confirm_act(options: argparse.Namespace) -> int:
    """Confirm what another member of staff asked for, and carry it out."""
    _prepare()
    from kyufu.mynumber import api as mynumber

    at = current_instant()
    asked = {one.proposal_id: one for one in mynumber.waiting_key_acts(at=at)}.get(options.proposal)
    if asked is None:
        raise Refused(
            "確認を待っている申し出ではありません。", remedy="kyufu vault status で番号を確かめてください。"
        )
    about = (
        f"確認する操作: {mynumber.KEY_ACT_NAMES[asked.act]}（申出 {asked.asked_by}、確認符号 {asked.digest}）"
    )
    rights = _proven(options, about=about, at=at)
    new = _new_key(options, made_when_missing=False)
    done = mynumber.confirm_key_act(
        options.proposal, seen=asked.digest, new=new, rights=rights, at=at, report=_progress
    )
    print(f"鍵の操作を終えました（{done:,} 件）。")
    if new is not None:
        print("以後は新しい鍵だけで開きます。KYUFU_VAULT_KEY… の設定を、今すぐ新しい鍵に変えてください。")
    return 0


def _add_new_key(parser: argparse.ArgumentParser, *, required: bool) -> None:
    named = parser.add_mutually_exclusive_group(required=required)
    named.add_argument("--new-key-file", type=Path, metavar="ファイル", help="新しい鍵ファイル")
    named.add_argument("--new-key-command", metavar="命令", help="新しい鍵管理の命令")


def _new_key(options: argparse.Namespace, *, made_when_missing: bool) -> KeyEncryption | None:
    from kyufu.mynumber import api as mynumber

    if options.new_key_command:
        return mynumber.CommandKeyEncryption(tuple(shlex.split(options.new_key_command)))
    if options.new_key_file is None:
        return None
    if made_when_missing and not options.new_key_file.exists():
        return mynumber.make_key_file(options.new_key_file)
    return mynumber.key_from_file(options.new_key_file)


def _prepare() -> None:
    from kyufu.platform.schema import ensure_tables

    ensure_tables()


def _proven(options: argparse.Namespace, *, about: str, at: datetime) -> Rights:
    _prepare()
    return proven_staff(options.staff, about=about, at=at)


def _actor(options: argparse.Namespace) -> Actor:
    return Actor(options.staff, options.staff_name, options.office)


def _asked(proposal: int) -> int:
    print(
        f"申出番号 {proposal} で申し出ました。別の職員が kyufu vault confirm {proposal} で確認してください。"
    )
    return 0


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} 件", end="", file=sys.stderr)
