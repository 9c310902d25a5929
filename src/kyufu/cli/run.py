"""`kyufu run`: plan a renewal, have it carried, watch, pause, resume or give it up, approve it, and see its counts."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from kyufu.cli import run_schedule
from kyufu.cli.access import add_staff, proven_staff, runs_for
from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.calendar.years import is_sensible
from kyufu.platform.clock import JAPAN, current_instant
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.renewal.api import RenewalSeen
    from kyufu.runs.api import RunSeen

KINDS = ("yearly", "monthly", "age", "changed", "replay")
KIND_HELP = "yearly=年次更新 monthly=月次更新 age=年齢到達 changed=事実の変更による判定し直し replay=過去の決定の再点検"
MOST_LISTED = 50
WATCHED_EVERY = 1.0


def register(subparsers: Subparsers) -> None:
    """Add `run` with its steps."""
    steps = subparsers.add_parser(
        "run", help="更新処理（年次・月次・年齢到達・判定し直し・再点検）"
    ).add_subparsers(dest="step", required=True, metavar="操作")
    planned = _acting(steps, name="plan", text="更新処理を立案する", run=plan)
    planned.add_argument("--kind", dest="renewal_kind", required=True, choices=KINDS, help=KIND_HELP)
    planned.add_argument("--on", required=True, type=_day, metavar="YYYY-MM-DD", help="基準日（期間の初日）")
    planned.add_argument(
        "--issue", type=_day, metavar="YYYY-MM-DD", help="医療証に記す交付日（試行では不要）"
    )
    planned.add_argument(
        "--known-at", type=_instant, metavar="YYYY-MM-DDTHH:MM", help="事実の時点（日本時間）"
    )
    planned.add_argument("--trial", action="store_true", help="試行（反映しない）")
    for name, text, run in (
        ("start", "次の段階を始める（対象者の確定と判定、反映、印刷）", start),
        ("resume", "止まった段階を続きから始める", start),
        ("pause", "実行中の段階をきりのよいところで止める", pause),
        ("close", "試行・再点検を、反映せずに終える", close),
    ):
        _numbered(_acting(steps, name=name, text=text, run=run))
    approved = _acting(
        steps, name="approve", text="判定の結果を承認する（立案した職員以外の決裁者）", run=approve
    )
    _numbered(approved)
    approved.add_argument("--why", default="", metavar="理由", help="見込みの範囲外でも承認する理由")
    cancelled = _acting(steps, name="cancel", text="反映の前の更新処理を取りやめる", run=cancel)
    _numbered(cancelled)
    cancelled.add_argument("--why", required=True, metavar="理由", help="取りやめる理由")
    run_schedule.register(steps)
    steps.add_parser("list", help="更新処理を新しい順に並べる").set_defaults(run=list_runs)
    for name, text, run in (
        ("show", "更新処理の件数と経過を見る", show), ("report", "更新処理の結果を報告の形で見る", report),
        ("watch", "実行中の段階の進み具合を見る", watch), ("left-out", "対象外の児童と理由を見る", left_out),
    ):  # fmt: skip
        parser = _numbered(steps.add_parser(name, help=text))
        add_staff(parser, required=False)
        parser.set_defaults(run=run)


@runs_for("更新処理の立案")
def plan(options: argparse.Namespace) -> int:
    """Plan a renewal; nothing is judged yet."""
    from django.conf import settings

    from kyufu.renewal import api as renewal

    at, kind = current_instant(), renewal.RenewalKind(options.renewal_kind)
    rights = proven_staff(options.staff, about=f"{kind.label}の立案（{kind.condition}）", at=at)
    wished = renewal.Plan(kind, options.on, options.issue, options.known_at, options.trial)
    number = renewal.plan_renewal(wished, municipality=settings.KYUFU_MUNICIPALITY, rights=rights, at=at)
    print(f"更新処理 {number} を立案しました。「kyufu run start {number}」で対象者の確定と判定を始めます。")
    return 0


@runs_for("更新処理の実行")
def start(options: argparse.Namespace) -> int:
    """Ask for the next step, or for what ended early to go on; a worker carries it."""
    from kyufu.renewal import api as renewal
    from kyufu.runs import api as runs

    at = current_instant()
    rights = proven_staff(options.staff, about=_named(options.renewal), at=at)
    renewal.start_next(options.renewal, rights=rights, at=at)
    print(f"更新処理 {options.renewal} の次の段階を順番に入れました。")
    if not runs.is_attended(at=at):
        print("処理係が動いていません。「kyufu worker」で起動すると始まります。")
    return 0


@runs_for("更新処理の一時停止")
def pause(options: argparse.Namespace) -> int:
    """Have the step under way stop after its block."""
    from kyufu.renewal import api as renewal

    at = current_instant()
    rights = proven_staff(options.staff, about=_named(options.renewal), at=at)
    renewal.pause(options.renewal, rights=rights, at=at)
    print("きりのよいところで止まります。済んだ分は残り、「resume」で続きから始まります。")
    return 0


@runs_for("更新処理の承認")
def approve(options: argparse.Namespace) -> int:
    """Approve as the second person, who is shown the counts before proving who it is."""
    from kyufu.renewal import api as renewal

    at, seen = current_instant(), renewal.digest_of(options.renewal)
    about = "\n".join(
        (*_counts(options.renewal), *_findings(options.renewal), _named(options.renewal) + "の承認")
    )
    rights = proven_staff(options.staff, about=about, at=at)
    if renewal.find_renewal(options.renewal).kind is renewal.RenewalKind.REPLAY:
        letters = renewal.approve_corrections(options.renewal, seen=seen, rights=rights, at=at)
        print(
            f"{letters:,} 人へのお知らせを承認しました。「kyufu documents print --kind correction」で印刷します。"
        )
        return 0
    renewal.approve_renewal(options.renewal, seen=seen, rights=rights, at=at, why=options.why)
    print(f"更新処理 {options.renewal} を承認しました。「kyufu run start {options.renewal}」で反映します。")
    return 0


@runs_for("更新処理の取りやめ")
def cancel(options: argparse.Namespace) -> int:
    """Give a renewal up before it takes effect."""
    from kyufu.renewal import api as renewal

    at = current_instant()
    rights = proven_staff(options.staff, about=_named(options.renewal) + "の取りやめ", at=at)
    renewal.give_up(options.renewal, why=options.why, rights=rights, at=at)
    print(f"更新処理 {options.renewal} を取りやめました。")
    return 0


@runs_for("試行の終了")
def close(options: argparse.Namespace) -> int:
    """End a trial or a replay."""
    from kyufu.renewal import api as renewal

    at = current_instant()
    rights = proven_staff(options.staff, about=_named(options.renewal) + "の終了", at=at)
    renewal.close_trial(options.renewal, rights=rights, at=at)
    print(f"更新処理 {options.renewal} を終えました。何も反映していません。")
    return 0


@runs_for("更新処理の確認")
def list_runs(_: argparse.Namespace) -> int:
    """List the renewals, newest first."""
    from kyufu.renewal import api as renewal

    for one in renewal.latest_renewals(limit=MOST_LISTED):
        print(_line(one))
    return 0


@runs_for("更新処理の確認")
def show(options: argparse.Namespace) -> int:
    """Show the counts and steps of a renewal."""
    from kyufu.renewal import api as renewal

    for line in _counts(options.renewal):
        print(line)
    for step in renewal.steps_of(options.renewal):
        print(
            f"  {step.at.astimezone(JAPAN):%Y-%m-%d %H:%M} {step.to_state.label} {step.actor_name} {step.why}"
        )
    return 0


@runs_for("更新処理の報告")
def report(options: argparse.Namespace) -> int:
    """Show everything that a report of a renewal says: base, lists with the next step, account and ties."""
    from kyufu.documents.api import Kind
    from kyufu.law.child.labels import reason_label
    from kyufu.renewal import api as renewal

    seen = renewal.find_renewal(options.renewal)
    for line in _counts(options.renewal):
        print(line)
    print(f"対象者の確定の記録（SHA-256） {seen.base_hash}\n基準値の版 {seen.parameter_version}")
    for one in renewal.counts_by_reason(options.renewal):
        told = renewal.next_of(one.sorted, reason_code=one.reason_code)
        print(
            f"  {one.sorted.label}（{reason_label(one.reason_code)}） {one.answers:,} 件　{told.step}／{told.paper}"
        )
    for line in _findings(options.renewal):
        print(line)
    for code, children in renewal.refusal_counts(options.renewal).items():
        print(f"  見送り（{renewal.REFUSALS.get(code, code)}） {children:,} 人")
    for tie in renewal.ties_of(options.renewal):
        print(
            f"  印刷 {Kind(tie.document).label} 対象 {tie.due:,} 件 = 印刷 {tie.printed:,} 件 + 印刷できず "
            f"{tie.left_out:,} 件（{tie.pages:,} ページ）"
        )
    return 0


@runs_for("更新処理の対象外の確認")
def left_out(options: argparse.Namespace) -> int:
    """Count those left out by reason, and list the first of each."""
    from kyufu.registry import api as registry
    from kyufu.renewal import api as renewal

    for one in renewal.left_out_counts(options.renewal):
        print(f"{one.reason.label} {one.children:,} 人　→ {one.reason.next_step}")
        rows = renewal.left_out_rows(
            options.renewal, reason=one.reason, wards=None, limit=MOST_LISTED, after=0
        )
        today = current_instant().astimezone(JAPAN).date()
        people = registry.people([row.child_id for row in rows], valid_on=today, today=today)
        for row in rows:
            person = people.get(row.child_id)
            print(f"    {person.addressee_no if person else '住民記録なし'}")
        if one.children > len(rows):
            print(f"    ほか {one.children - len(rows):,} 人")
    return 0


def watch(options: argparse.Namespace) -> int:
    """Follow the step under way until it ends."""
    from kyufu.cli.main import prepare_django

    prepare_django()
    from kyufu.renewal import api as renewal

    while True:
        at = current_instant()
        run = renewal.run_of(options.renewal, at=at)
        if run is None:
            print("まだ何も始めていません。")
            return 0
        print(_progress(run, at=at), flush=True)
        if not run.is_open:
            return 0
        time.sleep(WATCHED_EVERY)


def _progress(run: RunSeen, *, at: datetime) -> str:
    from kyufu.runs.api import kind_of

    left = run.time_left(at=at)
    told = "" if left is None else f"　残り約 {int(left.total_seconds()):,} 秒"
    ended = f"　{run.message}" if run.message else ""
    return f"{kind_of(run.kind).title}　{run.state.label}　{run.done:,} / {run.total:,}（{run.percent}%）{told}{ended}"


def _counts(renewal_id: int) -> Iterator[str]:
    from kyufu.renewal import api as renewal

    seen = renewal.find_renewal(renewal_id)
    yield _line(seen)
    yield f"母数：{renewal.BASE}"
    yield f"対象：{seen.kind.condition}"
    if seen.base_count is None:
        return
    yield f"  母数 {seen.base_count:,} 人 = 対象 {seen.in_count:,} 人 + 対象外 {seen.left_out_count:,} 人"
    former = renewal.former_of(seen)
    before = (
        {}
        if former is None
        else {one.sorted: one.children for one in renewal.sorted_counts(former.renewal_id)}
    )
    for one in renewal.sorted_counts(renewal_id):
        told = "" if former is None else f"　前回 {before.get(one.sorted, 0):,} 人"
        yield f"  {one.sorted.label} {one.children:,} 人{told}"
    for out in renewal.left_out_counts(renewal_id):
        yield f"  対象外：{out.reason.label} {out.children:,} 人"
    for held in renewal.expectations_of(renewal_id):
        told = f"、差 {held.difference_text}" if held.difference_text else ""
        yield f"  見込みとの比較：{held.measure.label} {held.found_text}（{held.expected_text}{told}）　{held.verdict}"
    if seen.approved_why:
        yield f"  範囲外でも承認した理由：{seen.approved_why}（{seen.approved_by_name}）"
    if seen.effected_count is not None:
        yield f"  反映 {seen.effected_count:,} 人、見送り {seen.refused_count:,} 人"


def _findings(renewal_id: int) -> Iterator[str]:
    """What was found beyond the sorting: days that a replay answers otherwise, and losses that began before."""
    from kyufu.renewal import api as renewal

    if early := renewal.early_count(renewal_id):
        yield f"  喪失の理由が期間の初日より前に生じた児童 {early:,} 人　{renewal.EARLY_STEP}"
    if renewal.find_renewal(renewal_id).kind is not renewal.RenewalKind.REPLAY:
        return
    for one in renewal.difference_counts(renewal_id):
        yield (
            f"  {one.effect.label} {one.children:,} 人（{format_wareki(one.first_day)}から）　{one.effect.next_step}"
        )
    yield f"  {renewal.NO_AMOUNT}"


def _line(one: RenewalSeen) -> str:
    trial = "・試行" if one.is_trial else ""
    return f"{one.renewal_id}　{one.kind.label}{trial}　基準日 {format_wareki(one.on)}　{one.state.label}"


def _named(renewal_id: int) -> str:
    from kyufu.renewal import api as renewal

    return _line(renewal.find_renewal(renewal_id))


def _acting(steps: Subparsers, *, name: str, text: str, run: object) -> argparse.ArgumentParser:
    parser = steps.add_parser(name, help=text)
    add_staff(parser, required=True)
    parser.set_defaults(run=run)
    return parser


def _numbered(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("renewal", type=int, metavar="更新処理の番号")
    return parser


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("日付は YYYY-MM-DD で入力してください。") from None
    if not is_sensible(day):
        raise BadInput("日付の年を確かめてください。")
    return day


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=JAPAN)
    except ValueError:
        raise BadInput("日時は YYYY-MM-DDTHH:MM で入力してください。") from None
