"""The vault's own connection: its transactions, its locks, and rows by SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.transaction import Atomic, atomic

from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.errors import Refused

# Whoever joins or adds persons holds the first; whoever encrypts holds the second, shared.
PERSONS, KEYS = "persons", "keys"


def is_configured() -> bool:
    """Is there a connection by the vault's own account?"""
    return VAULT in settings.DATABASES


def in_vault() -> Atomic:
    """A transaction of the vault; raises Refused where there is no vault."""
    if not is_configured():
        raise Refused(
            "個人番号の金庫が設定されていないため、個人番号を扱えません。",
            remedy="システムの担当へ、金庫の接続先（KYUFU_VAULT_DATABASE_URL）の設定を依頼してください。",
        )
    return atomic(using=VAULT)


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as every driver takes them
    """The rows of a query in the vault."""
    with connections[VAULT].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def change(statement: str, *values: Any) -> int:  # noqa: ANN401 - as every driver takes them
    """Run a statement in the vault; how many rows it touched."""
    with connections[VAULT].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def lock(name: str) -> None:
    """Hold a lock of the vault alone until the transaction ends."""
    rows("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/' || %s, 0))", name)


def lock_shared(name: str) -> None:
    """Hold a lock of the vault together with others of the same mind."""
    rows("SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '/' || %s, 0))", name)


def draw(sequence_of: str, *, count: int) -> Sequence[int]:
    """The next serial numbers of a table's id."""
    query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in rows(query, sequence_of, count)]


def from_now(at: datetime) -> str:
    """The range of what is held true from an instant on, as COPY takes it."""
    return f"[{at.isoformat()},)"


def signature(by: Actor) -> str:
    """Who it was, as text that stays readable."""
    return f"{by.staff_id} {by.name}（{by.office}）"


def require_reason(reason: str) -> None:
    """Raises Refused where no reason is given."""
    if not reason.strip():
        raise Refused("理由がありません。", remedy="理由を入力してください。")


def end_rows(table: str, *, where: str, values: Sequence[Any], by: Actor, reason: str, at: datetime) -> int:
    """Close the rows that are held true now and meet the condition, saying who ended them and why; how many."""
    return change(
        # What began in the same instant is held true for a moment, so that the row keeps its beginning.
        f"UPDATE {table} SET recorded = tstzrange(lower(recorded), "
        "greatest(%s, lower(recorded) + interval '1 microsecond')), ended_by = %s, ended_reason = %s "
        f"WHERE upper_inf(recorded) AND {where}",
        at, signature(by), reason, *values,
    )  # fmt: skip


OF_ROOT = "person_id IN (SELECT id FROM mynumber_person WHERE root_id = %s)"
