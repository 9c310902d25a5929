"""The vault's cryptography, pure: rows by AES-256-GCM, blind indexes by HMAC-SHA-256, letters by HPKE (RFC 9180).

Everything is the library `cryptography`; here is decided only what is bound to what.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

KEY_BYTES = 32
NONCE_BYTES = 12
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LETTER = "kyufu vault letter 1"


class Unreadable(Exception):
    """A ciphertext that this key does not open in this place: another key, another row, or altered."""


def row_context(*, table: str, unified_no: str, key_id: int, version: int) -> bytes:
    """What a ciphertext is bound to: its table, its person, its key and its version."""
    return f"{table}\0{unified_no}\0{key_id}\0{version}".encode()


def seal(plain: bytes, *, key: bytes, context: bytes) -> bytes:
    """Encrypt under a 32-byte key, bound to the context; nonce first."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(sealed: bytes, *, key: bytes, context: bytes) -> bytes:
    """Decrypt what `seal` made; raises Unreadable where key or context differ."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise Unreadable from None


def blind_index(number: str, *, key: bytes) -> bytes:
    """The keyed one-way image (32 bytes) by which a number is found."""
    return hmac.digest(key, number.encode(), hashlib.sha256)


def new_key() -> bytes:
    """A fresh random key of 32 bytes."""
    return os.urandom(KEY_BYTES)


def public_half(private: bytes) -> bytes:
    """The public key (32 bytes) of an X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_letter(plain: bytes, *, public: bytes, context: str) -> bytes:
    """Seal a letter to a public key: an ephemeral X25519 key, HKDF and AES-256-GCM, bound to the context."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), _info(context))


def open_letter(sealed: bytes, *, private: bytes, context: str) -> bytes:
    """Open what `seal_letter` made; raises Unreadable where key or context differ."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), _info(context))
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _info(context: str) -> bytes:
    return f"{_LETTER}\0{context}".encode()
