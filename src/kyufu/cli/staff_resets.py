"""`kyufu staff ask-reset` and `confirm-reset`: somebody who lost password or second factor is let in again by two."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, proven_staff
from kyufu.cli.staff_changes import on_tables, today
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.staff.api import Proposed


def register_resets(actions: Subparsers) -> None:
    """Add the two steps; each is done by a person who proves who they are."""
    asking = actions.add_parser(
        "ask-reset", help="パスワードや二要素目を失った人のサインインの再設定を申し出る"
    )
    asking.add_argument("--for", required=True, dest="holder", help="その人のサインインの番号")
    asking.add_argument("--why", required=True, help="本人を確認した方法と理由")
    asking.set_defaults(run=ask_reset)
    confirming = actions.add_parser("confirm-reset", help="再設定の申し出を、別の権限管理者が確認する")
    confirming.add_argument("proposal", type=int, metavar="申出番号")
    confirming.set_defaults(run=confirm_reset)
    for parser in (asking, confirming):
        add_staff(parser, required=True)


@on_tables
def ask_reset(options: argparse.Namespace) -> int:
    """Ask for the reset; prints the number by which another administrator confirms it."""
    from django.db import transaction

    from kyufu.audit.api import EventKind, record_event
    from kyufu.staff import api as staff

    at = current_instant()
    about = f"申し出る再設定: {options.holder}（{options.why}）"
    rights = proven_staff(options.staff, about=about, at=at)
    holder = staff.find_account(options.holder, on=today())
    if holder is None:
        raise Refused("そのアカウントはありません。", remedy="サインインの番号を確かめてください。")
    with transaction.atomic():
        proposal = staff.propose_reset(holder.account_id, rights=rights, at=at, why=options.why)
        detail = {"操作": "サインインの再設定の申し出", "職員番号": holder.staff_no, "理由": options.why}
        record_event(EventKind.PROPOSED, detail=detail)
    print(f"申出番号 {proposal} で申し出ました。別の権限管理者が、次の命令か画面で確認してください。")
    print(f"    kyufu staff confirm-reset {proposal}")
    return 0


@on_tables
def confirm_reset(options: argparse.Namespace) -> int:
    """Confirm as the second administrator and print the temporary password, once."""
    from django.db import transaction

    from kyufu.staff import api as staff
    from kyufu.web.signin.records import record_reset

    at = current_instant()
    asked = staff.find_proposal(options.proposal, at=at)
    if asked is None or asked.kind is not staff.ProposalKind.SIGN_IN_RESET:
        raise Refused("確認を待っている再設定の申し出ではありません。", remedy="申出番号を確かめてください。")
    rights = proven_staff(options.staff, about=_about(asked), at=at)
    with transaction.atomic():
        done = staff.confirm_reset(options.proposal, seen=asked.digest, rights=rights, at=at)
        record_reset(done, proposed_by=asked.proposed_by.staff_id)
    print(f"{done.staff_no} の仮のパスワード: {done.password}")
    print(
        f"本人だけに渡してください。二要素目の認証 {done.factors} 件を削除しました。次のサインインで登録し直します。"
    )
    return 0


def _about(asked: Proposed) -> str:
    content = "、".join(f"{name} {value}" for name, value in sorted(asked.content.items()))
    return f"確認する再設定: {content}（申出 {asked.proposed_by.name}）"
