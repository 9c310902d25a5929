"""What stands in the log, for tests of the pages."""

from __future__ import annotations

from typing import Any

from django.db import connection


def reads_on(screen: str, *, by: str) -> list[tuple[Any, ...]]:
    """Purpose, case number, fields and persons of what somebody (a staff number) read on a screen, oldest first.

    The log outlives the tables that a test empties, and every test has staff of its own.
    """
    return _rows(
        "SELECT purpose, case_no, what, subjects FROM audit_read WHERE screen = %s AND actor_id = %s ORDER BY id",
        screen,
        by,
    )


def events_of(kind: str, *, by: str) -> list[tuple[Any, ...]]:
    """Detail (JSON text) and persons of the events of a kind that somebody caused, oldest first."""
    return _rows(
        "SELECT detail::text, subjects FROM audit_event WHERE kind = %s AND actor_id = %s ORDER BY id",
        kind,
        by,
    )


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())
