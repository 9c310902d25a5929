"""References to objects in addresses: sealed, bound to the account and the kind of object, and the same each time.

An address of a page is kept by browsers, proxies and printers, so an addressee number or a row number never stands
in it (DESIGN, promise 10). A token of another account, of another kind, or made up, opens nothing: the answer is 404.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.http import Http404

from kyufu.web.keys import derived_key


def token_for(*, kind: str, key: str | int, account_id: int) -> str:
    """The token of an object of a kind ("person", "case" ...) in the addresses that one account sees.

    The same object has the same token for the same account, so that visited links and going back work.
    """
    sealed = _cipher().encrypt(str(key).encode(), _binding(kind=kind, account_id=account_id))
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def opened_token(token: str, *, kind: str, account_id: int) -> str:
    """The key of the object that a token stands for; raises Http404 for a foreign, altered or made-up one."""
    padded = token.encode() + b"=" * (-len(token) % 4)
    try:
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        return _cipher().decrypt(sealed, _binding(kind=kind, account_id=account_id)).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise Http404 from None


def _cipher() -> AESSIV:
    return _cipher_of(derived_key("kyufu.web.tokens", length=64))


@lru_cache(maxsize=2)
def _cipher_of(key: bytes) -> AESSIV:
    """The cipher of a key, whose schedule is worked out once and not for each of a list's addresses."""
    return AESSIV(key)


def _binding(*, kind: str, account_id: int) -> list[bytes]:
    return [kind.encode(), str(account_id).encode()]
