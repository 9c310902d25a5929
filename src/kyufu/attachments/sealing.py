"""How a file is sealed (pure): AES-256-GCM under a random key of its own, which is wrapped; both know their place.

What is bound (AAD) is the attachment, its application and the hash of its content: a row put in another's place, or
under another application, does not open.
"""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_PURPOSE = "kyufu attachment 1"


class Unreadable(Exception):
    """A sealed content that does not open here: another key, another place, or altered."""


class Place(NamedTuple):
    """What a sealed content belongs to; `sha256` is that of the plain content, in hex."""

    attachment_id: int
    application_id: int
    sha256: str

    def context(self, part: str) -> bytes:
        """What a part ("key" or "content") is bound to."""
        return "\0".join(
            (_PURPOSE, part, str(self.attachment_id), str(self.application_id), self.sha256)
        ).encode()


class Sealed(NamedTuple):
    """A content under its own key, and that key wrapped; each with its nonce first."""

    wrapped_key: bytes
    content: bytes


def seal(content: bytes, *, secret: bytes, place: Place) -> Sealed:
    """Seal a content under the secret of the installation, for its place alone."""
    own = os.urandom(KEY_BYTES)
    return Sealed(
        _encrypt(own, key=_wrapping(secret), context=place.context("key")),
        _encrypt(content, key=own, context=place.context("content")),
    )


def unseal(sealed: Sealed, *, secret: bytes, place: Place) -> bytes:
    """The content again; raises Unreadable where it is not the one that was sealed for this place."""
    own = _decrypt(sealed.wrapped_key, key=_wrapping(secret), context=place.context("key"))
    content = _decrypt(sealed.content, key=own, context=place.context("content"))
    if digest(content) != place.sha256:
        raise Unreadable
    return content


def digest(content: bytes) -> str:
    """The SHA-256 of a content, in hex."""
    return hashlib.sha256(content).hexdigest()


def _wrapping(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_PURPOSE.encode()).derive(secret)


def _encrypt(plain: bytes, *, key: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _decrypt(sealed: bytes, *, key: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise Unreadable from None
