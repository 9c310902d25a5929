"""For every table of the schema: whatever puts in, changes, takes out or empties leaves one record of what was done.

The rows are made from the catalogue, so that a table of tomorrow is covered by the same tests.
"""

from __future__ import annotations

import json

import pytest

from kyufu.audit.tables import LoggedTable, logged_tables
from tests.audit.conftest import run, tamper
from tests.audit.generated_rows import (
    GeneratedRow,
    free,
    last_record,
    lead_to_person,
    persons_of,
    row_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WITH_NUMBER = "coalesce(lower(row_keys)::text, row_names[1])"


@pytest.fixture(params=sorted(logged_tables()))
def logged(request: pytest.FixtureRequest) -> LoggedTable:
    """Each recorded table in turn, freed of its constraints, with its person within reach and an empty log."""
    found = logged_tables()[request.param]
    if found.through:
        lead_to_person(found, through=logged_tables()[found.through.table])
    free(found.name)
    run(f'DELETE FROM "{found.name}"')
    tamper("DELETE FROM audit_write")
    return found


@pytest.fixture
def row(logged: LoggedTable) -> GeneratedRow:
    """A row of the table."""
    return row_for(logged, number=4711)


def test_each_way_to_put_in_a_row_names_table_row_and_persons(logged: LoggedTable, row: GeneratedRow) -> None:
    row.insert()
    first = last_record("table_name", "operation", "row_count", "subjects", WITH_NUMBER)
    run(f'DELETE FROM "{logged.name}" WHERE ctid = (SELECT max(ctid) FROM "{logged.name}")')
    row.copy()
    again = last_record("table_name", "operation", "row_count", "subjects", WITH_NUMBER)
    assert first == again
    assert first[:4] == (logged.name, "INSERT", 1, persons_of(logged))
    if "id" in row.values:
        assert first[4] == row.values["id"]


def test_a_change_names_the_persons_and_exactly_the_column(logged: LoggedTable, row: GeneratedRow) -> None:
    row.insert()
    column = next((name for name, value in row.values.items() if value == "x"), None)
    if column is None:
        run(f'UPDATE "{logged.name}" SET "{next(iter(row.values))}" = "{next(iter(row.values))}"')
        assert last_record("operation", "changed") == ("UPDATE", [])
        return
    run(f'UPDATE "{logged.name}" SET "{column}" = %s WHERE "{column}" = %s', "y", "x")
    operation, changed, subjects = last_record("operation", "changed", "subjects")
    assert (operation, subjects) == ("UPDATE", persons_of(logged))
    # A key that changes makes another row of it: then every column that is not empty counts.
    assert column in changed
    assert changed == [column] or column in _key(logged.name)


def test_a_deletion_names_the_persons_who_are_gone(logged: LoggedTable, row: GeneratedRow) -> None:
    row.insert()
    run(f'DELETE FROM "{logged.name}"')
    operation, count, subjects = last_record("operation", "row_count", "subjects")
    assert operation == "DELETE"
    assert count >= 1
    assert set(persons_of(logged) or []) <= set(subjects or [])


def test_emptying_is_one_record(logged: LoggedTable, row: GeneratedRow) -> None:
    row.insert()
    before = run("SELECT count(*) FROM audit_write")[0][0]
    run(f'TRUNCATE "{logged.name}"')
    assert run("SELECT count(*) FROM audit_write")[0][0] == before + 1
    assert last_record("table_name", "operation") == (logged.name, "TRUNCATE")


def test_values_are_kept_where_they_may_be_and_nowhere_else(logged: LoggedTable, row: GeneratedRow) -> None:
    row.insert()
    (text,) = last_record("new_values::text")
    if not logged.values:
        assert text is None
        return
    kept = json.loads(text)
    assert set(kept[-1]) == {name for name, _ in _columns(logged.name)} - set(logged.hidden)
    assert not set(logged.hidden) & set(kept[-1])


def _columns(table: str) -> list[tuple[str, str]]:
    return [
        (name, kind)
        for name, kind in run(
            "SELECT column_name::text, udt_name::text FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = %s",
            table,
        )
    ]


def _key(table: str) -> set[str]:
    return {
        name
        for (name,) in run(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
            "AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND i.indrelid = %s::regclass",
            table,
        )
    }
