"""Opening the inbox: a letter is opened and marked as opened in one transaction of the vault, so none counts twice."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.views.decorators.debug import sensitive_variables

from kyufu.audit.api import EventKind
from kyufu.mynumber import database as db
from kyufu.mynumber.conflicts import file_conflicts
from kyufu.mynumber.crypto import Unreadable
from kyufu.mynumber.keyring import INBOX, INDEX, active_key, live_key
from kyufu.mynumber.letters import Letter, Merge, Numbers, Split, read_letter
from kyufu.mynumber.links import ADDRESSEE, BusinessNumber, add_links, add_persons
from kyufu.mynumber.persons import join_persons, part_persons
from kyufu.mynumber.recording import ACT, record
from kyufu.mynumber.secret import NumberSecret
from kyufu.mynumber.sorting import Pair, sort_pairs
from kyufu.mynumber.states import ConflictKind
from kyufu.mynumber.writing import NewNumber, add_numbers
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused

FROM_FEED = "住民記録からの連携"
Counts = Counter[str]
_COUNTED = {"pairs": "件数", "new_persons": "新しい人", "new_numbers": "新しい番号", "conflicts": "確認事項"}

_NEXT = """
SELECT i.id, i.batch, i.sealed, k.id, k.kek, k.wrapped
  FROM mynumber_inbox i LEFT JOIN mynumber_key k ON k.id = i.key_no AND k.purpose = 'inbox' AND k.wrapped IS NOT NULL
 ORDER BY i.id LIMIT 1
"""


class DrainResult(NamedTuple):
    """Letters opened, pairs in them, persons new in the vault, numbers new for known persons, points for a clerk."""

    letters: int
    pairs: int
    new_persons: int
    new_numbers: int
    conflicts: int


def letters_waiting() -> int:
    """How many letters lie in the inbox."""
    with db.in_vault():
        return int(db.rows("SELECT count(*) FROM mynumber_inbox")[0][0])


def drain_inbox(*, by: Actor, at: datetime) -> DrainResult:
    """Open every letter of the inbox. A process killed in the middle leaves whole letters, and the next goes on."""
    total: Counts = Counter()
    while (counts := _open_next(by=by, at=at)) is not None:
        total.update(counts)
    return DrainResult(
        total["letters"], total["pairs"], total["new_persons"], total["new_numbers"], total["conflicts"]
    )


@sensitive_variables()
def _open_next(*, by: Actor, at: datetime) -> Counts | None:
    with db.in_vault():
        db.lock(db.PERSONS)
        found = db.rows(_NEXT)
        if not found:
            return None
        inbox_id, batch, sealed, *key = found[0]
        db.change("DELETE FROM mynumber_inbox WHERE id = %s", inbox_id)
        if db.rows("SELECT FROM mynumber_opened WHERE batch = %s", batch):
            return Counter(letters=0)
        try:
            letter = read_letter(bytes(sealed), private=_private(key), batch=batch)
        except Unreadable:
            counts = Counter(
                conflicts=file_conflicts(
                    [(ConflictKind.UNREADABLE, str(batch), "")], batch=batch, by=by, at=at
                )
            )
        else:
            counts = _take(letter, batch=batch, by=by, at=at)
        counts["letters"] += 1
        db.change("INSERT INTO mynumber_opened VALUES (%s, %s, %s)", batch, at, json.dumps(counts))
        _record(counts, batch=batch)
        return counts


def _record(counts: Counts, *, batch: UUID) -> None:
    """What a letter changed is in the log by its counts; whose it was stands in the vault, under the batch."""
    said = {label: str(counts[name]) for name, label in _COUNTED.items()}
    record(EventKind.NUMBER_CHANGED, detail={ACT: "連携の取り込み", "受信": str(batch), **said})


def _private(key: list[object]) -> bytes:
    if key[0] is None:
        raise Unreadable
    return live_key(key, purpose=INBOX).secret


@sensitive_variables()
def _take(letter: Letter, *, batch: UUID, by: Actor, at: datetime) -> Counts:
    if isinstance(letter, Numbers):
        pairs = tuple((addressee_no, NumberSecret(number)) for addressee_no, number in letter.pairs)
        return take_pairs(pairs, batch=batch, by=by, at=at)
    return _join(letter, batch=batch, at=at)


def take_pairs(pairs: tuple[Pair, ...], *, batch: UUID, by: Actor, at: datetime) -> Counts:
    """Take in pairs of addressee and individual number; the caller holds the lock of the persons.

    An unknown addressee becomes a person with a unified number; what contradicts goes on the worklist.
    """
    found = sort_pairs(pairs, index_key=active_key(INDEX).secret)
    roots = add_persons(len(found.new), at=at)
    people = list(zip(roots, found.new, strict=True))
    add_links(
        ((root, BusinessNumber(ADDRESSEE, one.addressee_no)) for root, one in people),
        by=by, reason=FROM_FEED, at=at,
    )  # fmt: skip
    add_numbers(
        [NewNumber(root, one.number, one.blind) for root, one in [*people, *found.numberless]],
        by=by, reason=FROM_FEED, at=at,
    )  # fmt: skip
    filed = file_conflicts(found.conflicts, batch=batch, by=by, at=at)
    return Counter(
        pairs=len(pairs), new_persons=len(people), new_numbers=len(found.numberless), conflicts=filed
    )


def _join(letter: Merge | Split, *, batch: UUID, at: datetime) -> Counts:
    """Follow a merge or split of the registry; one that the numbers contradict is for a clerk."""
    source = BusinessNumber(ADDRESSEE, letter.source)
    try:
        with db.in_vault():
            if isinstance(letter, Merge):
                target = BusinessNumber(ADDRESSEE, letter.target)
                join_persons(source=source, target=target, by=letter.by, reason=letter.reason, at=at)
            else:
                part_persons(source=source, by=letter.by, reason=letter.reason, at=at)
    except Refused:
        other = letter.target if isinstance(letter, Merge) else ""
        conflict = (ConflictKind.MERGE, source.number, other)
        return Counter(conflicts=file_conflicts([conflict], batch=batch, by=letter.by, at=at))
    return Counter()
