"""Who a staff number and a password belong to, if the account may sign in at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff.api import refuse_sign_in


class StaffBackend(BaseBackend):
    """Staff number (職員番号) and password; locked, ended and expired accounts are as unknown ones."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:  # noqa: ARG002
        """The account of `username` and `password`, or None; both answers take as long."""
        return account_of_password(
            str(credentials.get("username", "")),
            password=str(credentials.get("password", "")),
            on=clock.current_date_in_japan(),
        )

    def get_user(self, user_id: int) -> Any:
        """The account of a session."""
        return get_user_model().objects.filter(pk=user_id).first()


def account_of_password(staff_no: str, *, password: str, on: date) -> Any:
    """The account of a staff number and its password if it may sign in on a day; None otherwise, after as long."""
    account = get_user_model().objects.filter(staff_no=staff_no).first()
    if account is None:
        make_password(password)
        return None
    if not account.check_password(password):
        return None
    try:
        refuse_sign_in(account.pk, on=on)
    except Refused:
        return None
    return account
