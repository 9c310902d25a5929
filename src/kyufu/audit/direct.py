"""Writes that did not come from Kyufu's own sessions: by another database account, or by another program.

An account other than ours cannot hide; a program can claim our name, so that its absence here proves nothing alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper

from kyufu.audit.queries import OPERATIONS
from kyufu.audit.tables import logged_tables
from kyufu.platform.clock import JAPAN
from kyufu.platform.databases import APPLICATION
from kyufu.platform.schema import owner_alias

_NOT_OURS = """
FROM audit_write WHERE (db_application <> %(application)s OR db_user <> ALL(%(accounts)s))
   AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
"""
_FIRST = f"SELECT id, at, db_user, db_application, table_name, operation {_NOT_OURS} ORDER BY at, id LIMIT 1"


class DirectWrite(NamedTuple):
    """One of them: number and instant of its record, account, program, table and operation."""

    number: int
    at: datetime
    account: str
    program: str
    table: str
    operation: str

    def __str__(self) -> str:
        logged = logged_tables().get(self.table)
        place = logged.label if logged else self.table
        return (
            f"{self.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S} {self.account} {self.program or '（名乗りなし）'} "
            f"{place}の{OPERATIONS[self.operation]}（番号 {self.number}）"
        )


class DirectWrites(NamedTuple):
    """How many statements there were, and the first (None: none)."""

    statements: int
    first: DirectWrite | None

    def __str__(self) -> str:
        return f"{self.statements:,}件（最初：{self.first}）" if self.first else "なし"


def direct_writes(*, since: datetime | None = None, until: datetime | None = None) -> DirectWrites:
    """The writes of a period (of all time without one) whose account or program is none of ours."""
    accounts = [settings.ORDINARY_ACCOUNT, str(connections[owner_alias()].settings_dict["USER"])]
    values: dict[str, Any] = {
        "application": APPLICATION,
        "accounts": accounts,
        "since": since,
        "until": until,
    }
    with connections[owner_alias()].cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_NOT_OURS}", values)
        count = cursor.fetchone()[0]
        return DirectWrites(count, _first(cursor, values=values) if count else None)


def _first(cursor: CursorWrapper, *, values: dict[str, Any]) -> DirectWrite:
    cursor.execute(_FIRST, values)
    return DirectWrite._make(cursor.fetchone())
