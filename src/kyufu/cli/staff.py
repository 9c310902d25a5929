"""`kyufu staff`: lists of offices, accounts and rights, and the rights table compared with an approved one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kyufu.cli.staff_changes import on_tables, register_grants, register_masters, said_of_grant, today
from kyufu.cli.staff_resets import register_resets
from kyufu.platform.errors import BadInput

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.staff.api import AccountSeen

PAGE = 1_000
CERTAINTY_NAMES = {"official": "公表資料の値", "secondary": "二次資料の値", "assumed": "仮の値"}


def register(subparsers: Subparsers) -> None:
    """Add `staff` with its actions."""
    parser = subparsers.add_parser("staff", help="所属・アカウント・権限・端末の管理")
    actions = parser.add_subparsers(dest="action", required=True, metavar="操作")
    for name, text, run in (
        ("offices", "所属を一覧する", list_offices),
        ("accounts", "アカウントを一覧する", list_accounts),
        ("grants", "確認を待っている権限の申請を一覧する", list_waiting),
        ("policy", "サインインの決まりを、出典と確かさとともに一覧する", list_policy),
        ("rights-table", "権限対応表を CSV で出力する", print_rights_table),
    ):
        actions.add_parser(name, help=text).set_defaults(run=run)
    comparing = actions.add_parser("compare-rights-table", help="承認済みの権限対応表と今の権限を比べる")
    comparing.add_argument("file", type=Path, metavar="ファイル")
    comparing.set_defaults(run=compare_table)
    register_masters(actions)
    register_grants(actions)
    register_resets(actions)


@on_tables
def list_offices(_: argparse.Namespace) -> int:
    """List the offices of today."""
    from kyufu.staff import api as staff

    for office in staff.list_offices(on=today()):
        below = f"（{office.parent} の下）" if office.parent else ""
        print(f"{office.code}: {office.name} {staff.OFFICE_KIND_NAMES[office.kind]}{below}")
    return 0


@on_tables
def list_accounts(_: argparse.Namespace) -> int:
    """List all accounts with state and last day (ID一覧); then how many are not renewed."""
    from kyufu.staff import api as staff

    after = ""
    while page := staff.list_accounts(on=today(), limit=PAGE, after=after):
        for one in page:
            state = "有効" if one.works else _why_not(one)
            print(
                f"{one.staff_no}: {one.name} {staff.ACCOUNT_KIND_NAMES[one.kind]} "
                f"{one.office_name or '所属なし'} {state} 期限 {one.expires_on.isoformat()}"
            )
        after = page[-1].staff_no
    print(f"更新されていないアカウント: {len(staff.accounts_not_renewed(on=today())):,} 件")
    return 0


@on_tables
def list_waiting(_: argparse.Namespace) -> int:
    """List the grants that wait for the second person."""
    from kyufu.staff import api as staff

    for one in staff.grants_waiting():
        print(said_of_grant(one))
    return 0


@on_tables
def list_policy(_: argparse.Namespace) -> int:
    """List the rules of sign-in and accounts that hold today, with source and certainty."""
    from kyufu.staff import api as staff

    for rule in staff.policy_rules():
        if rule.holds_on(today()):
            print(f"{rule.label}＝{rule.value}{rule.unit}（{CERTAINTY_NAMES[rule.certainty]}）")
            print(f"    出典：{rule.source}")
    return 0


@on_tables
def print_rights_table(_: argparse.Namespace) -> int:
    """Print the rights in force today as CSV."""
    from kyufu.staff import api as staff

    print(staff.export_rights_table(today()), end="")
    return 0


@on_tables
def compare_table(options: argparse.Namespace) -> int:
    """Compare an approved table with the rights in force today; 1 where they differ."""
    from kyufu.staff import api as staff

    path: Path = options.file
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            f"{path.name} を読めません。", remedy="権限対応表（UTF-8 の CSV）か確かめてください。"
        ) from None
    found = staff.compare_rights_table(text, source=path.name, on=today())
    for label, rows in (("承認済みの表だけ", found.only_printed), ("今の権限だけ", found.only_in_force)):
        for row in rows:
            print(f"{label}: {'、'.join(row)}")
    print("一致しています。" if found.none else "一致していません。")
    return 0 if found.none else 1


def _why_not(account: AccountSeen) -> str:
    from kyufu.staff import api as staff

    if account.state != staff.AccountState.ACTIVE:
        return staff.ACCOUNT_STATE_NAMES[account.state]
    return "期限切れ" if account.expires_on < today() else "利用不可"
