"""Keys for single purposes, derived from the one secret of the installation (HKDF, RFC 5869)."""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def derived_key(purpose: str, *, length: int) -> bytes:
    """The key of `length` bytes for a purpose; another purpose or another secret gives another key."""
    return _derived(settings.SECRET_KEY, purpose=purpose, length=length)


def former_key(purpose: str, *, length: int) -> bytes | None:
    """The key for a purpose under the secret before (`KYUFU_SECRET_KEY_OLD`), to open with; None without one."""
    old = settings.KYUFU_SECRET_KEY_OLD
    return _derived(old, purpose=purpose, length=length) if old else None


@lru_cache(maxsize=16)
def _derived(secret: str, *, purpose: str, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode()).derive(secret.encode())
