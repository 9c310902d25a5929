"""The worklist of rows that did not land: what is open, and how a point is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.feeds.states import WORKLIST
from kyufu.platform.models import RejectedRow
from kyufu.platform.transitions import move


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open point: the file's name, the line, the item name, the fault and what it says in Japanese."""

    row_id: int
    file_name: str
    layout: str
    line: int
    column: str
    code: str
    message: str


def open_rows(*, limit: int, after: int = 0) -> list[OpenRow]:
    """The oldest open points after the one of id `after`, at most `limit`."""
    found = (
        RejectedRow.objects.filter(state="open", id__gt=after).select_related("file").order_by("id")[:limit]
    )
    return [
        OpenRow(row.pk, row.file.name, row.file.layout, row.line, row.column, row.code, row.message)
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Settled:
    """A point that somebody closed (or opened again): where it came from, the step, who, when and why."""

    file_name: str
    line: int
    state: str
    actor_name: str
    actor_office: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class LastFile:
    """The last file of a layout that was taken in or refused, with what came of its rows."""

    layout: str
    name: str
    state: str
    reason: str
    received_at: datetime
    row_count: int | None
    landed_count: int | None
    rejected_count: int | None


def last_settled(*, limit: int) -> list[Settled]:
    """The latest steps of the worklist, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.name, r.line, h.to_state, h.actor_name, h.actor_office, h.at, h.why
                 FROM platform_rejected_row_transition h JOIN platform_rejected_row r ON r.id = h.subject_id
                 JOIN platform_feed_file f ON f.id = r.file_id ORDER BY h.id DESC LIMIT %s""",
            [limit],
        )
        return [Settled(*row) for row in cursor.fetchall()]


def last_files() -> list[LastFile]:
    """The last file of every layout that ever came, by layout."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT ON (layout) layout, name, state, reason, received_at, row_count, landed_count,
                      rejected_count FROM platform_feed_file ORDER BY layout, id DESC"""
        )
        return [LastFile(*row) for row in cursor.fetchall()]


def count_open_rows() -> int:
    """How many points are open."""
    return RejectedRow.objects.filter(state="open").count()


def close_row(row_id: int, *, state: str, by: Actor, at: datetime, why: str) -> None:
    """Mark a point `resolved` or `dismissed` (or `open` again) with the reason.

    Raises Refused when there is no such row, no reason is given, or the step is not allowed from its state.
    """
    if not why.strip():
        raise Refused("理由がありません。", remedy="どう片付けたかを理由として書いてください。")
    with transaction.atomic():
        row = RejectedRow.objects.filter(pk=row_id).first()
        if row is None:
            raise Refused("その番号の確認事項はありません。", remedy="番号を確かめてください。")
        move(WORKLIST, subject_id=row_id, from_state=row.state, to_state=state, by=by, at=at, why=why)
