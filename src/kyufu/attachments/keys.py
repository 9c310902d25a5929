"""The secret under which attachments are sealed: 32 bytes in a file of its own, or in the environment.

`KYUFU_ATTACHMENT_KEY` is 32 bytes in base64, as is the content of `KYUFU_ATTACHMENT_KEY_FILE`, by default
var/attachments/key. The file is made at the first use and never again: where something was sealed already, a missing
file is a loss, and a new one would hide it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from kyufu.attachments.sealing import KEY_BYTES
from kyufu.platform.errors import BadInput, Refused

IDENTITY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class AttachmentKey:
    """The secret, and a one-way image that tells it from others."""

    secret: bytes = field(repr=False)

    @property
    def identity(self) -> str:
        """Up to 32 characters that name the key without giving it away."""
        return hashlib.sha256(b"kyufu attachment key" + self.secret).hexdigest()[:IDENTITY_LENGTH]


def usable_key(*, in_use: str | None) -> AttachmentKey:
    """The key, made where none was ever used (`in_use` None); raises Refused for a lost or another key."""
    given = os.environ.get("KYUFU_ATTACHMENT_KEY", "")
    key = AttachmentKey(_decoded(given)) if given else _key_in_file(key_file(), may_make=in_use is None)
    if in_use not in (None, key.identity):
        raise Refused(
            "添付書類の鍵が、これまでの添付書類を封じた鍵と違います。",
            remedy="システムの担当へ連絡し、控えの鍵に戻してもらってください。何も変わっていません。",
        )
    return key


def key_file() -> Path:
    """Where the file of the key is."""
    named = os.environ.get("KYUFU_ATTACHMENT_KEY_FILE", "")
    return Path(named) if named else Path(settings.VAR_DIR) / "attachments" / "key"


def _key_in_file(path: Path, *, may_make: bool) -> AttachmentKey:
    if may_make and not path.exists():
        _make(path)
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Refused(
                "添付書類の鍵ファイルを、ほかの利用者も読めるようになっています。",
                remedy="システムの担当へ連絡し、持ち主だけが読めるように（chmod 600）してもらってください。",
            )
        return AttachmentKey(_decoded(path.read_text(encoding="ascii").strip()))
    except (OSError, UnicodeDecodeError):
        raise Refused(
            "添付書類の鍵ファイルがないか、読めません。",
            remedy="システムの担当へ連絡し、控えから戻してもらってください。新しい鍵では、これまでの添付書類は開きません。",
        ) from None


def _make(path: Path) -> None:
    """Make the file whole or not at all; several processes that start at once agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _decoded(text: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise BadInput(
            "添付書類の鍵の形が正しくありません。",
            remedy=f"システムの担当へ連絡してください。{KEY_BYTES}バイトの乱数を base64 で書いたものが要ります。",
        ) from None
    return secret
