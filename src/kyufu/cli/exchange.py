"""`kyufu exchange basic`: which system may have which items of the register (個人基本), and handing them over."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, proven_staff, runs_for
from kyufu.cli.municipalities import code_of, known_names
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.wareki import format_wareki
from kyufu.platform.access import Channel
from kyufu.platform.clock import current_date_in_japan, current_instant
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.exchange.basic.api import Asked, Delivered, ItemListView
    from kyufu.staff.api import Rights

SHOWN_DIGITS = 12


def register(subparsers: Subparsers) -> None:
    """Add `exchange` with `basic` and its steps."""
    parser = subparsers.add_parser("exchange", help="他システムへの提供")
    partners = parser.add_subparsers(dest="action", required=True, metavar="相手")
    basic = partners.add_parser("basic", help="個人基本：承認された項目だけを提供する")
    steps = basic.add_subparsers(dest="step", required=True, metavar="操作")
    _add_lists(steps)
    _add_delivery(steps)


def _add_lists(steps: Subparsers) -> None:
    system = steps.add_parser("system", help="受け取るシステムを登録する")
    system.add_argument("code", metavar="符号", help="英小文字")
    system.add_argument("--name", required=True, help="システムの名称")
    system.set_defaults(run=add_system)
    proposing = steps.add_parser("propose", help="提供項目の利用申請を登録する")
    proposing.add_argument("system", metavar="システム")
    proposing.add_argument(
        "--item", action="append", default=[], metavar="項目[=理由]", help="繰り返して指定する"
    )
    proposing.add_argument(
        "--from", dest="start", required=True, type=_day, metavar="始まる日", help="YYYY-MM-DD"
    )
    proposing.add_argument(
        "--before", type=_day, metavar="終わる日の翌日", help="YYYY-MM-DD（期限がなければ付けない）"
    )
    proposing.add_argument("--law", required=True, metavar="法令", help="提供の根拠となる法令")
    proposing.add_argument("--why", required=True, metavar="理由", help="必要とする理由")
    proposing.add_argument(
        "--number-law", default="", metavar="法令", help="個人番号を利用する根拠（利用するシステムだけ）"
    )
    proposing.set_defaults(run=propose)
    confirming = steps.add_parser("confirm", help="別の職員が利用申請を確認する")
    confirming.add_argument("list_id", type=int, metavar="番号")
    confirming.add_argument("--seen", required=True, help="一覧（list）に表示された確認符号")
    confirming.set_defaults(run=confirm)
    withdrawing = steps.add_parser("withdraw", help="確認前の利用申請を取り下げる")
    withdrawing.add_argument("list_id", type=int, metavar="番号")
    withdrawing.add_argument("--why", required=True, help="理由")
    withdrawing.set_defaults(run=withdraw)
    catalogue = steps.add_parser("items", help="申請できる項目を一覧する")
    catalogue.set_defaults(run=show_items)
    listing = steps.add_parser("list", help="提供項目の一覧と提供の記録を表示する")
    listing.set_defaults(run=show)
    for parser in (system, proposing, confirming, withdrawing):
        add_staff(parser, required=True)


def _add_delivery(steps: Subparsers) -> None:
    delivering = steps.add_parser("deliver", help="承認された項目を提供する")
    delivering.add_argument("system", metavar="システム")
    delivering.add_argument(
        "--mode", required=True, choices=("FULL", "DIFF"), help="全件（FULL）か差分（DIFF）か"
    )
    delivering.add_argument("--municipality", required=True, help=f"団体コード 6 桁、または {known_names()}")
    add_staff(delivering, required=True)
    delivering.set_defaults(run=deliver_file)


@runs_for("個人基本を受け取るシステムの登録")
def add_system(options: argparse.Namespace) -> int:
    """Enter a system."""
    from kyufu.exchange.basic.api import register_system

    register_system(options.code, name=options.name, rights=_rights(options))
    print(f"{options.code} を登録しました。項目の承認があるまで、何も提供しません。")
    return 0


@runs_for("個人基本の利用申請")
def propose(options: argparse.Namespace) -> int:
    """Ask for a list of items."""
    from kyufu.exchange.basic.api import propose_list

    asked, at = _asked(options), current_instant()
    about = f"申請する提供: {asked.system}、項目 {'、'.join(name for name, _ in asked.items) or 'なし'}"
    list_id = propose_list(asked, rights=proven_staff(options.staff, about=about, at=at), at=at)
    print(f"{list_id}: 利用申請を登録しました。別の職員の確認を待ちます（kyufu exchange basic list）。")
    return 0


@runs_for("個人基本の利用申請の確認")
def confirm(options: argparse.Namespace) -> int:
    """Confirm a list that another person asked for."""
    from kyufu.exchange.basic.api import confirm_list, item_list

    found = item_list(options.list_id)
    if found is None:
        raise BadInput("その番号の申請はありません。", remedy="一覧で番号を確かめてください。")
    # What is shown is a beginning of the digest, long enough to tell contents apart.
    seen = found.digest if options.seen == _shown(found) else options.seen
    at = current_instant()
    rights = proven_staff(options.staff, about=_said_of_list(found), at=at)
    confirm_list(options.list_id, seen=seen, rights=rights, at=at)
    print(f"{options.list_id}: 確認しました。{format_wareki(found.asked.valid.start)}から提供できます。")
    return 0


@runs_for("個人基本の利用申請の取下げ")
def withdraw(options: argparse.Namespace) -> int:
    """Take a list back before it is confirmed."""
    from kyufu.exchange.basic.api import withdraw_list

    withdraw_list(options.list_id, why=options.why, rights=_rights(options), at=current_instant())
    print(f"{options.list_id}: 取り下げました。")
    return 0


@runs_for("個人基本の提供項目と提供の記録の確認")
def show(_: argparse.Namespace) -> int:
    """Print every list and every delivery, system by system."""
    from kyufu.exchange.basic.api import deliveries, item_lists, systems

    for code, name in systems():
        print(f"■ {code} {name}")
        for listed in item_lists(code):
            print(_said_of_list(listed))
        for made in deliveries(code):
            print(_said_of_delivery(made))
    return 0


@runs_for("個人基本の項目の確認")
def show_items(_: argparse.Namespace) -> int:
    """Print the items that can be asked for."""
    from kyufu.exchange.basic.api import ITEMS

    for name, label in ITEMS.items():
        print(f"{name}　{label}")
    return 0


@runs_for("個人基本の提供", channel=Channel.BATCH)
def deliver_file(options: argparse.Namespace) -> int:
    """Hand the register on to a system."""
    from kyufu.exchange.basic.api import Mode, deliver

    made = deliver(
        options.system,
        mode=Mode(options.mode),
        municipality=code_of(options.municipality),
        rights=_rights(options),
        at=current_instant(),
    )
    print("前回の提供から、知らせる変更はありません。" if made is None else _said_of_delivery(made))
    return 0


def _asked(options: argparse.Namespace) -> Asked:
    from kyufu.exchange.basic.api import Asked

    pairs = (item.partition("=") for item in options.item)
    return Asked(
        system=options.system,
        valid=Period(options.start, options.before),
        law_basis=options.law,
        reason=options.why,
        items=tuple((name, reason) for name, _, reason in pairs),
        uses_individual_number=bool(options.number_law),
        number_law_basis=options.number_law,
    )


def _rights(options: argparse.Namespace) -> Rights:
    """What the account named by `--staff` may do today; raises BadInput where there is none."""
    from kyufu.staff.api import find_account, rights_of

    today = current_date_in_japan()
    account = find_account(options.staff, on=today)
    if account is None:
        raise BadInput(
            "その職員番号のアカウントがありません。", remedy="--staff の職員番号を確かめてください。"
        )
    return rights_of(account.account_id, on=today)


def _said_of_list(listed: ItemListView) -> str:
    from kyufu.exchange.basic.api import ITEMS

    last = listed.in_force.last_day
    period = f"{format_wareki(listed.in_force.start)}～{'' if last is None else format_wareki(last)}"
    reasons = dict(listed.asked.items)
    items = "、".join(
        ITEMS[item] + (f"（{reasons[item]}）" if reasons[item] else "") for item in listed.columns
    )
    number = f"\n    個人番号の根拠：{listed.asked.number_law_basis}" if listed.asked.number_law_basis else ""
    return (
        f"  {listed.list_id}: {listed.state.label} 〔{period}〕 確認符号 {_shown(listed)}\n"
        f"    項目：{items or 'なし（提供を止める）'}\n"
        f"    根拠：{listed.asked.law_basis}　理由：{listed.asked.reason}{number}\n"
        f"    申請 {listed.proposed_by}　確認 {listed.confirmed_by or '－'}"
    )


def _said_of_delivery(made: Delivered) -> str:
    return (
        f"  第{made.seq}号 {format_wareki(made.on)} {made.mode} 提供 {made.told:,} 人・終了 {made.ended:,} 人 "
        f"（一覧 {made.list_id}、{made.made_by}） {made.path.name}"
    )


def _shown(listed: ItemListView) -> str:
    return listed.digest[:SHOWN_DIGITS]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("日付は YYYY-MM-DD で指定してください") from None
