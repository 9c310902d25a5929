"""One municipality is one schema: make it, and bring its tables to the present version."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
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
