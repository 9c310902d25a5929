"""Reads of renewals: counts that name nobody. What names somebody is in `lists`, through faces that note it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from kyufu.platform.errors import BadInput
from kyufu.renewal.states import LeftOut, RenewalKind, RenewalState, Sorted


class RenewalSeen(NamedTuple):
    """A renewal as lists and pages show it."""

    renewal_id: int
    kind: RenewalKind
    municipality: str
    on: date
    until: date
    issued_on: date | None
    is_trial: bool
    state: RenewalState
    planned_by: str
    planned_by_name: str
    planned_by_office: str
    planned_at: datetime
    known_at: datetime | None
    base_count: int | None
    in_count: int | None
    left_out_count: int | None
    base_hash: str
    parameter_version: str
    approved_by_name: str
    approved_by_office: str
    approved_at: datetime | None
    approved_why: str
    effected_count: int | None
    refused_count: int | None
    matched_count: int | None


class SortedCount(NamedTuple):
    """How many answers are sorted so for a first reason, and of how many children."""

    sorted: Sorted
    reason_code: str
    answers: int


class SortedTotal(NamedTuple):
    """How many children are sorted so."""

    sorted: Sorted
    children: int


class LeftOutCount(NamedTuple):
    """How many of the base are left out for a reason."""

    reason: LeftOut
    children: int


class RenewalStep(NamedTuple):
    """A step of a renewal."""

    to_state: RenewalState
    actor_name: str
    actor_office: str
    at: datetime
    why: str


class TieSeen(NamedTuple):
    """How a kind of document tied after printing."""

    document: str
    due: int
    printed: int
    left_out: int
    pages: int


class WardCount(NamedTuple):
    """How many children of a ward (empty: not told) are sorted so."""

    ward_code: str
    sorted: Sorted
    children: int


_COLUMNS = """
id, kind, municipality, "on", until, issued_on, is_trial, state, planned_by, planned_by_name, planned_by_office,
planned_at, known_at, base_count, in_count, left_out_count, base_hash, parameter_version, approved_by_name,
approved_by_office, approved_at, approved_why, effected_count, refused_count, matched_count
"""


def find_renewal(renewal_id: int) -> RenewalSeen:
    """One renewal; raises BadInput where there is none."""
    rows = fetch(f"SELECT {_COLUMNS} FROM renewal_renewal WHERE id = %(id)s", {"id": renewal_id})
    if not rows:
        raise BadInput("その更新処理はありません。", remedy="一覧から選び直してください。")
    return _seen(rows[0])


def latest_renewals(*, limit: int, before: int | None = None) -> tuple[RenewalSeen, ...]:
    """The renewals, newest first, those before an id (key-set paging; None: from the newest)."""
    rows = fetch(
        f"""SELECT {_COLUMNS} FROM renewal_renewal WHERE %(before)s::bigint IS NULL OR id < %(before)s
             ORDER BY id DESC LIMIT %(limit)s""",
        {"before": before, "limit": limit},
    )
    return tuple(map(_seen, rows))


def former_of(renewal: RenewalSeen) -> RenewalSeen | None:
    """The latest renewal of the same kind that took effect for an earlier day, to compare with; None where none did."""
    rows = fetch(
        f"""SELECT {_COLUMNS} FROM renewal_renewal
             WHERE kind = %(kind)s AND NOT is_trial AND effected_count IS NOT NULL AND "on" < %(on)s
             ORDER BY "on" DESC, id DESC LIMIT 1""",
        {"kind": renewal.kind, "on": renewal.on},
    )
    return _seen(rows[0]) if rows else None


def counts_by_reason(renewal_id: int) -> tuple[SortedCount, ...]:
    """How many answers there are by list and first reason, in the order of the lists."""
    rows = fetch(
        """SELECT sorted, reason_code, count(*) FROM renewal_result WHERE renewal_id = %(id)s
            GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2""",
        {"id": renewal_id},
    )
    order = list(Sorted)
    found = [SortedCount(Sorted(row[0]), *row[1:]) for row in rows]
    return tuple(sorted(found, key=lambda one: order.index(one.sorted)))


def sorted_counts(renewal_id: int) -> tuple[SortedTotal, ...]:
    """How many children are on each list; of a replay a child may be on two."""
    rows = fetch(
        """SELECT sorted, count(DISTINCT child_id) FROM renewal_result WHERE renewal_id = %(id)s GROUP BY 1""",
        {"id": renewal_id},
    )
    found = dict(rows)
    return tuple(SortedTotal(one, found[one]) for one in Sorted if one in found)


def ward_counts(renewal_id: int) -> tuple[WardCount, ...]:
    """How many children of each ward are on each list."""
    rows = fetch(
        """SELECT ward_code, sorted, count(DISTINCT child_id) FROM renewal_result WHERE renewal_id = %(id)s
            GROUP BY 1, 2 ORDER BY 1, 2""",
        {"id": renewal_id},
    )
    return tuple(WardCount(row[0], Sorted(row[1]), row[2]) for row in rows)


def left_out_counts(renewal_id: int) -> tuple[LeftOutCount, ...]:
    """How many of the base are left out, by reason."""
    rows = fetch(
        """SELECT left_out, count(*) FROM renewal_member WHERE renewal_id = %(id)s AND left_out IS NOT NULL
            GROUP BY 1""",
        {"id": renewal_id},
    )
    found = dict(rows)
    return tuple(LeftOutCount(one, found[one]) for one in LeftOut if one in found)


def refusal_counts(renewal_id: int) -> dict[str, int]:
    """How many were left as they were when the renewal took effect, by code."""
    return dict(
        fetch(
            """SELECT refusal, count(*) FROM renewal_outcome WHERE renewal_id = %(id)s AND refusal <> ''
                GROUP BY 1 ORDER BY 1""",
            {"id": renewal_id},
        )
    )


def ties_of(renewal_id: int) -> tuple[TieSeen, ...]:
    """How the documents tied, once they are printed."""
    rows = fetch(
        "SELECT document, due, printed, left_out, pages FROM renewal_tie WHERE renewal_id = %(id)s ORDER BY id",
        {"id": renewal_id},
    )
    return tuple(TieSeen(*row) for row in rows)


def steps_of(renewal_id: int) -> tuple[RenewalStep, ...]:
    """What became of a renewal, oldest first."""
    rows = fetch(
        """SELECT to_state, actor_name, actor_office, at, why FROM renewal_renewal_transition
            WHERE subject_id = %(id)s ORDER BY id""",
        {"id": renewal_id},
    )
    return tuple(RenewalStep(RenewalState(row[0]), *row[1:]) for row in rows)


def digest_of(renewal_id: int) -> str:
    """What an approver sees, as one hash: the base, and how it was sorted."""
    row = fetch(
        "SELECT state, base_hash, in_count, left_out_count FROM renewal_renewal WHERE id = %(id)s",
        {"id": renewal_id},
    )
    counts = [tuple(one) for one in counts_by_reason(renewal_id)]
    compared = fetch(
        """SELECT measure, found, reference, allowed FROM renewal_expectation
            WHERE renewal_id = %(id)s ORDER BY id""",
        {"id": renewal_id},
    )
    differing = fetch(
        """SELECT effect, count(*), count(DISTINCT child_id), max(id) FROM renewal_difference
            WHERE renewal_id = %(id)s GROUP BY 1 ORDER BY 1""",
        {"id": renewal_id},
    )
    return hashlib.sha256(json.dumps([row, counts, compared, differing], default=str).encode()).hexdigest()


def fetch(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def listed(wards: Collection[str] | None) -> list[str] | None:
    """The wards as a value of a query; None is the whole city."""
    return None if wards is None else sorted(wards)


def _seen(row: tuple[Any, ...]) -> RenewalSeen:
    values = list(row)
    values[1], values[7] = RenewalKind(row[1]), RenewalState(row[7])
    return RenewalSeen(*values)
