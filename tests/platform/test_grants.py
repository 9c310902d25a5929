"""The rights of the ordinary account: brought about by the difference, and never wider for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.platform.grants import grant_rows
from tests.audit.conftest import run

pytestmark = pytest.mark.django_db
EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def grant() -> int:
    """Bring the rights about; how many statements it took."""
    return grant_rows(schema="public", account=settings.ORDINARY_ACCOUNT, using="default")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What changes rights, as it is sent."""
    sent: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield sent
    sent += [one["sql"] for one in queries if one["sql"].startswith(("GRANT", "REVOKE"))]


def held(table: str) -> set[str]:
    """What the account may do with a whole table."""
    return {
        one
        for one in EVERYTHING
        if run("SELECT has_table_privilege(%s, %s, %s)", settings.ORDINARY_ACCOUNT, table, one) == [(True,)]
    }


def may_tell(table: str, column: str) -> bool:
    """May the account say this of a new record?"""
    found = run("SELECT has_column_privilege(%s, %s, %s, 'INSERT')", settings.ORDINARY_ACCOUNT, table, column)
    return bool(found[0][0])


def test_where_nothing_is_lacking_nothing_is_changed() -> None:
    grant()
    with statements() as sent:
        assert grant() == 0
    assert sent == []


@pytest.mark.requirement("YOK-192")
def test_no_statement_gives_more_on_the_log_than_reading_and_telling() -> None:
    """Even from nothing: what is given to be taken back would be open in between."""
    account = settings.ORDINARY_ACCOUNT
    run(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {account}")
    with statements() as sent:
        grant()
    assert not [one for one in sent if one.startswith("REVOKE") or "ALL TABLES" in one]
    on_log = [one for one in sent if '"audit_' in one]
    assert on_log
    assert all(one.startswith(("GRANT SELECT ON", "GRANT INSERT (")) for one in on_log)
    assert held("audit_read") == held("audit_read_default") == held("audit_block") == {"SELECT"}
    assert may_tell("audit_read", "purpose")
    assert not may_tell("audit_read", "at")
    assert grant() == 0


@pytest.mark.parametrize(
    "table", ["audit_read", "audit_read_default", "audit_write", "audit_block", "audit_retired"]
)
def test_what_somebody_gave_on_the_log_is_taken_back(table: str) -> None:
    run(f"GRANT ALL ON {table} TO {settings.ORDINARY_ACCOUNT}")
    assert held(table) == set(EVERYTHING)
    grant()
    assert held(table) == {"SELECT"}
    assert grant() == 0


def test_a_column_that_nobody_is_to_tell_is_taken_back() -> None:
    run(f"GRANT INSERT (at, purpose) ON audit_event TO {settings.ORDINARY_ACCOUNT}")
    grant()
    assert not may_tell("audit_event", "at")
    assert may_tell("audit_event", "purpose")


def test_an_ordinary_table_is_open_to_rows_and_not_to_emptying() -> None:
    run(f"CREATE TABLE t_new (n integer); GRANT TRUNCATE ON t_new TO {settings.ORDINARY_ACCOUNT}")
    grant()
    assert held("t_new") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_log_cannot_be_locked_by_maintenance() -> None:
    if connection.pg_version < 170000:  # type: ignore[attr-defined]
        return  # the right is new in PostgreSQL 17
    account = settings.ORDINARY_ACCOUNT
    found = run(
        "SELECT relname FROM pg_class WHERE relname LIKE 'audit\\_%%' AND relkind IN ('r', 'p') "
        "AND has_table_privilege(%s, oid, 'MAINTAIN')", account,
    )  # fmt: skip
    assert found == []
    assert run("SELECT has_table_privilege(%s, 'registry_addressee', 'MAINTAIN')", account) == [(True,)]


def test_a_schema_without_the_log_is_granted_too() -> None:
    """Where the tables lie elsewhere there is no record to be told, and no empty list of columns."""
    run("CREATE SCHEMA t_bare; CREATE TABLE t_bare.t_one (n integer)")
    assert grant_rows(schema="t_bare", account=settings.ORDINARY_ACCOUNT, using="default") == 2
    assert held("t_bare.t_one") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_a_name_is_never_read_as_sql() -> None:
    run('CREATE TABLE "t_; DROP TABLE audit_read; --" (n integer)')
    grant()
    assert held('"t_; DROP TABLE audit_read; --"') == {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.fixture
def as_configured(ordinary_role: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """The ordinary account with the session options of Kyufu's own connection."""
    found, options = connection.settings_dict, settings.DATABASES["default"]["OPTIONS"]["options"]
    with psycopg.connect(
        host=str(found["HOST"]), port=found["PORT"] or None, user=settings.ORDINARY_ACCOUNT,
        dbname=str(found["NAME"]), options=options,
    ) as session:  # fmt: skip
        yield session
        session.rollback()


@pytest.mark.parametrize("table", ["audit_event", "staff_grant"])
def test_a_temporary_twin_does_not_take_the_place_of_a_table(
    as_configured: psycopg.Connection[Any], table: str
) -> None:
    as_configured.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})")
    (found,) = as_configured.execute(
        "SELECT %s::regclass = %s::regclass", [table, f"public.{table}"]
    ).fetchall()
    assert found == (True,)


def test_a_record_reaches_the_log_past_its_temporary_twin(as_configured: psycopg.Connection[Any]) -> None:
    as_configured.execute("CREATE TEMPORARY TABLE audit_event (LIKE public.audit_event)")
    as_configured.execute(
        "INSERT INTO audit_event (actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no, "
        "kind, detail, subjects) VALUES ('S8', '', '', '', '', '', '', '', 'exported', '{}', '{}')"
    )
    for place, expected in (("public", 1), ("pg_temp", 0)):
        found = as_configured.execute(
            f"SELECT count(*) FROM {place}.audit_event WHERE actor_id = 'S8'"
        ).fetchone()
        assert found == (expected,)


def test_a_temporary_table_of_our_own_is_found_by_its_plain_name(
    as_configured: psycopg.Connection[Any],
) -> None:
    as_configured.execute("CREATE TEMPORARY TABLE t_staged (n integer) ON COMMIT DROP")
    as_configured.execute("INSERT INTO t_staged VALUES (1)")
    assert as_configured.execute("SELECT n FROM t_staged").fetchall() == [(1,)]
