"""Puts the write triggers and the guards of the log where they are lacking or changed, after each migration."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from kyufu.audit.events import EventKind
from kyufu.audit.partitions import ensure_partitions
from kyufu.audit.recording import record_event
from kyufu.audit.watch import Broken, broken_watch, wanted_watch
from kyufu.platform.clock import current_date_in_japan
from kyufu.platform.databases import VAULT

_SAME_NAME = """
SELECT p.oid::regprocedure::text FROM pg_proc p
 WHERE p.pronamespace = current_schema()::regnamespace AND p.proname = %s
"""


def install_triggers(*, using: str) -> list[str]:
    """Make what is lacking, changed, switched off or one too many; the tables and functions that it concerned."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        watch = wanted_watch(cursor)
        broken = broken_watch(cursor, watch=watch)
        if not broken.places():
            return []
        _clear(cursor, broken=broken)
        cursor.execute(watch.statements())
        return broken.places()


def _clear(cursor: CursorWrapper, *, broken: Broken) -> None:
    """Take away what stands in the place of ours: another of the same name would be called in its stead."""
    for kind, found in (("TRIGGER", broken.triggers), ("RULE", broken.rules)):
        for table, name in found:
            place = sql.Identifier(table)
            drop = sql.SQL(f"DROP {kind} IF EXISTS {{}} ON {{}}").format(sql.Identifier(name), place)
            cursor.execute(drop.as_string())
    for name in broken.functions:
        cursor.execute(_SAME_NAME, [name])
        for (signature,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {signature} CASCADE")


def install_after_migration(*, using: str, plan: Iterable[tuple[object, bool]] = (), **_: object) -> None:
    """What `post_migrate` calls: partitions and triggers, and a record of it; the vault has no log of this kind."""
    if using == VAULT or not _has_log(using=using):
        return
    ensure_partitions(on=current_date_in_japan(), using=using)
    restored, applied = install_triggers(using=using), [str(migration) for migration, _backwards in plan]
    if restored or applied:
        detail = {"適用した変更": "、".join(applied), "記録の仕掛けを付け直した所": "、".join(restored)}
        record_event(EventKind.SCHEMA_CHANGED, detail=detail, using=using)


def _has_log(*, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_block') IS NOT NULL")
        return bool(cursor.fetchone()[0])
