"""The worklist of rows that did not land: what is open, and how a point is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

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
