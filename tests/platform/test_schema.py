"""The municipality's schema: made once, marked as a demonstration, asked whether it holds anything."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from kyufu.platform import schema

ODD = ('t_"quoted"', "t_drop; --", "t_横浜")


def run(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A schema of its own, within the transaction of the test."""
    monkeypatch.setattr(settings, "SCHEMA", "t_city")
    schema.ensure_schema()
    return "t_city"


def exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name])
        return cursor.fetchone() is not None


def test_a_schema_is_made_once_and_making_it_again_keeps_what_is_in_it(city: str) -> None:
    run(f"CREATE TABLE {city}.t_one AS SELECT 1 AS n")
    schema.ensure_schema()
    assert run(f"SELECT n FROM {city}.t_one") == [(1,)]


def test_dropping_takes_everything_of_it_and_nothing_else(city: str) -> None:
    run(
        f"CREATE TABLE {city}.t_one (n integer); CREATE SCHEMA t_neighbour; CREATE TABLE t_neighbour.t_one (n integer)"
    )
    schema.drop_schema()
    assert (exists(city), exists("t_neighbour")) == (False, True)
    schema.drop_schema()


@pytest.mark.parametrize("name", ODD)
def test_a_name_is_never_read_as_sql(db: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(settings, "SCHEMA", name)
    schema.ensure_schema()
    assert exists(name)
    schema.mark_as_demonstration()
    assert schema.is_demonstration()
    assert not schema.holds_data()
    schema.drop_schema()
    assert not exists(name)


def test_only_a_marked_schema_is_a_demonstration(city: str) -> None:
    assert not schema.is_demonstration()
    run(f"COMMENT ON SCHEMA {city} IS '本番'")
    assert not schema.is_demonstration()
    schema.mark_as_demonstration()
    assert schema.is_demonstration()


def test_the_mark_goes_with_the_schema(city: str) -> None:
    schema.mark_as_demonstration()
    schema.drop_schema()
    assert not schema.is_demonstration()
    schema.ensure_schema()
    assert not schema.is_demonstration()


def test_a_schema_holds_data_when_any_of_its_own_tables_has_a_row(city: str) -> None:
    assert not schema.holds_data()
    run(f"CREATE TABLE {city}.t_one (n integer); CREATE TABLE {city}.django_migrations AS SELECT 1 AS n")
    assert not schema.holds_data(), "the record of migrations is nobody's data"
    run(f"CREATE TABLE {city}.t_two AS SELECT 1 AS n")
    assert schema.holds_data()
    run(f"DELETE FROM {city}.t_two")
    assert not schema.holds_data()


def test_the_data_of_a_neighbour_is_not_ours(city: str) -> None:
    run("CREATE SCHEMA t_neighbour; CREATE TABLE t_neighbour.t_one AS SELECT 1 AS n")
    assert not schema.holds_data()
