"""One municipality is one schema: make it, and bring its tables to the present version."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql


def ensure_schema() -> None:
    """Create the municipality's schema when it does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(settings.SCHEMA)).as_string()
        )


def ensure_tables() -> None:
    """Create the schema and apply the migrations that it lacks."""
    ensure_schema()
    call_command("migrate", verbosity=0, interactive=False)


def drop_schema() -> None:
    """Throw the municipality's schema away with everything in it (the demo's --fresh)."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(settings.SCHEMA)).as_string()
        )


DEMONSTRATION = "見本（kyufu demo）：消して作り直してよい"


def mark_as_demonstration() -> None:
    """Mark the schema as the demonstration's own, which --fresh may throw away."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}")
            .format(sql.Identifier(settings.SCHEMA), sql.Literal(DEMONSTRATION))
            .as_string()
        )


def is_demonstration() -> bool:
    """Does the schema carry the demonstration's mark?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') = %s FROM pg_namespace WHERE nspname = %s",
            (DEMONSTRATION, settings.SCHEMA),
        )
        row = cursor.fetchone()
        return bool(row and row[0])


def holds_data() -> bool:
    """Is there a table in the schema with a row of its own, the record of migrations apart?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename NOT LIKE 'django\\_%%'",
            (settings.SCHEMA,),
        )
        return any(_has_rows(cursor, table=row[0]) for row in cursor.fetchall())


def _has_rows(cursor: CursorWrapper, *, table: str) -> bool:
    place = sql.Identifier(settings.SCHEMA, table)
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(place).as_string())
    return bool(cursor.fetchone()[0])
