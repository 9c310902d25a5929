"""A wrong password or code: counted towards the lock (ロック) and recorded, whether or not the account exists."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.web.signin import records

# What was typed into the field of the number is not kept where no account has it: it may be a password.
UNKNOWN = "（登録のない職員番号）"


def note_failure(request: HttpRequest, *, staff_no: str, step: str) -> None:
    """Count a failure of a step ("password", "second factor") of a staff number."""
    account = get_user_model().objects.filter(staff_no=staff_no).first()
    if account is None:
        detail = {"staff_no": UNKNOWN, "step": step}
        records.record_of_nobody(request, kind=EventKind.SIGN_IN_REFUSED, detail=detail)
        return
    was_open = account.is_active
    kind = EventKind.REAUTHENTICATION_REFUSED if request.user.is_authenticated else EventKind.SIGN_IN_REFUSED
    detail = {"staff_no": staff_no, "step": step}
    is_locked = staff.record_failure(staff_no, at=clock.current_instant())
    records.record_of_nobody(request, kind=kind, detail=detail)
    if was_open and is_locked:
        records.record_of_nobody(request, kind=EventKind.ACCOUNT_LOCKED, detail={"staff_no": staff_no})
