"""Puts the write triggers on every table of the schema, after each migration and only where something changed."""

from __future__ import annotations

from hashlib import sha256

from django.db import connections
from django.db.backends.utils import CursorWrapper

from kyufu.audit.partitions import ensure_partitions
from kyufu.audit.tables import logged_tables
from kyufu.audit.trigger_sql import Column, LiveTable, note_function, table_function, table_triggers
from kyufu.platform.clock import current_date_in_japan
from kyufu.platform.databases import VAULT

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), array_agg(t.typname::text ORDER BY a.attnum),
  (SELECT array_agg(k.attname::text ORDER BY k.attnum) FROM pg_index i
     JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey)
    WHERE i.indrelid = c.oid AND i.indisprimary)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition
 GROUP BY c.oid, c.relname ORDER BY c.relname
"""
_INSTALLED = """
SELECT obj_description(to_regproc(quote_ident(current_schema()) || '.audit_note_write'), 'pg_proc'),
  (SELECT count(*) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND g.tgenabled = 'O'
      AND g.tgname IN ('audit_insert', 'audit_update', 'audit_delete', 'audit_truncate'))
"""
TRIGGERS_A_TABLE = 4


def live_tables(cursor: CursorWrapper) -> list[LiveTable]:
    """The tables of the present schema, partitions of the log apart."""
    cursor.execute(_TABLES)
    return [
        LiveTable(name, tuple(map(Column, columns, types)), tuple(key or ()))
        for name, columns, types, key in cursor.fetchall()
    ]


def install_triggers(*, using: str) -> None:
    """Make the functions and triggers of all recorded tables that exist; does nothing where they stand as wanted."""
    logged = logged_tables()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        tables = [table for table in live_tables(cursor) if table.name in logged]
        statements = note_function(schema) + "".join(
            table_function(table, logged=logged[table.name], schema=schema)
            + table_triggers(table.name, schema=schema)
            for table in tables
        )
        mark = sha256(statements.encode()).hexdigest()
        cursor.execute(_INSTALLED)
        if cursor.fetchone() == (mark, TRIGGERS_A_TABLE * len(tables)):
            return
        cursor.execute(statements)
        cursor.execute(f"COMMENT ON FUNCTION {schema}.audit_note_write IS '{mark}'")


def install_after_migration(*, using: str, **_: object) -> None:
    """What `post_migrate` calls: partitions and triggers; the vault has no log of this kind."""
    if using != VAULT and _has_log(using=using):
        ensure_partitions(on=current_date_in_japan(), using=using)
        install_triggers(using=using)


def _has_log(*, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_block') IS NOT NULL")
        return bool(cursor.fetchone()[0])
