"""Where the key-encryption key is: a file, a secret of the environment, or a command that talks to a KMS.

`KYUFU_VAULT_KEY_COMMAND` is run with `wrap` or `unwrap` as its last argument; it reads two lines (context and key, in
base64) and writes one (the result in base64). `KYUFU_VAULT_KEY` is 32 bytes in base64, as is the content of
`KYUFU_VAULT_KEY_FILE`, which is the default (var/vault/kek).
"""

from __future__ import annotations

import base64
import hashlib
import os
import shlex
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings

from kyufu.mynumber.crypto import KEY_BYTES, Unreadable, new_key, seal, unseal
from kyufu.platform.errors import BadInput, Refused

COMMAND_SECONDS = 60
WRONG_KEY = "金庫の鍵が、この金庫のものではありません。"
WRONG_KEY_REMEDY = (
    "鍵ファイルまたは鍵の設定が正しいか、控えと照らして確かめてください。何も変わっていません。"
)


class KeyEncryption(Protocol):
    """Wraps and unwraps keys; `identity` tells it from others without giving it away."""

    @property
    def identity(self) -> str:
        """Up to 32 characters that name this key-encryption key."""

    def wrap(self, key: bytes, *, context: bytes) -> bytes:
        """Encrypt a key, bound to the context."""

    def unwrap(self, wrapped: bytes, *, context: bytes) -> bytes:
        """Decrypt what `wrap` made; raises Refused where this is not the key."""


@dataclass(frozen=True, slots=True)
class SecretKeyEncryption:
    """A key-encryption key of 32 bytes in our own hands."""

    secret: bytes = field(repr=False)

    @property
    def identity(self) -> str:
        """A one-way image of the key."""
        return hashlib.sha256(b"kyufu vault kek" + self.secret).hexdigest()[:32]

    def wrap(self, key: bytes, *, context: bytes) -> bytes:
        """AES-256-GCM under the secret."""
        return seal(key, key=self.secret, context=context)

    def unwrap(self, wrapped: bytes, *, context: bytes) -> bytes:
        """AES-256-GCM under the secret; raises Refused where it does not fit."""
        try:
            return unseal(wrapped, key=self.secret, context=context)
        except Unreadable:
            raise Refused(WRONG_KEY, remedy=WRONG_KEY_REMEDY) from None


@dataclass(frozen=True, slots=True)
class CommandKeyEncryption:
    """A command that has a KMS wrap and unwrap; the key-encryption key never comes here."""

    command: tuple[str, ...]

    @property
    def identity(self) -> str:
        """A one-way image of the command line, by which a change of command is noticed."""
        return hashlib.sha256("\0".join(self.command).encode()).hexdigest()[:32]

    def wrap(self, key: bytes, *, context: bytes) -> bytes:
        """Have the command wrap; raises Refused where it fails."""
        return self._run("wrap", data=key, context=context)

    def unwrap(self, wrapped: bytes, *, context: bytes) -> bytes:
        """Have the command unwrap; raises Refused where it fails."""
        return self._run("unwrap", data=wrapped, context=context)

    def _run(self, act: str, *, data: bytes, context: bytes) -> bytes:
        lines = b"\n".join((base64.b64encode(context), base64.b64encode(data), b""))
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, no shell
                [*self.command, act], input=lines, capture_output=True, timeout=COMMAND_SECONDS, check=True
            )
            return base64.b64decode(done.stdout, validate=False)
        except (OSError, subprocess.SubprocessError, ValueError):
            # What the command printed may hold a key.
            raise Refused(
                "鍵管理の命令（KYUFU_VAULT_KEY_COMMAND）が失敗しました。",
                remedy="命令を単独で実行し、鍵管理サービスに届くか確かめてください。何も変わっていません。",
            ) from None


def configured_key() -> KeyEncryption:
    """The key-encryption key that the environment names; raises Refused or BadInput where it cannot be had."""
    command, secret = os.environ.get("KYUFU_VAULT_KEY_COMMAND", ""), os.environ.get("KYUFU_VAULT_KEY", "")
    if command and secret:
        raise BadInput(
            "KYUFU_VAULT_KEY と KYUFU_VAULT_KEY_COMMAND の両方が設定されています。",
            remedy="どちらか一つにしてください。",
        )
    if command:
        return CommandKeyEncryption(tuple(shlex.split(command)))
    return (
        SecretKeyEncryption(_decode(secret, place="KYUFU_VAULT_KEY")) if secret else key_from_file(key_file())
    )


def is_in_file() -> bool:
    """Is the key-encryption key one of a file?"""
    return not os.environ.get("KYUFU_VAULT_KEY_COMMAND") and not os.environ.get("KYUFU_VAULT_KEY")


def key_file() -> Path:
    """Where the file of the key-encryption key is."""
    named = os.environ.get("KYUFU_VAULT_KEY_FILE", "")
    return Path(named) if named else Path(settings.VAR_DIR) / "vault" / "kek"


def key_from_file(path: Path) -> SecretKeyEncryption:
    """Read a key-encryption key; raises Refused where it is missing or others may read it."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Refused(
                "金庫の鍵ファイルを、ほかの利用者も読めるようになっています。",
                remedy=f"{path.name} を持ち主だけが読めるように（chmod 600）してください。",
            )
        return SecretKeyEncryption(_decode(path.read_text(encoding="ascii").strip(), place=path.name))
    except (OSError, UnicodeDecodeError):
        raise Refused(
            "金庫の鍵ファイルがないか、読めません。",
            remedy="保管してある控えから戻してください。新しい鍵では、いまの金庫は開きません。",
        ) from None


def make_key_file(path: Path) -> SecretKeyEncryption:
    """Make a new key-encryption key in a file that its owner alone may read; an existing file is never replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = new_key()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secret) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return SecretKeyEncryption(secret)


def _decode(text: str, *, place: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise BadInput(
            f"金庫の鍵（{place}）の形が正しくありません。",
            remedy=f"{KEY_BYTES}バイトの乱数を base64 で書いたものにしてください。",
        ) from None
    return secret
