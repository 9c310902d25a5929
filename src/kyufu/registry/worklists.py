"""The registry's worklists: names that no font can draw, and residents whom a full feed does not have.

A point is closed by a person with a reason; who, when and why stays in its history.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection, transaction

from kyufu.audit.api import note_read
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.platform.feeds.states import DISMISSED, RESOLVED
from kyufu.platform.transitions import Machine, move
from kyufu.registry.feeds.layouts import RESIDENT
from kyufu.registry.states import DISCREPANCIES, UNDRAWABLE

UNDRAWABLE_READ = "印字できない文字のある氏名・住所の項目"
WHOSE_POINT = "確認事項の対象者"
DISCREPANCY_READ = "全件の連携ファイルにいない住民"


class PointKind(StrEnum):
    """A worklist of the registry."""

    UNDRAWABLE = "undrawable"
    DISCREPANCY = "discrepancy"


class UndrawableSeen(NamedTuple):
    """An item of a person that the print font cannot draw: its Japanese name and the code points it lacks."""

    point_id: int
    addressee_id: int
    addressee_no: str
    item: str
    code_points: str


class DiscrepancySeen(NamedTuple):
    """A resident whom a full feed does not have: the file, and when it came."""

    point_id: int
    addressee_id: int
    addressee_no: str
    file_name: str
    received_at: datetime | None


_MACHINES: dict[PointKind, Machine] = {
    PointKind.UNDRAWABLE: UNDRAWABLE,
    PointKind.DISCREPANCY: DISCREPANCIES,
}
_ITEMS = {column.name: column.label for column in RESIDENT.columns}
_UNDRAWABLE = """
SELECT u.id, u.addressee_id, a.addressee_no, u.field, u.code_points
  FROM registry_undrawable_name u JOIN registry_addressee a ON a.id = u.addressee_id
 WHERE u.state = 'open' AND u.id > %(after)s ORDER BY u.id LIMIT %(limit)s
"""
_DISCREPANCIES = """
SELECT d.id, d.addressee_id, a.addressee_no, coalesce(f.name, ''), f.received_at
  FROM registry_discrepancy d JOIN registry_addressee a ON a.id = d.addressee_id
  LEFT JOIN platform_feed_file f ON f.id = d.file_id
 WHERE d.state = 'open' AND d.id > %(after)s ORDER BY d.id LIMIT %(limit)s
"""


def undrawable_names(*, limit: int, after: int) -> tuple[UndrawableSeen, ...]:
    """What the print font cannot draw, in the order in which it came up, after a point."""
    rows = _rows(_UNDRAWABLE, {"limit": limit, "after": after})
    found = tuple(UndrawableSeen._make((*row[:3], _ITEMS.get(row[3], row[3]), row[4])) for row in rows)
    note_read({one.addressee_id for one in found}, what=UNDRAWABLE_READ)
    return found


def discrepancies(*, limit: int, after: int) -> tuple[DiscrepancySeen, ...]:
    """Residents whom a full feed does not have, in the order in which it came up, after a point."""
    found = tuple(DiscrepancySeen(*row) for row in _rows(_DISCREPANCIES, {"limit": limit, "after": after}))
    note_read({one.addressee_id for one in found}, what=DISCREPANCY_READ)
    return found


def count_points(worklist: PointKind) -> int:
    """How many points of a worklist are open."""
    table = _MACHINES[worklist].subject_table
    return int(_rows(f"SELECT count(*) FROM {table} WHERE state = 'open'", {})[0][0])


def person_of_point(worklist: PointKind, *, point_id: int) -> int:
    """Whom a point is about; raises BadInput where there is no such point."""
    table = _MACHINES[worklist].subject_table
    rows = _rows(f"SELECT addressee_id FROM {table} WHERE id = %(id)s", {"id": point_id})
    if not rows:
        raise BadInput("その確認事項はありません。", remedy="一覧から選び直してください。")
    note_read((rows[0][0],), what=WHOSE_POINT)
    return int(rows[0][0])


@transaction.atomic
def settle_point(
    worklist: PointKind, *, point_id: int, resolved: bool, by: Actor, at: datetime, reason: str
) -> None:
    """Close a point, as put right or as nothing; raises Refused without a reason or where it is closed already."""
    if not reason.strip():
        raise Refused("理由がありません。", remedy="どう片付けたかを理由として書いてください。")
    machine = _MACHINES[worklist]
    rows = _rows(f"SELECT state FROM {machine.subject_table} WHERE id = %(id)s FOR UPDATE", {"id": point_id})
    if not rows:
        raise BadInput("その確認事項はありません。", remedy="一覧から選び直してください。")
    move(
        machine, subject_id=point_id, from_state=rows[0][0], to_state=RESOLVED if resolved else DISMISSED, by=by,
        at=at, why=reason,
    )  # fmt: skip


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
