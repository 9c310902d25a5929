"""`kyufu audit`: seal and verify the log, search it, review readings, and delete what is past its retention."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, runs_for
from kyufu.cli.main import prepare_django
from kyufu.platform.access import Channel
from kyufu.platform.clock import JAPAN, current_date_in_japan, current_instant
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.audit.api import LogQuery
    from kyufu.cli.main import Subparsers

BROKEN = 1
SHOWN = 200


def register(subparsers: Subparsers) -> None:
    """Add `audit` with its own subcommands."""
    audit = subparsers.add_parser("audit", help="閲覧・更新・操作の記録の封印、検証、検索、点検、削除")
    steps = audit.add_subparsers(dest="step", required=True, metavar="操作")
    steps.add_parser("init", help="封印に使う鍵を作る").set_defaults(run=make_key)
    _add_new_key(steps)
    sealing = steps.add_parser("chain", help="確定した記録を封印する")
    sealing.add_argument(
        "--restored-from-elsewhere", dest="restored", default="", metavar="理由",
        help="別のデータベースサーバーから復元・移転したことを記録し、封印を引き継ぐ",
    )  # fmt: skip
    sealing.set_defaults(run=chain)
    verify = steps.add_parser("verify", help="記録が変えられていないか確かめる")
    verify.add_argument("--head", type=Path, metavar="ファイル", help="保管した封印と照らし合わせる")
    verify.set_defaults(run=verify_log)
    head = steps.add_parser("export-head", help="最後の封印を保管用に書き出す")
    head.add_argument("--out", type=Path, required=True, metavar="ファイル")
    head.set_defaults(run=export)
    _add_search(steps)
    _add_review(steps)
    deletion = steps.add_parser("retention", help="保存期間を過ぎた記録の候補を示し、削除する")
    deletion.add_argument("--delete", action="store_true", help="候補を削除する")
    add_staff(deletion, required=False)
    deletion.set_defaults(run=delete_expired_records)


def _add_new_key(steps: Subparsers) -> None:
    new_key = steps.add_parser("new-key", help="封印に使う鍵を新しくする")
    new_key.add_argument("--reason", required=True, metavar="理由")
    add_staff(new_key, required=True)
    new_key.set_defaults(run=change_key)


def _add_search(steps: Subparsers) -> None:
    search = steps.add_parser("search", help="記録を検索する")
    search.add_argument("--of", default="", metavar="職員番号", help="操作した職員")
    search.add_argument("--addressee", default="", metavar="宛名番号", help="見られた人")
    search.add_argument("--kind", default="reads", choices=("reads", "writes", "events"), metavar="種類")
    _add_period(search)
    add_staff(search, required=True)
    search.set_defaults(run=search_records)


def _add_review(steps: Subparsers) -> None:
    review = steps.add_parser("review", help="点検する閲覧を選び、一覧する")
    review.add_argument("--find", action="store_true", help="点検が要る閲覧を探す")
    review.add_argument("--sample", type=int, default=0, metavar="件数", help="無作為に抽出する")
    review.add_argument("--seed", default="", metavar="種", help="抽出の種（同じ種は同じ結果になる）")
    _add_period(review)
    add_staff(review, required=True)
    review.set_defaults(run=review_reads)


def _add_period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", required=True, metavar="年月日", help="期間の最初の日")
    parser.add_argument("--to", dest="last", required=True, metavar="年月日", help="期間の最後の日")


def make_key(_: argparse.Namespace) -> int:
    """Make the signing key where there is none, and say its name."""
    prepare_django()
    from django.conf import settings

    from kyufu.audit.api import open_signer

    signer = open_signer(settings.AUDIT_KEY_FILE)
    print(f"封印の鍵：{signer.key_id}（{settings.AUDIT_KEY_FILE.name}）")
    print("鍵と同じ場所の .pub ファイルの写しを、別の場所に保管してください。")
    return 0


@runs_for("記録の封印の鍵の交換")
def change_key(options: argparse.Namespace) -> int:
    """Sign with a new key from now on, with a reason; the former one's blocks stay provable."""
    from django.conf import settings

    from kyufu.audit.api import replace_key

    if not options.reason.strip():
        raise BadInput("鍵を新しくする理由がありません。", remedy="--reason に理由を書いてください。")
    signer = replace_key(settings.AUDIT_KEY_FILE, reason=options.reason.strip())
    print(
        f"封印の鍵を {signer.key_id} に替え、記録に残しました。前の鍵による封印は、これからも確かめられます。"
    )
    print("鍵と同じ場所の .pub ファイルの写しを、別の場所に保管してください。")
    return 0


def chain(options: argparse.Namespace) -> int:
    """Make the coming months' partitions and seal what is final, or go on with a chain that came from elsewhere."""
    prepare_django()
    from django.conf import settings

    from kyufu.audit.api import chain_records, chain_restored, ensure_partitions, open_signer
    from kyufu.platform.schema import owner_alias

    ensure_partitions(on=current_date_in_japan(), using=owner_alias())
    at, signer = current_instant(), open_signer(settings.AUDIT_KEY_FILE)
    if options.restored:
        result = chain_restored(at=at, signer=signer, reason=options.restored)
    else:
        result = chain_records(at=at, signer=signer)
    print(f"{result.records:,}件の記録を{result.blocks}個の封印にまとめました。")
    return 0


def verify_log(options: argparse.Namespace) -> int:
    """Verify the log and say the first fault and how many there are; status 1 where there is one."""
    prepare_django()
    from django.conf import settings

    from kyufu.audit.api import EventKind, direct_writes, limits, public_keys, read_head, record_event, verify

    at, allowed = current_instant(), limits(on=current_date_in_japan())
    verdict = verify(
        at=at,
        keys=public_keys(settings.AUDIT_KEY_FILE),
        patience=allowed.patience,
        longest=allowed.longest_transaction,
        head=read_head(options.head) if options.head else None,
    )
    direct = direct_writes()
    record_event(
        EventKind.LOG_VERIFIED,
        detail={
            "確かめた記録": f"{verdict.records:,}件",
            "封印待ち": f"{verdict.waiting:,}件",
            "問題": str(verdict.findings[0]) if verdict.findings else "なし",
            "Kyufuを通さない更新": str(direct),
        },
    )
    print(
        f"封印{verdict.blocks:,}個、記録{verdict.records:,}件（うち保存期間満了により削除{verdict.retired:,}件）を"
        f"確かめました。封印待ちは{verdict.waiting:,}件です。"
    )
    print(f"Kyufu を通さない更新：{direct}")
    if not verdict.findings:
        print("変更・欠落・差し込みはありません。")
        return 0
    print(f"最初の問題：{verdict.findings[0]}", file=sys.stderr)
    for finding in verdict.findings[1:]:
        print(f"　　　ほか：{finding}", file=sys.stderr)
    return BROKEN


def export(options: argparse.Namespace) -> int:
    """Write the signed head of the chain to a new file."""
    prepare_django()
    from django.conf import settings

    from kyufu.audit.api import export_head, open_signer

    content = export_head(at=current_instant(), signer=open_signer(settings.AUDIT_KEY_FILE))
    try:
        with options.out.open("x", encoding="utf-8") as file:
            file.write(content)
    except OSError as error:
        raise BadInput(
            f"{options.out.name} に書き出せません（{error.strerror}）。",
            remedy="まだないファイル名を、書き込める場所に指定してください。",
        ) from None
    print(f"{options.out.name} に書き出しました。このシステムの外に保管してください。")
    return 0


@runs_for("記録の検索")
def search_records(options: argparse.Namespace) -> int:
    """Print the newest records that fit, one a line; the search is itself recorded."""
    from kyufu.audit.api import Stream, search_log

    stream = {"reads": Stream.READS, "writes": Stream.WRITES, "events": Stream.EVENTS}[options.kind]
    records = search_log(stream, query=_query(options), limit=SHOWN)
    for record in records:
        print(
            f"{record.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S} {record.staff_no} {record.name}（{record.office}） "
            f"{record.terminal} {record.channel} {record.purpose} {record.case_no} {'、'.join(record.what)} "
            f"{record.extent}件"
        )
    print(
        f"{len(records)}件"
        + ("（これより古いものは期間を狭めて検索してください）" if len(records) == SHOWN else "")
    )
    return 0


@runs_for("閲覧の点検", channel=Channel.BATCH)
def review_reads(options: argparse.Namespace) -> int:
    """Open reviews as asked, and print the queue, the oddest first."""
    from kyufu.audit.api import direct_writes, draw_sample, open_odd_reads, review_queue
    from kyufu.platform.actors import Actor
    from kyufu.web.review_facts import RegisterFacts

    since, until = _period(options)
    by, at, on = (
        Actor(options.staff, options.staff_name, options.office),
        current_instant(),
        current_date_in_japan(),
    )
    if options.find:
        facts = RegisterFacts(on=on, until=until)
        opened = open_odd_reads(since=since, until=until, on=on, facts=facts, by=by, at=at)
        print(f"点検が要る閲覧：新たに{opened}件")
    if options.sample:
        drawn = draw_sample(seed=options.seed, size=options.sample, since=since, until=until, by=by, at=at)
        print(f"無作為に抽出した閲覧：新たに{drawn}件")
    print(f"Kyufu を通さない更新：{direct_writes(since=since, until=until)}")
    for one in review_queue(limit=SHOWN):
        print(
            f"{one.review_id} {one.score}点 {one.state.label} {one.read_at.astimezone(JAPAN):%Y-%m-%d %H:%M} "
            f"{one.reader_no} {one.reader_name}（{one.reader_office}） {'／'.join(one.reasons)}"
        )
    return 0


@runs_for("保存期間を過ぎた記録の削除")
def delete_expired_records(options: argparse.Namespace) -> int:
    """Print what is past its retention; with --delete, verify the log and delete it."""
    from django.conf import settings

    from kyufu.audit.api import delete_expired, expired_partitions, open_signer

    on = current_date_in_japan()
    candidates = expired_partitions(on=on)
    for one in candidates:
        print(
            f"{one.partition.stream} {one.partition.month:%Y-%m}分 {one.records:,}件（{one.since}に保存期間満了）"
        )
    if not candidates:
        print("保存期間を過ぎた記録はありません。")
    elif options.delete:
        signer = open_signer(settings.AUDIT_KEY_FILE)
        deleted = delete_expired(on=on, at=current_instant(), signer=signer)
        print(f"{sum(one.records for one in deleted):,}件を削除し、削除を記録しました。")
    else:
        print("削除するには --delete を付けて実行してください。")
    return 0


def _query(options: argparse.Namespace) -> LogQuery:
    from kyufu.audit.api import LogQuery

    since, until = _period(options)
    return LogQuery(since, until, staff_no=options.of, addressee_id=_addressee(options.addressee))


def _addressee(number: str) -> int | None:
    from kyufu.registry.api import addressee_ids

    if not number:
        return None
    found = addressee_ids([number])
    if number not in found:
        raise BadInput("この宛名番号の人は登録されていません。", remedy="宛名番号を確かめてください。")
    return found[number]


def _period(options: argparse.Namespace) -> tuple[datetime, datetime]:
    return _midnight(_day(options.first)), _midnight(_day(options.last) + timedelta(days=1))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"日付ではありません：{text}", remedy="2026-06-01 のように書いてください。") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=JAPAN)
