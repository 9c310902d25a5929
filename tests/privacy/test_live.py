"""The catalogue of the database is read as it is, and persons are counted once."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from kyufu.privacy.live import LiveColumn, count_persons, live_columns
from tests.registry.persons import Register, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None, tmp_path: Any) -> Register:
    """The resident register as a sender."""
    return Register(tmp_path)


def execute(statement: str) -> None:
    """Run a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def columns_of(table: str) -> list[str]:
    """What is seen of a table, in its order."""
    return [one.column for one in live_columns() if one.table == table]


def test_columns_come_in_the_order_of_the_table_and_leave_with_it() -> None:
    execute("CREATE TABLE newcomer (b int, a int, c int)")
    assert columns_of("newcomer") == ["b", "a", "c"]
    execute("ALTER TABLE newcomer DROP COLUMN a")
    assert columns_of("newcomer") == ["b", "c"]
    execute("DROP TABLE newcomer")
    assert columns_of("newcomer") == []


def test_views_indexes_sequences_and_temporary_tables_are_no_files() -> None:
    execute("CREATE VIEW seen AS SELECT 1 AS a")
    execute("CREATE TEMPORARY TABLE passing (a int)")
    execute("CREATE SEQUENCE counted")
    assert {one.table for one in live_columns()} & {"seen", "passing", "counted"} == set()


def test_a_partition_is_its_parent_and_not_told_twice() -> None:
    tables = {one.table for one in live_columns()}
    assert {"audit_read", "audit_write", "audit_event"} <= tables
    assert not {table for table in tables if table.startswith("audit_read_")}


def test_the_ordinary_account_sees_the_vaults_columns_and_not_its_rows(
    ordinary_role: psycopg.Connection[Any],
) -> None:
    found = connections["vault"].settings_dict
    schema = str(found["OPTIONS"]["options"]).split("search_path=")[1].split(",")[0]
    names = ordinary_role.execute(
        "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = 'mynumber_number'",
        [schema],
    ).fetchone()
    assert names is not None
    assert names[0] > 5
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ordinary_role.execute(f'SELECT count(*) FROM "{schema}".mynumber_number')


def test_a_person_in_several_tables_is_counted_once(register: Register) -> None:
    register.send([resident(1), resident(2)], mode="FULL")
    columns = (
        LiveColumn("registry_addressee", "id"),
        LiveColumn("registry_person_event", "addressee_id"),
        LiveColumn("registry_person_version", "addressee_id"),
    )
    assert [count_persons(columns[:end]) for end in (0, 1, 2, 3)] == [0, 2, 2, 2]


def test_nobody_is_not_a_person() -> None:
    execute("CREATE TABLE newcomer (addressee_id bigint)")
    execute("INSERT INTO newcomer VALUES (NULL), (7), (7), (8)")
    assert count_persons((LiveColumn("newcomer", "addressee_id"),)) == 2
