"""`kyufu cases`: receive, judge, approve and issue applications, one or all that are due; list and show them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, runs_for
from kyufu.cli.municipalities import known_code_of, known_names, municipality_here
from kyufu.law.calendar.years import is_sensible
from kyufu.platform.access import Channel
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cases.api import BulkResult
    from kyufu.cli.main import Subparsers

MOST_SHOWN = 20
HIDDEN_WARD = "------"


def register(subparsers: Subparsers) -> None:
    """Add `cases` with its steps."""
    steps = subparsers.add_parser("cases", help="申請の受付・判定・決裁・交付").add_subparsers(
        dest="step", required=True, metavar="処理"
    )
    receive = _add(steps, name="receive", text="申請ファイルを一括で受け付ける", run=receive_file)
    receive.add_argument("file", metavar="ファイル", type=Path)
    _add_numbered(steps, name="judge", text="判定する", run=judge_cases, dated=True).add_argument(
        "--stale", action="store_true", help="判定のあとに事実が変わったものを判定し直す"
    )
    _add_numbered(steps, name="approve", text="決裁する", run=approve_cases, dated=False)
    _add_numbered(steps, name="issue", text="医療証を交付する", run=issue_cases, dated=True)
    _add(steps, name="match", text="届出の内容を住民記録・医療保険と突き合わせる", run=match_cases)
    listed = steps.add_parser("list", help="申請を受付順に並べる")
    listed.add_argument(
        "--state", metavar="状態", help="received、judged など（docs/explanation/case-states.md）"
    )
    listed.add_argument("--after", metavar="受付番号", help="この受付番号の次から")
    add_staff(listed, required=False)
    listed.set_defaults(run=list_cases)
    shown = steps.add_parser("show", help="申請の経過と決定の理由を見る")
    shown.add_argument("number", metavar="受付番号")
    add_staff(shown, required=False)
    shown.set_defaults(run=show_case)


@runs_for("申請の受付", channel=Channel.BATCH)
def receive_file(options: argparse.Namespace) -> int:
    """Take in a file of applications; rows with a problem stay on the worklist."""
    from kyufu.cases import api as cases
    from kyufu.platform import clock

    result = cases.receive_applications(
        options.file,
        municipality_code=known_code_of(options.municipality),
        by=_actor(options),
        at=clock.current_instant(),
    )
    if result.already_applied:
        print("このファイルはすでに受け付けています。何も変わっていません。")
        return 0
    print(f"受付 {result.landed:,} 件、受け付けられない行 {result.rejected:,} 件")
    for label, count in result.counts.items():
        print(f"  {label} {count:,} 件")
    return 0


@runs_for("資格の判定")
def judge_cases(options: argparse.Namespace) -> int:
    """Judge one application or all that are due."""
    from kyufu.cases import api as cases
    from kyufu.platform import clock

    on, by, at = read_day(options.on), _actor(options), clock.current_instant()
    known_code_of(options.municipality)
    if options.number:
        application = cases.application_by_number(options.number)
        cases.judge_application(
            application.application_id, municipality=options.municipality, on=on, by=by, at=at
        )
        return _say_state(options.number)
    run = cases.judge_stale if options.stale else cases.judge_pending
    return _say("判定", run(municipality=options.municipality, on=on, by=by, at=at, report=_progress))


@runs_for("届出の内容の突合")
def match_cases(options: argparse.Namespace) -> int:
    """Match what was told with register and evidence; what differs is on the worklist, and nothing else is written."""
    from kyufu.cases import api as cases
    from kyufu.platform import clock

    found = cases.match_with_register(by=_actor(options), at=clock.current_instant())
    print(
        f"突合：{found.compared:,} 人、新しい食い違い {found.new:,} 件、解消 {found.over:,} 件、"
        f"いまある食い違い {len(found.open_ones):,} 件"
    )
    return 0


@runs_for("決定の決裁")
def approve_cases(options: argparse.Namespace) -> int:
    """Approve one judged application or all of them."""
    from kyufu.cases import api as cases
    from kyufu.platform import clock

    by, at = _actor(options), clock.current_instant()
    if options.number:
        cases.approve_application(cases.application_by_number(options.number).application_id, by=by, at=at)
        return _say_state(options.number)
    return _say("決裁", cases.approve_decided(by=by, at=at, report=_progress))


@runs_for("医療証の交付")
def issue_cases(options: argparse.Namespace) -> int:
    """Issue the certificate of one approved application or of all of them."""
    from kyufu.cases import api as cases
    from kyufu.platform import clock

    on, by, at = read_day(options.on), _actor(options), clock.current_instant()
    known_code_of(options.municipality)
    if options.number:
        application = cases.application_by_number(options.number)
        cases.issue_application(
            application.application_id, municipality=options.municipality, on=on, by=by, at=at
        )
        return _say_state(options.number)
    result = cases.issue_approved(municipality=options.municipality, on=on, by=by, at=at, report=_progress)
    return _say("交付", result)


@runs_for("申請の状況の確認")
def list_cases(options: argparse.Namespace) -> int:
    """Print applications in the order of receipt, and how many stand in each state."""
    from kyufu.cases import api as cases
    from kyufu.platform import clock
    from kyufu.registry import api as registry

    if options.state is not None and options.state not in set(cases.ApplicationState):
        raise BadInput("その状態はありません。", remedy=f"使えるもの: {'、'.join(cases.ApplicationState)}")
    after = cases.application_by_number(options.after).application_id if options.after else 0
    rows = cases.applications(state=options.state, after=after)
    today = clock.current_date_in_japan()
    hidden = registry.sheltered_ids([row.child_id for row in rows], on=today, today=today)
    for row in rows:
        kind, state = cases.japanese(cases.Kind(row.kind)), cases.japanese(cases.ApplicationState(row.state))
        # Whoever types a command is not the office in charge: of the protected the ward is left out.
        ward = HIDDEN_WARD if row.child_id in hidden else row.ward_code
        print(f"{row.number}  {row.received_on}  {ward}  {kind}  {state}")
    for name, count in cases.state_counts().items():
        print(f"{cases.japanese(cases.ApplicationState(name))}: {count:,} 件")
    return 0


@runs_for("申請の経過と決定の確認")
def show_case(options: argparse.Namespace) -> int:
    """Print the steps of an application and the explanation of its latest decision."""
    from kyufu.cases import api as cases
    from kyufu.law.child.explain import explain

    row = cases.application_by_number(options.number)
    print(f"受付番号 {row.number}（{cases.japanese(cases.Kind(row.kind))}、受付 {row.received_on}）")
    for step in cases.application_history(row.application_id):
        state = cases.japanese(cases.ApplicationState(step.to_state))
        print(f"  {step.at:%Y-%m-%d %H:%M}  {state}  {step.actor_office} {step.actor_name}  {step.why}")
    if row.decision_id is None:
        return 0
    for reason in cases.refuse_if_stale([row.decision_id]).values():
        print(f"注意: {reason}")
    print(explain(cases.decisions([row.decision_id])[row.decision_id]))
    return 0


def _add(
    steps: Subparsers, *, name: str, text: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """A step that somebody takes: it says who."""
    parser = steps.add_parser(name, help=text)
    parser.add_argument("--municipality", default=municipality_here(), metavar="自治体", help=known_names())
    add_staff(parser, required=True)
    parser.set_defaults(run=run)
    return parser


def _add_numbered(
    steps: Subparsers, *, name: str, text: str, run: Callable[[argparse.Namespace], int], dated: bool
) -> argparse.ArgumentParser:
    """A step on one application by number, or on all that are due."""
    parser = _add(steps, name=name, text=text, run=run)
    parser.add_argument("--number", metavar="受付番号", help="省くと、処理を待つものすべて")
    if dated:
        parser.add_argument("--on", required=True, metavar="年月日", help="基準日・交付日（YYYY-MM-DD）")
    return parser


def _actor(options: argparse.Namespace) -> Actor:
    return Actor(options.staff, options.staff_name, options.office)


def read_day(text: str) -> date:
    """The day of `--on`; raises BadInput where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("--on が日付ではありません。", remedy="2026-08-01 のように書いてください。") from None
    if not is_sensible(day):
        raise BadInput("--on の年が範囲の外です。", remedy="2026-08-01 のように書いてください。")
    return day


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} / {total:,} 件", end="" if done < total else "\n", file=sys.stderr)


def _say(step: str, result: BulkResult) -> int:
    """Print what a bulk run did; 1 where something was refused."""
    print(f"{step} {result.done:,} 件、見送り {len(result.refused):,} 件")
    for refusal in result.refused[:MOST_SHOWN]:
        print(f"  受付番号 {refusal.application_no}: {refusal.reason}")
    if len(result.refused) > MOST_SHOWN:
        print(f"  ほか {len(result.refused) - MOST_SHOWN:,} 件")
    return 1 if result.refused else 0


def _say_state(number: str) -> int:
    from kyufu.cases import api as cases

    state = cases.ApplicationState(cases.application_by_number(number).state)
    print(f"受付番号 {number}: {cases.japanese(state)}")
    return 0
