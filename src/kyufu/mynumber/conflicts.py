"""The clerk's worklist of the vault: what could not be taken in by itself, without any individual number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from kyufu.audit.api import EventKind, record_event
from kyufu.mynumber import database as db
from kyufu.mynumber.links import ADDRESSEE, named
from kyufu.mynumber.states import CONFLICT_TEXTS, CONFLICTS, ConflictKind, ConflictState
from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move, record_steps

MOST_LISTED = 200
_FILE = """
INSERT INTO mynumber_conflict (kind, number, other, batch, state)
SELECT kind, number, other, %s, 'open' FROM unnest(%s::text[], %s::text[], %s::text[]) AS c (kind, number, other)
ON CONFLICT (kind, number) WHERE state = 'open' DO NOTHING RETURNING id
"""


class Conflict(NamedTuple):
    """A point of the worklist: what is wrong with which number, and the number on the other side (empty for none)."""

    conflict_id: int
    kind: ConflictKind
    number: str
    other: str
    text: str


def file_conflicts(
    found: Iterable[tuple[ConflictKind, str, int | str]], *, batch: UUID | None, by: Actor, at: datetime
) -> int:
    """Put conflicts on the worklist; what is open there already is not put twice. Returns how many are new."""
    lines = [(str(kind), number, _name(other)) for kind, number, other in found]
    if not lines:
        return 0
    kinds, numbers, others = (list(column) for column in zip(*lines, strict=True))
    filed = [row[0] for row in db.rows(_FILE, batch, kinds, numbers, others)]
    record_steps(
        CONFLICTS,
        steps="SELECT id, NULL::text, 'open', '金庫への取り込み', NULL::bigint "
        "FROM unnest(%(filed)s::bigint[]) AS f (id)",
        parameters={"filed": filed},
        by=by,
        at=at,
        using=VAULT,
    )
    return len(filed)


def conflicts(*, after: int = 0) -> list[Conflict]:
    """The open points in the order in which they came up, from the one behind `after` on; at most 200."""
    with db.in_vault():
        found = db.rows(
            "SELECT id, kind, number, other FROM mynumber_conflict WHERE state = 'open' AND id > %s "
            "ORDER BY id LIMIT %s",
            after, MOST_LISTED,
        )  # fmt: skip
    return [
        Conflict(number, ConflictKind(kind), no, other, CONFLICT_TEXTS[ConflictKind(kind)])
        for number, kind, no, other in found
    ]


def settle_conflict(conflict_id: int, *, state: ConflictState, by: Actor, reason: str, at: datetime) -> None:
    """Close an open point as resolved or dismissed, with the reason; raises Refused where it is not open.

    The log of the application has it before the vault does it: where it cannot be written, nothing happens.
    """
    db.require_reason(reason)
    _record(conflict_id, state=state, reason=reason)
    with db.in_vault():
        if not db.rows("SELECT FROM mynumber_conflict WHERE id = %s", conflict_id):
            raise Refused("その確認事項はありません。", remedy="一覧から選び直してください。")
        move(
            CONFLICTS,
            subject_id=conflict_id,
            from_state=ConflictState.OPEN,
            to_state=state,
            by=by,
            at=at,
            why=reason,
            using=VAULT,
        )


def resolve_for(addressee_no: str, *, by: Actor, reason: str, at: datetime) -> None:
    """Close the open points about the number of an addressee that a clerk has just entered."""
    record_steps(
        CONFLICTS,
        steps="SELECT id, 'open', 'resolved', %(why)s::text, NULL::bigint FROM mynumber_conflict "
        "WHERE state = 'open' AND number = %(number)s AND kind IN ('double', 'changed', 'check_digit')",
        parameters={"why": reason, "number": addressee_no},
        by=by,
        at=at,
        using=VAULT,
    )


def _record(conflict_id: int, *, state: ConflictState, reason: str) -> None:
    detail = {"操作": "確認事項の完了", "番号": str(conflict_id), "結果": str(state), "理由": reason}
    with transaction.atomic(durable=True):
        record_event(EventKind.NUMBER_CHANGED, detail=detail)


def _name(other: int | str) -> str:
    """The other side by an addressee number: a person (root) is named by the first of its own."""
    if isinstance(other, str):
        return other
    return next(iter(named(other, business=ADDRESSEE)), "")
