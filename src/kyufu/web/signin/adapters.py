"""allauth's hooks: the rules of `staff` decide, and every outcome is recorded."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff import api as staff
from kyufu.web import errors
from kyufu.web.keys import derived_key, former_key
from kyufu.web.signin import elsewhere, failures, gate, records
from kyufu.web.signin.proofs import is_by_provider

FACTORS = "kyufu.web.second-factors"
# One sentence whether the number is unknown, the password wrong or the account locked: who tries learns nothing.
NOT_SIGNED_IN = (
    "サインインできません。職員番号とパスワードを確かめてください。"
    "間違いが続いたアカウントは使えなくなります。その場合は権限管理者に連絡してください。"
)
WRONG_CODE = "数字が違います。認証アプリに今表示されている6桁か、未使用の予備コードを入力してください。"
TOO_OFTEN = "短い間に間違いが続いたため、しばらく受け付けません。数分待ってからやり直してください。"


def display_of(account: AbstractBaseUser) -> str:
    """The name of an account in allauth's pages and on a security key: the staff number."""
    return account.get_username()


class StaffAccountAdapter(DefaultAccountAdapter):
    """Sign-in and sign-out by the rules of `staff`; nobody signs up here."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NOT_SIGNED_IN,
        "account_inactive": NOT_SIGNED_IN,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
        "incorrect_password": "パスワードが違います。",
        "enter_current_password": "今のパスワードが違います。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are made in `staff`, by two persons."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """May a sign-in lead there? Only to an address of our own, written without a host."""
        return url.startswith("/") and bool(super().is_safe_url(url))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Where a new password leads: home, from where the gate asks for what is still missing."""
        return "/"

    def add_message(self, *_: Any, **__: Any) -> None:
        """Say nothing beside the page: allauth's sentences are not a clerk's."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check one guess at a time for each account: guesses sent all at once would pass before any is counted."""
        with transaction.atomic():
            staff.hold_account(str(credentials.get("username", "")))
            found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return found

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count and record a wrong staff number or password, at sign-in or when it is asked for again."""
        failures.note_failure(request, staff_no=str(credentials.get("username", "")), step="password")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open the account's one session under a new key, and record the sign-in.

        Raises ImmediateHttpResponse with a page that says so where the account may not, or is in use elsewhere.
        """
        proofs = elsewhere.proofs_given(request)
        try:
            with transaction.atomic():
                super().login(request, user)
                request.session.save()
                opened = staff.record_provider_success if is_by_provider(request) else staff.record_success
                opened(
                    user.pk,
                    session_key=str(request.session.session_key),
                    terminal_id=request.terminal.id,  # type: ignore[attr-defined]
                    at=clock.current_instant(),
                )
        except Refused as refusal:
            request.session.flush()
            records.record_of_account(
                request, kind=EventKind.SIGN_IN_REFUSED, account_id=user.pk, detail={"step": "session"}
            )
            if isinstance(refusal, staff.AlreadySignedIn) and proofs is not None:
                answer = elsewhere.offer(request, account_id=user.pk, proofs=proofs, refusal=refusal)
                raise ImmediateHttpResponse(answer) from None
            raise ImmediateHttpResponse(errors.show_anticipated(request, error=refusal)) from None
        records.record_of_account(request, kind=EventKind.SIGN_IN, account_id=user.pk)

    def logout(self, request: HttpRequest) -> None:
        """End the session and record it."""
        account_id, key = records.account_of(request), str(request.session.session_key)
        super().logout(request)
        staff.end_session(key, at=clock.current_instant())
        records.record_of_account(request, kind=EventKind.SIGN_OUT, account_id=account_id)

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Must the person prove again who they are before the settings of their second factor change?"""
        return not gate.may_change_factors(context.request)


class StaffMFAAdapter(DefaultMFAAdapter):
    """Second factors, their secrets encrypted; the last one cannot be taken away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": "二つ目の認証がなくなるため、解除できません。先に別のものを登録してください。",
        "cannot_generate_recovery_codes": "先に認証アプリかセキュリティキーを登録してください。",
    }

    def encrypt(self, text: str) -> str:
        """The text as it stands in the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; raises Refused where the secret under which it was encrypted is not at hand."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise Refused(
                "登録されている二つ目の認証を確かめられません（システムの鍵が、登録したときと違います）。",
                remedy="サインインできません。システムの担当へ連絡してください。",
            ) from None

    def get_totp_issuer(self) -> str:
        """The name beside the code in the person's app."""
        return "給付システム"

    def _get_site_name(self) -> str:
        return "給付システム"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """A name for a key whose owner gave it none."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"セキュリティキー{count + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Does another second factor remain (a recovery code is none)?"""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def _cipher() -> MultiFernet:
    keys = [derived_key(FACTORS, length=32), former_key(FACTORS, length=32)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys if key])
