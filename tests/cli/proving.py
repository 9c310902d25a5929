"""Staff who prove at the shell who they are: an authenticator app, and what they type."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from kyufu.cli.main import main

PASSWORD = "Asagao-to-Kingyo-29-ban"


def enrol(staff_no: str) -> None:
    """Give an account a password of its own and an authenticator app, as its first sign-in would."""
    accounts: Any = get_user_model().objects.filter(staff_no=staff_no)
    accounts.update(password=make_password(PASSWORD), password_is_temporary=False)
    TOTP.activate(accounts.get(), generate_totp_secret())


def present_code(staff_no: str) -> str:
    """What the person's app shows now."""
    app = Authenticator.objects.get(user__staff_no=staff_no, type=Authenticator.Type.TOTP)
    step = int(time.time()) // 30  # noqa: TID251 - the app's clock is the real one, as allauth's is
    return format_hotp_value(hotp_value(decrypt(app.data["secret"]), step))


def run_as(arguments: Sequence[str], *staff: str) -> int:
    """Run a command while these members of staff stand there to prove who they are; returns its exit status."""
    with pytest.MonkeyPatch.context() as hands:
        type_proofs(hands, *staff)
        return main(arguments)


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Let standard input hold these lines."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def type_proofs(monkeypatch: pytest.MonkeyPatch, *staff: str) -> None:
    """Type what members of staff prove themselves with; whoever has no account types something all the same."""
    # As if half a minute had passed since the last command: the app shows a code that was not used yet.
    cache.clear()
    known = set(Authenticator.objects.values_list("user__staff_no", flat=True))
    lines = [line for one in staff for line in (PASSWORD, present_code(one) if one in known else "000000")]
    type_in(monkeypatch, *lines)
