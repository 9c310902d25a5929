"""The tables and columns of the running system, as the database's own catalogue has them."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db import connection

from kyufu.platform.databases import vault_schema

# Readable whatever the account may see of the rows; partitions repeat their parent.
_COLUMNS = """
SELECT n.nspname, c.relname, a.attname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN (current_schema(), %s)
 ORDER BY n.nspname, c.relname, a.attnum
"""


class LiveColumn(NamedTuple):
    """A column of a table that stands in the database."""

    table: str
    column: str


def live_columns() -> tuple[LiveColumn, ...]:
    """Every column of the municipality's schema and of its vault, table by table."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [vault_schema(settings.SCHEMA)])
        return tuple(LiveColumn(table, column) for _, table, column in cursor.fetchall())


def count_persons(columns: tuple[LiveColumn, ...]) -> int:
    """How many persons (addressee ids) stand in columns of the municipality's schema, each counted once."""
    if not columns:
        return 0
    selects = " UNION ".join(f'SELECT "{one.column}"::bigint AS person FROM "{one.table}"' for one in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT person) FROM ({selects}) AS found")
        return int(cursor.fetchone()[0])
