"""What a test looks at in the platform's tables."""

from __future__ import annotations

from typing import Any

from django.db import connection


def rejected(file_id: int) -> list[dict[str, Any]]:
    """The rows of a file that did not land, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT line, "column", code, message, content FROM platform_rejected_row '
            "WHERE file_id = %s ORDER BY line",
            [file_id],
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changes_of(addressee_id: int) -> list[tuple[str, str]]:
    """The changes noted of a person: source and what changed, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, what FROM platform_change WHERE addressee_id = %s ORDER BY id", [addressee_id]
        )
        return [(source, what) for source, what in cursor.fetchall()]
