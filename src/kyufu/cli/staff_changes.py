"""`kyufu staff`: what changes offices, accounts, grants and terminals; somebody answers for each step."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, proven_staff, runs_for
from kyufu.cli.daily import close_what_is_over
from kyufu.law.calendar.years import first_march_31_from
from kyufu.platform.clock import current_date_in_japan, current_instant
from kyufu.platform.errors import BadInput, Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.platform.actors import Actor
    from kyufu.staff.api import AccountSeen, GrantSeen, Rights

PASSWORD_BYTES = 18
Run = Callable[[argparse.Namespace], int]


def on_tables(run: Run) -> Run:
    """Run an action as whoever its options name, on tables of the present version."""

    @runs_for("アカウント・権限の管理")
    @wraps(run)
    def prepared(options: argparse.Namespace) -> int:
        from kyufu.platform.schema import ensure_tables

        ensure_tables()
        return run(options)

    return prepared


def today() -> date:
    """The present day in Japan."""
    return current_date_in_japan()


def register_masters(actions: Subparsers) -> None:
    """Add the actions on offices, accounts and terminals."""
    office = _acting(actions, name="add-office", text="所属を登録する", run=add_office)
    for option, text in (("--code", "所属コード"), ("--name", "所属の名称")):
        office.add_argument(option, required=True, help=text)
    office.add_argument("--kind", required=True, choices=("head", "ward", "contractor"), help="種別")
    office.add_argument("--parent", default="", help="上の所属コード")
    office.add_argument("--ward", default="", help="区の団体コード（区役所の所属だけ）")
    account = _acting(actions, name="add-account", text="一人のアカウントを作る", run=add_account)
    for option, text in (
        ("--staff-no", "サインインに使う番号"), ("--personnel-no", "人事の職員番号（委託事業者は名簿の番号）"),
        ("--name", "個人の氏名"), ("--kana", "カナ"), ("--at-office", "所属コード"), ("--why", "申請の番号・理由"),
    ):  # fmt: skip
        account.add_argument(option, required=True, help=text)
    account.add_argument("--kind", default="employee", choices=("employee", "contractor"), help="種別")
    account.add_argument("--last-day", type=_day, help="有効期限（省くと年度末）")
    terminal = _acting(actions, name="register-terminal", text="端末を登録する", run=register_terminal)
    for option, text in (("--name", "端末の名前"), ("--at-office", "設置する所属コード")):
        terminal.add_argument(option, required=True, help=text)
    terminal.add_argument("--network", help="ネットワーク（192.0.2.0/28 など）")
    terminal.add_argument("--fingerprint", help="証明書の SHA-256 の指紋")


def register_grants(actions: Subparsers) -> None:
    """Add the actions on grants, and the daily one."""
    first = _acting(
        actions, name="first-administrators", text="最初の権限管理者二人を定める", run=appoint_first
    )
    first.add_argument("accounts", nargs=2, metavar="番号", help="二人のサインインの番号")
    first.add_argument("--at-office", required=True, help="範囲とする所属コード")
    asking = _acting(actions, name="ask-grant", text="権限の付与を申請する", run=ask_grant)
    for option, text in (
        ("--for", "付与を受ける人の番号"), ("--role", "職務のコード"), ("--at-office", "範囲とする所属コード"),
        ("--scheme", "制度（child・selfsupport・kokuho・common）"), ("--why", "必要な理由"),
    ):  # fmt: skip
        asking.add_argument(option, required=True, dest=option.strip("-").replace("-", "_").replace("for", "holder"),
                            help=text)  # fmt: skip
    asking.add_argument("--first-day", type=_day, help="始まりの日（省くと今日）")
    asking.add_argument("--last-day", type=_day, help="最終日（省くと年度末）")
    confirming = _acting(
        actions, name="confirm-grant", text="権限の付与を、別の職員が確認する", run=confirm_grant
    )
    confirming.add_argument("grant", type=int, metavar="申請番号")
    refusing = _acting(actions, name="refuse-grant", text="権限の付与の申請を却下する", run=refuse_grant)
    refusing.add_argument("grant", type=int, metavar="申請番号")
    refusing.add_argument("--why", required=True, help="理由")
    _acting(
        actions,
        name="lapse",
        text="期限の過ぎた権限・申し出・下書きなどを締める（毎日）",
        run=lapse,
    )


def _acting(actions: Subparsers, *, name: str, text: str, run: Run) -> argparse.ArgumentParser:
    """An action that somebody answers for."""
    parser = actions.add_parser(name, help=text)
    add_staff(parser, required=True)
    parser.set_defaults(run=run)
    return parser


@on_tables
def add_office(options: argparse.Namespace) -> int:
    """Add an office from today on."""
    from kyufu.staff import api as staff

    _refuse_others(options)
    staff.add_office(
        code=options.code, name=options.name, kind=staff.OfficeKind(options.kind), parent=options.parent,
        ward_code=options.ward, valid_from=today(),
    )  # fmt: skip
    print(f"所属 {options.code} を登録しました。")
    return 0


@on_tables
def add_account(options: argparse.Namespace) -> int:
    """Make an account and print its temporary password, once."""
    from kyufu.staff import api as staff

    by = _refuse_others(options)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    staff.add_account(
        staff_no=options.staff_no, personnel_no=options.personnel_no, name=options.name, kana=options.kana,
        kind=staff.AccountKind(options.kind), office=options.at_office, usable_from=today(),
        expires_on=options.last_day or first_march_31_from(today()), password=password, by=by,
        at=current_instant(), why=options.why,
    )  # fmt: skip
    print(f"アカウント {options.staff_no} を作りました。仮のパスワード: {password}")
    print("本人だけに渡してください。最初のサインインで変更します。")
    return 0


@on_tables
def register_terminal(options: argparse.Namespace) -> int:
    """Register a terminal from today on."""
    from kyufu.staff import api as staff

    _refuse_others(options)
    staff.register_terminal(
        name=options.name, office=options.at_office, valid_from=today(), network=options.network,
        fingerprint=options.fingerprint,
    )  # fmt: skip
    print(f"端末 {options.name} を登録しました。")
    return 0


@on_tables
def appoint_first(options: argparse.Namespace) -> int:
    """Appoint the first two rights administrators, each asked for by one and confirmed by the other."""
    from kyufu.staff import api as staff

    first, second = (_account(number) for number in options.accounts)
    staff.appoint_first_administrators(
        first.account_id, second_id=second.account_id, office=options.at_office, at=current_instant()
    )
    print("二人を権限管理者にしました。これより後の権限は、申請と確認によります。")
    return 0


@on_tables
def ask_grant(options: argparse.Namespace) -> int:
    """Ask for a grant; prints the number by which another person confirms it."""
    from kyufu.staff import api as staff

    asked = f"申請する権限: {options.holder}「{options.role}」{options.at_office}（{options.why}）"
    by = proven_staff(options.staff, about=asked, at=current_instant()).actor()
    first_day = options.first_day or today()
    if options.scheme not in list(staff.Scheme):
        raise BadInput("その制度はありません。", remedy=f"使えるもの: {'、'.join(staff.Scheme)}")
    grant = staff.ask_for_grant(
        _account(options.holder).account_id, role=options.role, office=options.at_office,
        scheme=staff.Scheme(options.scheme), valid_from=first_day,
        last_day=options.last_day or first_march_31_from(first_day), by=by, at=current_instant(), why=options.why,
    )  # fmt: skip
    print(f"申請番号 {grant} で受け付けました。別の職員が確認してください。")
    return 0


@on_tables
def confirm_grant(options: argparse.Namespace) -> int:
    """Confirm a grant as the second person."""
    from kyufu.staff import api as staff

    at = current_instant()
    rights = proven_staff(options.staff, about=_waiting_grant(options.grant), at=at)
    staff.confirm_grant(options.grant, rights=rights, at=at)
    print(f"申請番号 {options.grant} を確認しました。")
    return 0


@on_tables
def refuse_grant(options: argparse.Namespace) -> int:
    """Refuse a grant with the reason."""
    from kyufu.staff import api as staff

    at = current_instant()
    rights = proven_staff(options.staff, about=_waiting_grant(options.grant), at=at)
    staff.refuse_grant(options.grant, rights=rights, at=at, why=options.why)
    print(f"申請番号 {options.grant} を却下しました。")
    return 0


@on_tables
def lapse(options: argparse.Namespace) -> int:
    """Close or delete what is over, from grants to drafts and withdrawn files; to be run every day."""
    from kyufu.platform.actors import Actor

    by = Actor(options.staff, options.staff_name, options.office)
    counts = close_what_is_over(by=by, at=current_instant())
    print("、".join(f"{label} {count:,}" for label, count in counts.items()))
    return 0


def _waiting_grant(grant_id: int) -> str:
    """What the second person is to judge, in one line; raises Refused where no such grant waits."""
    from kyufu.staff import api as staff

    for one in staff.grants_waiting():
        if one.grant_id == grant_id:
            return said_of_grant(one)
    raise Refused(
        "確認を待っている申請ではありません。", remedy="kyufu staff grants で番号を確かめてください。"
    )


def said_of_grant(waiting: GrantSeen) -> str:
    """A grant that waits, in one line: for whom, what, where, by whom asked for and why."""
    from kyufu.staff import api as staff

    return (
        f"{waiting.grant_id}: {waiting.staff_no} {waiting.name} 「{waiting.role_name}」 "
        f"{staff.SCHEME_NAMES[waiting.scheme]} {waiting.office_name}以下 "
        f"{waiting.valid_from.isoformat()}から 申請 {waiting.asked_by}（{waiting.why}）"
    )


def _refuse_others(options: argparse.Namespace) -> Actor:
    """Whoever acts must hold the rights function as soon as there is anybody who does."""
    from kyufu.platform.actors import Actor
    from kyufu.staff import api as staff

    if not staff.has_administrator(today()):
        return Actor(options.staff, options.staff_name, options.office)
    rights = _rights(options)
    staff.require(rights, staff.Function.RIGHTS, level=staff.Level.UPDATE)
    return rights.actor()


def _rights(options: argparse.Namespace) -> Rights:
    from kyufu.staff import api as staff

    return staff.rights_of(_account(options.staff).account_id, on=today())


def _account(staff_no: str) -> AccountSeen:
    from kyufu.staff import api as staff

    found = staff.find_account(staff_no, on=today())
    if found is None:
        raise Refused("そのアカウントはありません。", remedy="サインインの番号を確かめてください。")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("日付ではありません。", remedy="2026-08-01 のように書いてください。") from None
