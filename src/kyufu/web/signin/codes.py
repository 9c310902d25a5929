"""The code of a second factor that is typed: whether it is right, and that it serves once."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.core.cache import cache


def is_code_of(account_id: int, *, code: str) -> bool:
    """Is it the present code of the account's app, or a recovery code not used yet? A right one is used up."""
    typed = Authenticator.objects.filter(user_id=account_id).exclude(type=Authenticator.Type.WEBAUTHN)
    for one in typed:
        if one.wrap().validate_code(code):
            use_up(one, code=code)
            return True
    return False


def use_up(authenticator: Authenticator, *, code: str) -> None:
    """Keep a code from serving twice for as long as the tolerance of clocks would let it pass again."""
    if authenticator.type == Authenticator.Type.TOTP:
        window = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        app = authenticator.wrap()  # type: ignore[no-untyped-call]
        cache.touch(app._get_used_cache_key(code), window)
