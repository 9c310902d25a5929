"""Every table of the schema is watched or left out for a reason, and its triggers are in force."""

from __future__ import annotations

import pytest
from django.db import connection

from kyufu.audit.parameters import retention
from kyufu.audit.tables import exempt_tables, logged_tables
from kyufu.audit.triggers import install_triggers
from kyufu.audit.watch import live_tables
from kyufu.platform.clock import current_date_in_japan
from tests.audit.conftest import run

pytestmark = pytest.mark.django_db
KINDS = ("audit_delete", "audit_insert", "audit_truncate", "audit_update")


def live_columns() -> dict[str, set[str]]:
    """The columns of every table of the schema, from the catalogue."""
    with connection.cursor() as cursor:
        return {table.name: {one.name for one in table.columns} for table in live_tables(cursor)}


def test_every_table_is_watched_or_left_out_for_a_reason() -> None:
    known = logged_tables().keys() | exempt_tables().keys()
    assert sorted(live_columns().keys() - known) == [], "name the table in audit/tables.toml"


def test_no_table_is_named_that_does_not_exist() -> None:
    assert sorted(logged_tables().keys() - live_columns().keys()) == []


def test_no_table_is_in_both_lists() -> None:
    assert logged_tables().keys() & exempt_tables().keys() == set()


def test_every_named_column_exists() -> None:
    columns = live_columns()
    for table in logged_tables().values():
        holder = table.through.table if table.through else table.name
        assert set(table.persons) <= columns[holder], table.name
        assert set(table.hidden) <= columns[table.name], table.name
        if table.through:
            assert table.through.column in columns[table.name]
            assert table.through.table in columns


def test_a_table_with_a_column_of_a_person_names_it() -> None:
    """Nobody forgets the person of a new table: such columns have a name by custom."""
    usual = {"addressee_id", "child_id", "guardian_id"}
    for name, columns in live_columns().items():
        if name in logged_tables() and columns & usual:
            assert set(logged_tables()[name].persons) & columns, name


def test_every_exemption_says_why_in_a_sentence() -> None:
    assert all(one.why.endswith("。") for one in exempt_tables().values())


def test_no_table_of_a_citizen_keeps_values() -> None:
    assert [table.name for table in logged_tables().values() if table.values and table.persons] == []


def test_every_kind_of_retention_is_a_parameter() -> None:
    known = retention(on=current_date_in_japan())
    assert {table.retention for table in logged_tables().values()} <= known.keys()


def test_the_triggers_are_on_every_watched_table_and_in_force() -> None:
    found = run(
        "SELECT c.relname, array_agg(t.tgname::text ORDER BY t.tgname) FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = ANY(%s) AND t.tgenabled = 'O' "
        "AND c.relnamespace = current_schema()::regnamespace GROUP BY 1",
        list(KINDS),
    )
    assert {name: tuple(kinds) for name, kinds in found} == dict.fromkeys(logged_tables(), KINDS)


def test_a_trigger_that_somebody_took_away_comes_back_with_the_next_migration() -> None:
    run("DROP TRIGGER audit_update ON registry_addressee")
    install_triggers(using="default")
    test_the_triggers_are_on_every_watched_table_and_in_force()


def test_a_trigger_that_somebody_disabled_comes_back_too() -> None:
    run("ALTER TABLE registry_addressee DISABLE TRIGGER audit_update")
    install_triggers(using="default")
    test_the_triggers_are_on_every_watched_table_and_in_force()


def test_installing_twice_changes_nothing() -> None:
    before = run("SELECT oid, xmin::text FROM pg_proc WHERE proname LIKE 'audit_on_%%' ORDER BY oid")
    install_triggers(using="default")
    assert run("SELECT oid, xmin::text FROM pg_proc WHERE proname LIKE 'audit_on_%%' ORDER BY oid") == before
