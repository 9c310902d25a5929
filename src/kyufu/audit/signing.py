"""The key that signs the chain: Ed25519, in a file that its owner alone may read; public keys stand beside it.

A key is made where nothing is sealed yet. Afterwards a lost one is not replaced in silence: whoever took it away could
have the log signed anew. Former public keys stay in the list, so that old blocks remain provable.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.db import connections, transaction

from kyufu.audit.events import EventKind
from kyufu.audit.recording import record_event
from kyufu.platform.errors import Refused
from kyufu.platform.schema import owner_alias

_OWNER_ONLY = 0o600
_NO_KEY = "記録の封印に使う鍵を読めません。"
_LOST = "これまで封印に使っていた鍵が見つかりません。"
_LOST_REMEDY = (
    "保管した鍵を戻してください。失われたときは、担当と確かめて kyufu audit new-key を実行してください。"
)
_NO_KEY_REMEDY = "KYUFU_AUDIT_KEY_FILE の場所と、鍵ファイルを確かめてください。"


class Signer:
    """Signs with the private key of one file."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key()
        self.key_id = key_name(self.public_key)

    def sign(self, message: bytes, *, purpose: str) -> bytes:
        """The signature; `purpose` keeps a signature of one kind from standing for another."""
        return self._key.sign(purpose.encode() + b"\0" + message)


def open_signer(path: Path) -> Signer:
    """The signer of a key file, which is made for a log without blocks.

    Raises Refused for one that cannot be used, or that is lost although it has signed.
    """
    if not path.exists():
        _refuse_lost_key()
        _make_key(path)
    if path.stat().st_mode & 0o077:
        raise Refused(
            "記録の封印に使う鍵を、ほかの利用者も読める状態です。",
            remedy="鍵ファイルの権限を 600 にしてください。",
        )
    signer = _signer_of(path)
    _list_public_key(signer.public_key, path=path)
    return signer


def _signer_of(path: Path) -> Signer:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise Refused(_NO_KEY, remedy=_NO_KEY_REMEDY) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(_NO_KEY, remedy=_NO_KEY_REMEDY)
    return Signer(key)


def replace_key(path: Path, *, reason: str) -> Signer:
    """Sign with a new key from now on, on record with the reason; the old private key is destroyed."""
    former = _name_of_present(path)
    draft = path.with_name(f"{path.name}.{os.getpid()}.next")
    with transaction.atomic(using=owner_alias()):
        _make_key(draft)
        signer = _signer_of(draft)
        detail = {"操作": "記録の封印の鍵の交換", "前の鍵": former, "新しい鍵": signer.key_id, "理由": reason}
        record_event(EventKind.KEY_OPERATION, detail=detail, using=owner_alias())
        draft.replace(path)
    return open_signer(path)


def _name_of_present(path: Path) -> str:
    try:
        return _signer_of(path).key_id
    except Refused:
        return "失われた、または読めない"


def _refuse_lost_key() -> None:
    with connections[owner_alias()].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_block') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT EXISTS (SELECT FROM audit_block)")
        if cursor.fetchone()[0]:
            raise Refused(_LOST, remedy=_LOST_REMEDY)


def public_keys(path: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys that ever signed, by name: one line of hexadecimal digits each, beside the private key."""
    try:
        lines = public_list(path).read_text(encoding="ascii").split()
        keys = [Ed25519PublicKey.from_public_bytes(bytes.fromhex(line)) for line in lines]
    except (OSError, ValueError):
        raise Refused(
            "封印を確かめる公開鍵の一覧を読めません。",
            remedy="鍵ファイルと同じ場所の .pub ファイルを、保管した写しから戻してください。",
        ) from None
    return {key_name(key): key for key in keys}


def is_signed(message: bytes, *, signature: bytes, purpose: str, key: Ed25519PublicKey | None) -> bool:
    """Is the signature by this key and for this purpose?"""
    if key is None:
        return False
    try:
        key.verify(signature, purpose.encode() + b"\0" + message)
    except InvalidSignature:
        return False
    return True


def key_name(key: Ed25519PublicKey) -> str:
    """A short name of a public key: 16 hexadecimal digits of its SHA-256."""
    return sha256(_raw(key)).hexdigest()[:16]


def public_list(path: Path) -> Path:
    """The list of public keys of a key file."""
    return path.with_name(path.name + ".pub")


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as file:
        file.write(content)
    try:
        # Of two that begin at once the first one's key stays.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _list_public_key(key: Ed25519PublicKey, *, path: Path) -> None:
    line = _raw(key).hex()
    file = public_list(path)
    if not file.exists() or line not in file.read_text(encoding="ascii").split():
        with file.open("a", encoding="ascii") as opened:
            opened.write(f"{line}\n")


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
