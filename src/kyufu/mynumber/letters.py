"""Sealed letters to the vault: posted by the ordinary account in its own transaction, never read back by it.

A letter is sealed to the vault's public key and bound to its own number. The ordinary account may insert it and cannot
see the inbox. What a feed brings, or a merge in the registry, reaches the vault exactly when its transaction commits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.views.decorators.debug import sensitive_variables
from psycopg import sql

from kyufu.mynumber.crypto import open_letter, seal_letter
from kyufu.mynumber.database import is_configured
from kyufu.mynumber.secret import NumberSecret
from kyufu.platform.actors import Actor
from kyufu.platform.databases import vault_schema

# So many that sealing and one transaction cost little each, so few that opening holds the vault for half a second.
PAIRS_IN_LETTER = 5_000


class LetterKind(StrEnum):
    """What a letter brings."""

    NUMBERS = "numbers"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Act:
    """A merge or split as the registry did it: the two addressee numbers (one for a split), who, why and when."""

    numbers: tuple[str, ...]
    by: Actor
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """An opened letter: pairs of addressee number and individual number, or one act."""

    kind: LetterKind
    pairs: tuple[tuple[str, NumberSecret], ...] = ()
    act: Act | None = None


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
    while block := list(islice(remaining, PAIRS_IN_LETTER)):
        _post({"kind": LetterKind.NUMBERS, "pairs": block})
        posted += len(block)
    return posted


def post_merge(*, source: str, target: str, by: Actor, reason: str, at: datetime) -> None:
    """Post that one addressee number was merged into another (名寄せ), in the caller's transaction."""
    _post_act(LetterKind.MERGE, Act((source, target), by, reason, at))


def post_split(*, source: str, by: Actor, reason: str, at: datetime) -> None:
    """Post that a merge was undone, in the caller's transaction."""
    _post_act(LetterKind.SPLIT, Act((source,), by, reason, at))


@sensitive_variables()
def read_letter(sealed: bytes, *, private: bytes, batch: UUID) -> Letter:
    """Open a letter; raises Unreadable for one that is not for this key or was altered.

    A letter that opens was made by `post_...`, so that its form is taken for granted.
    """
    content = json.loads(open_letter(sealed, private=private, context=str(batch)))
    kind = LetterKind(content["kind"])
    if kind is LetterKind.NUMBERS:
        return Letter(kind, tuple((number, NumberSecret(secret)) for number, secret in content["pairs"]))
    return Letter(
        kind,
        act=Act(
            tuple(content["numbers"]),
            Actor(*content["by"]),
            content["reason"],
            datetime.fromisoformat(content["at"]),
        ),
    )


def _post_act(kind: LetterKind, act: Act) -> None:
    _post(
        {"kind": kind, "numbers": act.numbers, "by": act.by, "reason": act.reason, "at": act.at.isoformat()}
    )


@sensitive_variables()
def _post(content: dict[str, object]) -> None:
    slot, batch = _slot(), uuid4()
    if slot is None:
        raise LookupError("no vault was opened")
    plain = json.dumps(content, ensure_ascii=False).encode()
    sealed = seal_letter(plain, public=slot.public, context=str(batch))
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
