"""Passwords: long enough, no common word, not the login name, none of the last ones; kept as argon2 hashes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from kyufu.platform.errors import Refused
from kyufu.staff.policy import sign_in_policy

HASHER = "argon2"
_REMEDY = "別のパスワードにしてください。"


def refuse_weak_password(password: str, *, staff_no: str, on: date) -> None:
    """Raise Refused for a password that is short, common, of one character, or holds the login name.

    Source: 厚木市評価書 L2041, L2052 (適切なパスワード値、規則的な文字列・単語でない); the length is a parameter.
    """
    least = sign_in_policy(on).password_min_length
    if len(password) < least:
        raise Refused(f"パスワードが短すぎます。{least} 文字以上にしてください。")
    if staff_no.casefold() in password.casefold():
        raise Refused("パスワードに職員番号が含まれています。", remedy=_REMEDY)
    if len(set(password)) < least // 2 or _is_common(password):
        raise Refused("パスワードが推測されやすいものです。", remedy=_REMEDY)


def refuse_used_password(password: str, *, hashes: Iterable[str]) -> None:
    """Raise Refused where one of the hashes is of this password."""
    if any(check_password(password, hashed) for hashed in hashes):
        raise Refused("最近使ったパスワードです。", remedy=_REMEDY)


def _is_common(password: str) -> bool:
    try:
        _common_words().validate(password)
    except ValidationError:
        return True
    return False


@cache
def _common_words() -> CommonPasswordValidator:
    """Django's list of 20,000 words, unpacked once."""
    return CommonPasswordValidator()
