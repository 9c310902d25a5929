"""The log of changed facts, by which a decision made before a change is known to be stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from kyufu.platform.cluster import CLUSTER

# Named by the statement: the column's default would read the server's control file again for every row.
ONCE = f"(SELECT {CLUSTER.sql})"


def record_changes(*, source: str, rows: Iterable[tuple[int, str]]) -> None:
    """Note that facts of already known addressees changed; rows are (addressee id, what changed).

    To be called in the transaction that changes the facts: its number is what makes a decision stale.
    """
    pairs = list(rows)
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO platform_change (addressee_id, source, what, cluster) SELECT addressee_id, %s, what, {ONCE} "
            "FROM unnest(%s::bigint[], %s::text[]) AS changed (addressee_id, what)",
            [source, [addressee for addressee, _ in pairs], [what for _, what in pairs]],
        )


def record_changes_selected(*, source: str, select: str, values: Mapping[str, Any] | None = None) -> int:
    """The same for the rows (addressee_id, what) of an SQL select; returns how many were noted.

    `select` is SQL of the calling module with named placeholders such as %(file)s, filled from `values`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_change (addressee_id, source, what, cluster) "
            f"SELECT changed.addressee_id, %(change_source)s, changed.what, {ONCE} FROM ({select}) AS changed "
            "(addressee_id, what)",
            {**(values or {}), "change_source": source},
        )
        return int(cursor.rowcount)


def current_snapshot() -> str:
    """The database's view of finished transactions, to be stored when facts are gathered (pg_snapshot as text)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def current_cluster() -> int:
    """The identity of the PostgreSQL cluster, to be stored beside a snapshot: its numbers mean nothing elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {CLUSTER.sql}")
        return int(cursor.fetchone()[0])


def changed_since(
    *, addressee_ids: Iterable[int], snapshot: str, cluster: int, gathered_at: datetime
) -> dict[int, tuple[str, ...]]:
    """Which of the addressees changed after their facts were gathered, and what, oldest first.

    A change counts when it was recorded later, or when its transaction was not yet visible in the snapshot; the
    latter is asked only of changes that were written in the cluster of the snapshot.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT addressee_id, what FROM platform_change WHERE addressee_id = ANY(%s) AND (recorded_at > %s "
            "OR cluster = %s AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)) ORDER BY addressee_id, id",
            [list(addressee_ids), gathered_at, cluster, snapshot],
        )
        found: dict[int, tuple[str, ...]] = {}
        for addressee_id, what in cursor.fetchall():
            found[addressee_id] = (*found.get(addressee_id, ()), what)
        return found
