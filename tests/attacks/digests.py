"""What stands in the tables, so that an attack that changed something is seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection, connections

from kyufu.platform.databases import VAULT

# Written by every request, whoever sends it: the log, the session and its last use, counters of attempts.
ALWAYS = ("audit_", "django_session", "web_cache", "staff_session")
LOGS = ("audit_read", "audit_write", "audit_event")


def tables() -> list[str]:
    """Every table of the application."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT c.relispartition ORDER BY 1"
        )
        return [row[0] for row in cursor]


def digest_of_tables(*, without: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> dict[str, str]:
    """A digest of the rows of every table but those that every request writes; the vault's tables too.

    `without` names columns, by table, that are no part of it.
    """
    found = {}
    with connection.cursor() as cursor:
        for table in (one for one in tables() if not one.startswith(ALWAYS)):
            # Without the serial number, which a roll-back does not give back.
            row = "(to_jsonb(t) - %(left)s::text[])::text"
            cursor.execute(
                f"SELECT md5(coalesce(string_agg({row}, chr(10) ORDER BY {row}), '')) FROM {table} t",
                {"left": ["id", *without.get(table, ())]},
            )
            found[table] = cursor.fetchone()[0]
    with connections[VAULT].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'mynumber%%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*), max(xmin::text) FROM "{table}"')
            found[table] = str(cursor.fetchone())
    return found


def log_rows() -> set[tuple[str, str]]:
    """Every record of the log with what it says."""
    rows: set[tuple[str, str]] = set()
    with connection.cursor() as cursor:
        for table in LOGS:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows |= {(table, row[0]) for row in cursor}
    return rows
