"""The ordinary account adds to the log what it is told to, and can neither take away nor forge."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors

from kyufu.audit.tables_sql import STREAMS, TABLES

pytestmark = pytest.mark.django_db
WHO = "actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no"
VALUES = "'S1', '', '', '', '', '', '', ''"
Session = psycopg.Connection[Any]


def refused(session: Session, statement: str) -> None:
    """The database refuses the statement for want of a privilege."""
    with pytest.raises(errors.InsufficientPrivilege):
        session.execute(statement)
    session.rollback()


@pytest.mark.requirement("YOK-192")
@pytest.mark.requirement("TKY-155")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
def test_nothing_is_altered_or_taken_away(ordinary_role: Session, table: str, statement: str) -> None:
    refused(ordinary_role, statement.format(table))


@pytest.mark.parametrize("table", [f"{stream}_default" for stream in STREAMS])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_nor_through_a_partition(ordinary_role: Session, table: str, statement: str) -> None:
    refused(ordinary_role, statement.format(table))


def test_every_partition_is_closed_to_it(ordinary_role: Session) -> None:
    rows = ordinary_role.execute(
        "SELECT c.relname, has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') FROM pg_class c "
        "JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent WHERE p.relname = ANY(%s) "
        "AND c.relkind = 'r'",
        [list(STREAMS)],
    ).fetchall()
    assert len(rows) >= 2 * len(STREAMS)
    assert not any(allowed for _, allowed in rows)


def test_a_reading_can_be_added(ordinary_role: Session) -> None:
    ordinary_role.execute(
        f"INSERT INTO audit_read ({WHO}, what, subjects) VALUES ({VALUES}, '{{氏名}}', '{{1}}')"
    )
    found = ordinary_role.execute("SELECT db_user FROM audit_read WHERE actor_id = 'S1'").fetchall()
    assert found == [(ordinary_role.info.user,)]
    ordinary_role.rollback()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "1"),
        ("at", "'2020-01-01'"),
        ("xid", "'1'"),
        ("cluster", "1"),
        ("db_user", "'kyufu'"),
        ("db_application", "''"),
    ],
)
@pytest.mark.parametrize(
    "rest", ["audit_read ({}, what, subjects", "audit_event ({}, kind, subjects, detail"]
)
def test_number_time_transaction_and_account_cannot_be_forged(
    ordinary_role: Session, column: str, value: str, rest: str
) -> None:
    more = "'{}', '{}'" if "audit_read" in rest else "'x', '{}', '{}'"
    refused(ordinary_role, f"INSERT INTO {rest.format(WHO)}, {column}) VALUES ({VALUES}, {more}, {value})")


@pytest.mark.parametrize("table", ["audit_write", "audit_block", "audit_retired"])
def test_writes_blocks_and_deletions_are_not_for_it_to_add(ordinary_role: Session, table: str) -> None:
    refused(ordinary_role, f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE registry_addressee DISABLE TRIGGER audit_insert",
        "DROP TRIGGER audit_insert ON registry_addressee",
        "ALTER TABLE audit_read DISABLE TRIGGER USER",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION audit_stands() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SELECT audit_note_write('x', 'INSERT', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "ALTER TABLE audit_read DETACH PARTITION audit_read_default",
    ],
)
def test_the_watch_itself_cannot_be_taken_off(ordinary_role: Session, statement: str) -> None:
    refused(ordinary_role, statement)


def test_the_owner_too_is_stopped_at_the_parent(db: None) -> None:
    from django.db import DatabaseError, transaction

    from tests.audit.conftest import run

    for table in TABLES:
        for statement in ("UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(DatabaseError, match="the log stands as written"), transaction.atomic():
                run(statement.format(table))


def test_psql_by_the_ordinary_account_is_recorded_as_that_account(ordinary_role: Session) -> None:
    ordinary_role.execute("SET application_name = 'psql'")
    ordinary_role.execute(
        "INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000099', 'resident')"
    )
    with ordinary_role.cursor().copy("COPY registry_addressee (addressee_no, kind) FROM STDIN") as copy:
        copy.write("000000000000098\tresident\n")
    found = ordinary_role.execute(
        "SELECT actor_id, db_user, screen, channel, row_count FROM audit_write "
        "WHERE db_application = 'psql' ORDER BY id"
    ).fetchall()
    account = ordinary_role.info.user
    assert found == [(account, account, "psql", "sql", 1)] * 2
    ordinary_role.rollback()
