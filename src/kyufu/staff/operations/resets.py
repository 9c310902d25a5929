"""Somebody who forgot the password or lost the second factor: let in again by two others (サインインの再設定)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from kyufu.platform.errors import Refused
from kyufu.staff.functions import Function, Level
from kyufu.staff.models import Account
from kyufu.staff.operations.proposals import Content, ProposalKind, confirm, find_proposal, propose
from kyufu.staff.operations.signin import reset_password
from kyufu.staff.rights import Rights, require
from kyufu.staff.two_persons import refuse_same_person

HOLDER, STATE, SINCE, REASON = "職員番号", "状態", "いまのパスワードの設定日時", "理由"
_OWN_ACCOUNT = "自分のサインインの再設定はできません。"
_PASSWORD_BYTES = 18


class Reset(NamedTuple):
    """What was reset: whose account, the temporary password to hand over, how many second factors were removed."""

    account_id: int
    staff_no: str
    password: str
    factors: int


@transaction.atomic
def propose_reset(account_id: int, *, rights: Rights, at: datetime, why: str) -> int:
    """Ask that somebody may begin anew with a temporary password; returns the id of the proposal.

    `why` names how it was made sure that the person themself asks. Raises Forbidden without the rights function,
    SamePerson for one's own account, Refused for an ended account, without reason, or where it is asked for already.
    """
    account = _held_row(Account.objects.filter(pk=account_id), rights=rights)
    if not why.strip():
        raise Refused("理由がありません。", remedy="本人をどのように確認したかを記入してください。")
    return propose(
        ProposalKind.SIGN_IN_RESET, content=_content(account, why=why), subject=account.staff_no,
        by=rights.actor(), at=at,
    )  # fmt: skip


@transaction.atomic
def confirm_reset(proposal_id: int, *, seen: str, rights: Rights, at: datetime) -> Reset:
    """Confirm as the second person and carry it out; the password is in the answer and nowhere else in clear.

    The second factors are removed, recovery codes too, sessions end, failures are forgotten. A locked account stays
    locked: why it was locked is another question. Raises Refused where the account has changed since it was asked.
    """
    found = find_proposal(proposal_id, at=at)
    if found is None or found.kind is not ProposalKind.SIGN_IN_RESET:
        raise Refused("確認を待っている再設定の申し出ではありません。", remedy="一覧を開き直してください。")
    account = _held_row(Account.objects.filter(staff_no=found.subject), rights=rights)
    true_now = _content(account, why=str(found.content[REASON]))
    confirm(proposal_id, seen=seen, true_now=true_now, rights=rights, at=at)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    reset_password(account.pk, new=password, rights=rights, at=at)
    factors, _ = Authenticator.objects.filter(user_id=account.pk).delete()
    Account.objects.filter(pk=account.pk).update(failed_count=0)
    return Reset(account.pk, account.staff_no, password, factors)


def _held_row(rows: QuerySet[Account], *, rights: Rights) -> Account:
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    account = rows.select_for_update().exclude(state="ended").first()
    if account is None:
        raise Refused("アカウントがないか、廃止されています。", remedy="職員番号を確かめてください。")
    refuse_same_person(first=account.staff_no, second=rights.staff_no, message=_OWN_ACCOUNT)
    return account


def _content(account: Account, *, why: str) -> Content:
    return {
        HOLDER: account.staff_no,
        STATE: account.state,
        SINCE: account.password_set_at.isoformat(),
        REASON: why,
    }
