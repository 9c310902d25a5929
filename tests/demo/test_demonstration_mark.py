"""The demonstration never touches a schema that holds anything but its own data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kyufu.platform import embedded

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kyufu-mark-"))
    folder.chmod(0o755)
    embedded.ensure_running(folder)
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


def demo(*arguments: str, var: Path, schema: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KYUFU_VAR": str(var), "KYUFU_SCHEMA": schema, "KYUFU_DATABASE_URL": ""}
    command = (
        sys.executable,
        "-m",
        "kyufu.cli.main",
        "demo",
        "run",
        "--no-serve",
        "--residents",
        "60",
        *arguments,
    )
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def execute(var: Path, *, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(
        host=str(embedded.socket_folder(var)), user=embedded.DATABASE_USER, dbname=embedded.DATABASE
    ) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("arguments", [(), ("--fresh",)])
def test_refuses_a_schema_with_data_of_its_own(var: Path, arguments: tuple[str, ...]) -> None:
    execute(var, statement="CREATE SCHEMA IF NOT EXISTS realcity")
    execute(var, statement="CREATE TABLE IF NOT EXISTS realcity.important AS SELECT 1 AS kept")
    refused = demo(*arguments, var=var, schema="realcity")
    assert refused.returncode == 1
    assert "見本ではないデータ" in refused.stderr
    assert "KYUFU_SCHEMA" in refused.stderr
    assert execute(var, statement="SELECT kept FROM realcity.important") == [(1,)]


def test_takes_an_empty_schema_and_makes_it_anew_on_request(var: Path) -> None:
    first = demo(var=var, schema="training")
    assert first.returncode == 0, first.stderr
    again = demo("--fresh", var=var, schema="training")
    assert again.returncode == 0, again.stderr
    counted = execute(var, statement="SELECT count(*) FROM training.registry_addressee")
    assert counted[0][0] >= 60


def test_a_copy_without_the_mark_is_not_thrown_away(var: Path) -> None:
    assert demo(var=var, schema="copied").returncode == 0
    execute(var, statement="COMMENT ON SCHEMA copied IS NULL")
    refused = demo("--fresh", var=var, schema="copied")
    assert refused.returncode == 1
    assert execute(var, statement="SELECT count(*) >= 60 FROM copied.registry_addressee") == [(True,)]
