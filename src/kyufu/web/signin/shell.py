"""Who stands at a shell: password and code are checked and counted there as on the pages of sign-in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from kyufu.audit.api import EventKind, record_event
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.web.signin.backend import account_of_password
from kyufu.web.signin.codes import is_code_of
from kyufu.web.signin.failures import UNKNOWN


def prove_person(staff_no: str, *, password: str, code: str, at: datetime) -> int:
    """Prove that a person is who the number says, and return the account's id; to be called inside an access.

    The code is that of the authenticator app, or a recovery code. Raises Refused, in the same words whatever was
    wrong, and counts it towards the lock; Refused also for a password that must be changed first.
    """
    on = at.astimezone(JAPAN).date()
    # The count of a failure must stand although the caller is refused: nothing is raised inside the transaction.
    with transaction.atomic():
        staff.hold_account(staff_no)
        account = account_of_password(staff_no, password=password, on=on)
        if account is None:
            _note_failure(staff_no, step="password", at=at)
        elif not is_code_of(account.pk, code=code):
            account = None
            _note_failure(staff_no, step="second factor", at=at)
    if account is None:
        raise Refused(
            "本人の確認ができません。",
            remedy="職員番号・パスワードと、認証アプリの6桁の数字（または予備コード）を確かめてください。",
        )
    if staff.password_state(account.pk, on=on) is not staff.PasswordState.CURRENT:
        raise Refused(
            "パスワードの変更が必要です。", remedy="画面でサインインして、パスワードを変更してください。"
        )
    record_event(EventKind.REAUTHENTICATED, detail={"staff_no": staff_no, "step": "command"})
    return int(account.pk)


def _note_failure(staff_no: str, *, step: str, at: datetime) -> None:
    known = get_user_model().objects.filter(staff_no=staff_no).first()
    detail = {"staff_no": UNKNOWN if known is None else staff_no, "step": step}
    is_locked = staff.record_failure(staff_no, at=at)
    record_event(EventKind.REAUTHENTICATION_REFUSED, detail=detail)
    if is_locked and known is not None and known.is_active:
        record_event(EventKind.ACCOUNT_LOCKED, detail={"staff_no": staff_no})
