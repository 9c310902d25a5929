"""`kyufu run schedule`: see which renewals the calendar plans, propose one, confirm it as the second person, end it."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, proven_staff, runs_for
from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform.clock import JAPAN, current_date_in_japan, current_instant
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.renewal.api import Rule, ScheduleSeen

KINDS = ("yearly", "monthly", "age", "changed")


def register(steps: Subparsers) -> None:
    """Add `schedule` with its steps to `run`."""
    schedule = steps.add_parser("schedule", help="更新処理の予定（立案の日程）を見る・変える")
    acts = schedule.add_subparsers(dest="act", required=True, metavar="操作")
    listed = acts.add_parser("list", help="予定と、予定による立案の記録を見る")
    listed.set_defaults(run=show)
    proposed = acts.add_parser("propose", help="予定を申し出る（別の職員の確認で有効になる）")
    proposed.add_argument("--kind", dest="renewal_kind", required=True, choices=KINDS, help="種類")
    proposed.add_argument("--usual", action="store_true", help="市の標準の予定（仮定）のとおりにする")
    proposed.add_argument("--month", type=int, metavar="月", help="基準日の月（毎月のものは付けない）")
    proposed.add_argument("--day", type=int, metavar="日", help="基準日の日（1から28）")
    proposed.add_argument("--lead", type=int, metavar="日数", help="基準日の何日前に立案するか")
    proposed.add_argument("--issue-days", type=int, metavar="日数", help="交付日は基準日の何日前か")
    proposed.add_argument("--plan-only", action="store_true", help="立案だけにし、判定は職員が始める")
    proposed.add_argument("--why", required=True, metavar="根拠", help="この日程にする根拠")
    add_staff(proposed, required=True)
    proposed.set_defaults(run=propose)
    confirmed = acts.add_parser("confirm", help="申し出のあった予定を確認する（申し出た職員以外の決裁者）")
    ended = acts.add_parser("end", help="予定をやめる、申し出を取り下げる")
    for parser, run in ((confirmed, confirm), (ended, end)):
        parser.add_argument("schedule", type=int, metavar="予定の番号")
        add_staff(parser, required=True)
        parser.set_defaults(run=run)
    ended.add_argument("--why", required=True, metavar="理由", help="やめる理由")


@runs_for("更新処理の予定の確認")
def show(_: argparse.Namespace) -> int:
    """List the schedules, what was planned by them, and what the municipality usually plans."""
    from django.conf import settings

    from kyufu.renewal import api as renewal

    today = current_date_in_japan()
    for one in renewal.schedules(today=today):
        print(f"{one.schedule_id}　{one.state.label}　{_rule_text(one.rule)}　{_next_text(one)}".rstrip("　"))
        if one.trouble:
            print(f"    立案できません：{one.trouble}")
    for done in renewal.occasions():
        print(
            f"  更新処理 {done.renewal_id}　{done.kind.label}　基準日 {format_wareki(done.on)}　"
            f"{done.planned_at.astimezone(JAPAN):%Y-%m-%d %H:%M} {done.how}　{done.state.label}"
        )
    for rule, usual in renewal.usual_rules(settings.KYUFU_MUNICIPALITY, today=today):
        print(f"標準（{usual.certainty}）　{_rule_text(rule)}　{usual.source}")
    return 0


@runs_for("更新処理の予定の申し出")
def propose(options: argparse.Namespace) -> int:
    """Propose a schedule; nothing is planned by it before somebody else confirms it."""
    from kyufu.renewal import api as renewal

    at, rule = current_instant(), _rule(options, today=current_date_in_japan())
    rights = proven_staff(options.staff, about=f"予定の申し出：{_rule_text(rule)}", at=at)
    number = renewal.propose_schedule(rule, why=options.why, rights=rights, at=at)
    print(f"予定 {number} を申し出ました。別の決裁者が「kyufu run schedule confirm {number}」で確認します。")
    return 0


@runs_for("更新処理の予定の確認")
def confirm(options: argparse.Namespace) -> int:
    """Confirm a proposed schedule as the second person, who is shown it before proving who it is."""
    from kyufu.renewal import api as renewal

    at = current_instant()
    rights = proven_staff(options.staff, about="予定の確認：" + _named(options.schedule), at=at)
    renewal.confirm_schedule(options.schedule, rights=rights, at=at)
    print(f"予定 {options.schedule} を確認しました。これからはこの予定で立案します。")
    return 0


@runs_for("更新処理の予定の終了")
def end(options: argparse.Namespace) -> int:
    """End a schedule; what was planned by it stays."""
    from kyufu.renewal import api as renewal

    at = current_instant()
    rights = proven_staff(options.staff, about="予定の終了：" + _named(options.schedule), at=at)
    renewal.end_schedule(options.schedule, why=options.why, rights=rights, at=at)
    print(f"予定 {options.schedule} をやめました。すでに立案したものはそのまま残ります。")
    return 0


def _rule(options: argparse.Namespace, *, today: date) -> Rule:
    from django.conf import settings

    from kyufu.renewal import api as renewal

    kind = renewal.RenewalKind(options.renewal_kind)
    if options.usual:
        found = renewal.usual_rules(settings.KYUFU_MUNICIPALITY, today=today)
        usual = next((rule for rule, _ in found if rule.kind is kind), None)
        if usual is None:
            raise BadInput("この種類の標準の予定はありません。", remedy="日程を指定してください。")
        return usual
    days = (options.day, options.lead, options.issue_days)
    if None in days:
        raise BadInput(
            "日程が足りません。",
            remedy="--day・--lead・--issue-days をそろえるか、--usual を付けてください。",
        )
    return renewal.Rule(kind, options.month, *days, not options.plan_only)


def _rule_text(rule: Rule) -> str:
    return (
        f"{rule.kind.label}　基準日 {rule.first_day_text}　{rule.lead_days}日前に立案（{rule.judging_text}）、"
        f"交付日は{rule.issue_days}日前"
    )


def _next_text(one: ScheduleSeen) -> str:
    if one.next_due_on is None or one.next_on is None:
        return ""
    return f"次の立案 {format_wareki(one.next_due_on)}（基準日 {format_wareki(one.next_on)}）"


def _named(number: int) -> str:
    from kyufu.renewal import api as renewal

    found = renewal.schedules(today=current_date_in_japan())
    seen = next((one for one in found if one.schedule_id == number), None)
    if seen is None:
        raise BadInput(
            "その予定はありません。", remedy="「kyufu run schedule list」で番号を確かめてください。"
        )
    return f"{number}　{_rule_text(seen.rule)}　{seen.why}"
