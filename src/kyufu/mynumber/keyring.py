"""The keys of the vault at work: made, found, unwrapped; those that encrypt and those that only open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from kyufu.audit.api import EventKind, record_event
from kyufu.mynumber import database as db
from kyufu.mynumber.crypto import new_key, public_half
from kyufu.mynumber.keysource import (
    WRONG_KEY,
    WRONG_KEY_REMEDY,
    KeyEncryption,
    configured_key,
    is_in_file,
    key_file,
    make_key_file,
)
from kyufu.mynumber.states import KEYS, KeyState
from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import begin

DATA, INDEX, INBOX = "data", "index", "inbox"

# Unwrapped once a process: a KMS is not asked for every row.
_UNWRAPPED: dict[tuple[str, bytes, bytes], bytes] = {}


@dataclass(frozen=True, slots=True)
class LiveKey:
    """An unwrapped key and the number under which rows name it."""

    number: int
    secret: bytes = field(repr=False)


def init_vault(*, by: Actor, confirmed_by: Actor, at: datetime) -> bool:
    """Make the first keys of the vault, wrapped by the key-encryption key; False where it has keys already.

    Makes the file of the key-encryption key where it is to be in a file and no key exists yet. Raises Refused where
    one person alone asks, or where the key-encryption key is not the one of this vault.
    """
    refuse_alone(by=by, confirmed_by=confirmed_by)
    with db.in_vault():
        db.lock(db.KEYS)
        if db.rows("SELECT FROM mynumber_key"):
            active_key(INDEX)
            return False
        path = key_file()
        kek = make_key_file(path) if is_in_file() and not path.exists() else configured_key()
        record_key_operation("金庫の開設", by=by, confirmed_by=confirmed_by)
        for purpose in (DATA, INDEX, INBOX):
            add_key(purpose, kek=kek, by=by, why=f"金庫の開設（確認：{db.signature(confirmed_by)}）", at=at)
    return True


def refuse_alone(*, by: Actor, confirmed_by: Actor) -> None:
    """Raises Refused where the second person is the first: key operations need two."""
    if by.staff_id == confirmed_by.staff_id:
        raise Refused(
            "暗号鍵の操作は、本人だけでは行えません。", remedy="別の職員に内容を確認してもらってください。"
        )


def record_key_operation(act: str, *, by: Actor, confirmed_by: Actor) -> None:
    """Write a key operation down before it is done."""
    detail = {"操作": act, "操作者": db.signature(by), "確認者": db.signature(confirmed_by)}
    with transaction.atomic(durable=True):
        record_event(EventKind.KEY_OPERATION, detail=detail)


@sensitive_variables()
def add_key(purpose: str, *, kek: KeyEncryption, by: Actor, why: str, at: datetime) -> int:
    """Make a new active key; the caller holds the lock of the keys and has retired the former one."""
    secret = new_key()
    number = db.draw("mynumber_key", count=1)[0]
    db.change(
        "INSERT INTO mynumber_key (id, purpose, kek, wrapped, public, state, made_at) VALUES (%s,%s,%s,%s,%s,%s,%s)",
        number, purpose, kek.identity, kek.wrap(secret, context=key_context(purpose, number=number)),
        public_half(secret) if purpose == INBOX else None, str(KeyState.ACTIVE), at,
    )  # fmt: skip
    begin(KEYS, subject_id=number, state=KeyState.ACTIVE, by=by, at=at, why=why, using=VAULT)
    return number


def key_context(purpose: str, *, number: int) -> bytes:
    """What a wrapped key is bound to."""
    return f"mynumber_key\0{purpose}\0{number}".encode()


def active_key(purpose: str) -> LiveKey:
    """The key that encrypts now; raises Refused where the vault was never opened or another key is in force."""
    found = db.rows(
        "SELECT id, kek, wrapped FROM mynumber_key WHERE purpose = %s AND state = 'active'", purpose
    )
    if not found:
        raise Refused(
            "個人番号の金庫がまだ開設されていません。",
            remedy="システムの担当へ、kyufu vault init の実行を依頼してください。",
        )
    return live_key(found[0], purpose=purpose)


def live_key(row: Sequence[object], *, purpose: str) -> LiveKey:
    """Unwrap a row (id, kek, wrapped) of the table of keys."""
    number, kek_identity, wrapped = int(str(row[0])), str(row[1]), bytes(row[2])  # type: ignore[call-overload]
    kek = configured_key()
    if kek.identity != kek_identity:
        raise Refused(WRONG_KEY, remedy=WRONG_KEY_REMEDY)
    context = key_context(purpose, number=number)
    known = _UNWRAPPED.get((kek_identity, wrapped, context))
    if known is None:
        known = kek.unwrap(wrapped, context=context)
        _UNWRAPPED[kek_identity, wrapped, context] = known
    return LiveKey(number, known)
