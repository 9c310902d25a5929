"""Sealed letters to the vault: posted by the ordinary account in its own transaction, never read back by it.

A letter is sealed to the vault's public key and bound to its own number. The ordinary account may insert it and cannot
see the inbox. What a feed brings, or a merge in the registry, reaches the vault exactly when its transaction commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import connection
from django.views.decorators.debug import sensitive_variables
from psycopg import sql

from kyufu.mynumber.crypto import Unreadable, open_letter, seal_letter
from kyufu.mynumber.database import is_configured
from kyufu.platform.actors import Actor
from kyufu.platform.databases import vault_schema

# So many that sealing and one transaction cost little each, so few that opening holds the vault for half a second.
PAIRS_IN_LETTER = 5_000


AddresseeNo = Annotated[str, msgspec.Meta(min_length=1, max_length=15)]


class Numbers(msgspec.Struct, frozen=True, tag="numbers"):
    """Pairs of addressee number and individual number, as a feed brought them; the digits are checked later."""

    pairs: tuple[tuple[AddresseeNo, str], ...]

    def __repr__(self) -> str:
        return f"Numbers({len(self.pairs)})"


class Merge(msgspec.Struct, frozen=True, tag="merge"):
    """One addressee number was merged into another (名寄せ): by whom and why."""

    source: AddresseeNo
    target: AddresseeNo
    by: Actor
    reason: str


class Split(msgspec.Struct, frozen=True, tag="split"):
    """A merge was undone: by whom and why."""

    source: AddresseeNo
    by: Actor
    reason: str


Letter = Numbers | Merge | Split


@dataclass(frozen=True, slots=True)
class _Slot:
    number: int
    public: bytes


def can_post() -> bool:
    """Is there a vault that has been opened (its keys made)?"""
    return is_configured() and _slot() is not None


@sensitive_variables()
def post_numbers(pairs: Iterable[tuple[str, str]]) -> int:
    """Post pairs of addressee number and individual number in the caller's transaction; returns how many.

    They are checked when the letter is opened. The caller has asked `can_post`.
    """
    remaining, posted = iter(pairs), 0
    while block := tuple(islice(remaining, PAIRS_IN_LETTER)):
        _post(Numbers(block))
        posted += len(block)
    return posted


def post_merge(*, source: str, target: str, by: Actor, reason: str) -> None:
    """Post that one addressee number was merged into another (名寄せ), in the caller's transaction."""
    _post(Merge(source, target, by, reason))


def post_split(*, source: str, by: Actor, reason: str) -> None:
    """Post that a merge was undone, in the caller's transaction."""
    _post(Split(source, by, reason))


@sensitive_variables()
def read_letter(sealed: bytes, *, private: bytes, batch: UUID) -> Letter:
    """Open a letter; raises Unreadable for one that is not for this key, was altered, or is not a letter of ours."""
    plain = open_letter(sealed, private=private, context=str(batch))
    try:
        letter: Letter = msgspec.json.decode(plain, type=Letter)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Unreadable from None
    return letter


@sensitive_variables()
def _post(letter: Letter) -> None:
    slot, batch = _slot(), uuid4()
    if slot is None:
        raise LookupError("no vault was opened")
    sealed = seal_letter(msgspec.json.encode(letter), public=slot.public, context=str(batch))
    with connection.cursor() as cursor:
        cursor.execute(
            _in_vault("INSERT INTO {}.mynumber_inbox (batch, key_no, sealed) VALUES (%s, %s, %s)"),
            (batch, slot.number, sealed),
        )


def _slot() -> _Slot | None:
    with connection.cursor() as cursor:
        cursor.execute(_in_vault("SELECT number, public FROM {}.mynumber_slot()"))
        row: Sequence[object] | None = cursor.fetchone()
    return None if row is None else _Slot(int(str(row[0])), bytes(row[1]))  # type: ignore[call-overload]


def _in_vault(statement: str) -> str:
    return sql.SQL(statement).format(sql.Identifier(vault_schema(settings.SCHEMA))).as_string()
