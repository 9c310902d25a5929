"""allauth's forms in a clerk's words; a wrong code or key counts towards the lock like a wrong password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff.api import change_password, hold_account, refuse_unusable
from kyufu.web.signin.codes import use_up
from kyufu.web.signin.failures import note_failure
from kyufu.web.signin.proofs import Proof, note_proof

_REQUIRED = {
    "login": "職員番号を入力してください。",
    "password": "パスワードを入力してください。",
    "oldpassword": "今のパスワードを入力してください。",
    "password1": "新しいパスワードを入力してください。",
    "password2": "新しいパスワードをもう一度入力してください。",
    "code": "数字を入力してください。",
}


def _reword(form: forms.Form, labels: dict[str, str]) -> None:
    """Give fields their Japanese labels, and take placeholders away, which are no labels (WCAG 2.2, 3.3.2)."""
    form.label_suffix = ""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.error_messages["required"] = _REQUIRED[name]
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account_forms.LoginForm):
    """Staff number and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, {"login": "職員番号", "password": "パスワード"})


class ConfirmPasswordForm(account_forms.ReauthenticateForm):
    """The password again, before a sensitive act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, {"password": "パスワード"})


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """A new password; that it may stand and that it is set are one operation of `staff`."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(
            self,
            {
                "oldpassword": "今のパスワード",
                "password1": "新しいパスワード",
                "password2": "新しいパスワード（確認のためもう一度）",
            },
        )

    def clean_oldpassword(self) -> str:
        """The present password; a wrong one counts like one at sign-in."""
        try:
            return str(super().clean_oldpassword())
        except ValidationError:
            note_failure(context.request, staff_no=self.user.get_username(), step="password")
            raise

    def clean(self) -> dict[str, Any] | None:
        """Set the password; what `staff` refuses is said beside the field."""
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[no-untyped-call]
        if self.errors:
            return cleaned
        try:
            change_password(self.user.pk, new=self.cleaned_data["password1"], at=clock.current_instant())
        except Refused as refusal:
            self.add_error("password1", str(refusal))
        return cleaned

    def save(self) -> None:
        """Take the new password into the session, so that it goes on."""
        self.user.refresh_from_db()


class _CountedCode:
    """Counts wrong codes; a locked account is refused whatever the code."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        """The code, if it is right; codes sent all at once are checked one after the other."""
        with transaction.atomic():
            hold_account(self.user.get_username())
            _refuse_locked(self.user)
            try:
                code = str(super().clean_code())  # type: ignore[misc]
            except ValidationError as wrong:
                note_failure(context.request, staff_no=self.user.get_username(), step="second factor")
                problem = wrong
            else:
                use_up(self.authenticator, code=code)
                return code
        raise problem


class _CountedKey:
    """Counts wrong answers of a security key; a locked account is refused whatever the answer."""

    user: Any

    def clean_credential(self) -> Authenticator:
        """The authenticator that answered."""
        _refuse_locked(self.user)
        try:
            with _refused_when_malformed():
                return super().clean_credential()  # type: ignore[misc, no-any-return]
        except ValidationError:
            note_failure(context.request, staff_no=self.user.get_username(), step="second factor")
            raise


class CodeForm(_CountedCode, mfa_forms.AuthenticateForm):
    """The code of an authenticator app, or a recovery code, at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, {"code": "認証アプリの6桁の数字（または予備コード）"})


class ConfirmCodeForm(_CountedCode, mfa_forms.ReauthenticateForm):
    """The code again, before a sensitive act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, {"code": "認証アプリの6桁の数字（または予備コード）"})


class KeyForm(_CountedKey, webauthn_forms.AuthenticateWebAuthnForm):
    """A security key or passkey at sign-in."""


class ConfirmKeyForm(_CountedKey, webauthn_forms.ReauthenticateWebAuthnForm):
    """A security key or passkey again, before a sensitive act."""


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    """A security key or passkey, at enrolment."""

    def clean(self) -> dict[str, Any]:
        """The key, if the browser's answer is one."""
        with _refused_when_malformed():
            return dict(super().clean())


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app, at enrolment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, {"code": "認証アプリに表示された6桁の数字"})

    def clean_code(self) -> str:
        """The code, which proves that the person has the app before anything is stored."""
        code = str(super().clean_code())
        note_proof(context.request, proof=Proof.SECOND_FACTOR)
        return code


@contextmanager
def _refused_when_malformed() -> Iterator[None]:
    """Take an answer that is no answer of a browser for a wrong one; the library checks only half of its form."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise get_adapter().validation_error("incorrect_code") from None


def _refuse_locked(account: Any) -> None:
    try:
        refuse_unusable(account.pk, on=clock.current_date_in_japan())
    except Refused:
        raise get_adapter().validation_error("incorrect_code") from None
