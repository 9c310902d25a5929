"""What the ordinary account may do, brought about by the difference alone: where nothing is lacking nothing is done.

No right is ever given to be taken back: a table of the log never has, for a moment, what an ordinary table has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

LOG_TABLES = "audit_"
# The rest of the log is written by triggers and by the job that chains it, with the owner's rights alone.
RECORDED_TABLES = frozenset({"audit_read", "audit_event"})
ROWS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
# From this version on an account may be let refresh the statistics of tables that are not its own. It may lock them
# then, too, so that it is not let on the log.
VERSION_WITH_MAINTAIN = 170000

# One row a table or sequence: its kind, what the account holds of the whole, and of which columns it holds INSERT.
_HELD = """
SELECT c.relname, c.relkind = 'S',
  (SELECT coalesce(array_agg(a.privilege_type::text), '{}') FROM aclexplode(c.relacl) a
    WHERE a.grantee = to_regrole(quote_ident(%(account)s))::oid),
  (SELECT coalesce(array_agg(t.attname::text || ':' || a.privilege_type), '{}')
     FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a
    WHERE t.attrelid = c.oid AND a.grantee = to_regrole(quote_ident(%(account)s))::oid),
  (SELECT coalesce(array_agg(t.attname::text), '{}') FROM pg_attribute t
    WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped AND NOT t.atthasdef AND t.attidentity = ''),
  current_setting('server_version_num')::int
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'S') ORDER BY c.relname
"""
# Two commands at once must not change the same rights.
LOCK = 7_209_251_940_113_622
_MAY_LOOK_IN = "SELECT has_schema_privilege(%s, %s, 'USAGE')"


class _Holding(NamedTuple):
    """A table (or sequence), what the account holds of it, and the columns that a record of it is told.

    Number, time, transaction and account of a record the database fills in itself.
    """

    name: str
    is_sequence: bool
    privileges: frozenset[str]
    of_columns: frozenset[str]
    told: frozenset[str]
    version: int

    def wanted(self) -> frozenset[str]:
        """The privileges on the whole."""
        if self.is_sequence:
            return frozenset({"USAGE", "SELECT"})
        if self.name.startswith(LOG_TABLES):
            return frozenset({"SELECT"})
        return ROWS | {"MAINTAIN"} if self.version >= VERSION_WITH_MAINTAIN else ROWS

    def wanted_of_columns(self) -> frozenset[str]:
        """The privileges on single columns, as `column:PRIVILEGE`."""
        return (
            frozenset(f"{one}:INSERT" for one in self.told) if self.name in RECORDED_TABLES else frozenset()
        )


def grant_rows(*, schema: str, account: str, using: str) -> int:
    """Give the account what it lacks in the schema and take what it has too much, in one transaction.

    Returns how many statements that took: none where everything stands as wanted.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        statements = [*_differences(cursor, schema=schema, account=account)]
        for statement in statements:
            cursor.execute(statement.as_string())
        return len(statements)


def _differences(cursor: CursorWrapper, *, schema: str, account: str) -> Iterator[sql.Composable]:
    names = {"schema": schema, "account": account}
    cursor.execute(_MAY_LOOK_IN, [account, schema])
    if not cursor.fetchone()[0]:
        yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(
            sql.Identifier(schema), sql.Identifier(account)
        )
    cursor.execute(_HELD, names)
    for name, is_sequence, held, of_columns, told, version in cursor.fetchall():
        holding = _Holding(
            name, is_sequence, frozenset(held), frozenset(of_columns), frozenset(told), version
        )
        yield from _of_one(holding, names=names)


def _of_one(holding: _Holding, *, names: Mapping[str, str]) -> Iterator[sql.Composable]:
    kind = sql.SQL("SEQUENCE" if holding.is_sequence else "TABLE")
    place, account = sql.Identifier(names["schema"], holding.name), sql.Identifier(names["account"])
    surplus = holding.privileges - holding.wanted()
    # What is taken of a whole table, PostgreSQL takes of its columns too.
    columns = frozenset[str]() if surplus else holding.of_columns
    wanted_columns = holding.wanted_of_columns()
    for verb, privileges in (
        ("GRANT {} ON {} {} TO {}", _whole(holding.wanted() - holding.privileges)),
        ("REVOKE {} ON {} {} FROM {}", _whole(surplus)),
        ("GRANT {} ON {} {} TO {}", _single(wanted_columns - columns)),
        ("REVOKE {} ON {} {} FROM {}", _single(columns - wanted_columns)),
    ):
        if privileges:
            yield sql.SQL(verb).format(sql.SQL(", ").join(privileges), kind, place, account)


def _whole(privileges: frozenset[str]) -> list[sql.Composable]:
    return [sql.SQL(one) for one in sorted(privileges)]


def _single(privileges: frozenset[str]) -> list[sql.Composable]:
    parts = (one.rpartition(":") for one in sorted(privileges))
    return [sql.SQL("{} ({})").format(sql.SQL(verb), sql.Identifier(column)) for column, _, verb in parts]
