"""Two municipalities in one database: each in its own schema, and neither knows of the other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
NAMES = ("kyufu_test_one", "kyufu_test_two")
MAKE = "from kyufu.cli.main import prepare_django as p; p(); from kyufu.platform import schema; schema.ensure_tables()"
DROP = "from kyufu.cli.main import prepare_django as p; p(); from kyufu.platform import schema; schema.drop_schema()"
CHANGE = """
from kyufu.cli.main import prepare_django as p; p()
from kyufu.platform.changes import record_changes
record_changes(source="test", rows=[(1, "moved")])
"""


def run(code: str, *, schema: str) -> None:
    """Run code in a process of its own, which serves the municipality of the schema."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": "src", "KYUFU_SCHEMA": schema},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]


def ask(query: str) -> list[tuple[object, ...]]:
    """Ask the database past all settings of Kyufu."""
    found = settings.DATABASES["default"]
    name = str(found["NAME"]).removeprefix("test_").split("_gw")[0]
    with psycopg.connect(
        host=str(found["HOST"]), port=found["PORT"] or None, user=str(found["USER"]), dbname=name,
        password=found.get("PASSWORD") or None,
    ) as connection:  # fmt: skip
        return connection.execute(query.encode()).fetchall()


def tables(schema: str) -> set[str]:
    """The tables of a schema."""
    rows = ask(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")
    return {str(row[0]) for row in rows}


@pytest.fixture
def two() -> Iterator[None]:
    """Two municipalities with all their tables."""
    for name in NAMES:
        run(DROP, schema=name)
        run(MAKE, schema=name)
    yield
    for name in NAMES:
        run(DROP, schema=name)


@pytest.mark.slow
def test_two_municipalities_in_one_database_are_independent(two: None) -> None:
    one, other = NAMES
    assert tables(one) == tables(other) >= {"cases_application", "registry_addressee", "platform_change"}
    run(CHANGE, schema=one)
    run(CHANGE, schema=one)
    run(CHANGE, schema=other)
    assert ask(f"SELECT count(*) FROM {one}.platform_change") == [(2,)]
    assert ask(f"SELECT count(*) FROM {other}.platform_change") == [(1,)]
    crossing = ask(
        f"""SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_class r ON r.oid = c.confrelid
             WHERE c.contype = 'f' AND t.relnamespace = '{one}'::regnamespace AND r.relnamespace <> t.relnamespace"""
    )
    assert crossing == []
    run(MAKE, schema=one)
    assert ask(f"SELECT count(*) FROM {one}.platform_change") == [(2,)], "making it again changes nothing"
    run(DROP, schema=one)
    assert tables(one) == set()
    assert ask(f"SELECT count(*) FROM {other}.platform_change") == [(1,)]
    run(MAKE, schema=one)
    assert ask(f"SELECT count(*) FROM {one}.platform_change") == [(0,)]
