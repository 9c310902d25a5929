"""`kyufu database` on a folder of its own, as a person types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kyufu.platform import embedded


@pytest.fixture
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kyufu-database-"))
    folder.chmod(0o755)
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


def kyufu(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings}
    return subprocess.run(
        [sys.executable, "-m", "kyufu.cli.main", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_starts_makes_the_tables_and_stops(var: Path) -> None:
    where = {"KYUFU_VAR": str(var), "KYUFU_DATABASE_URL": ""}
    down = kyufu("database", "status", **where)
    assert (down.returncode, "停止しています" in down.stdout) == (3, True)
    up = kyufu("database", "start", **where)
    assert up.returncode == 0, up.stderr
    assert "起動しています" in kyufu("database", "status", **where).stdout
    assert kyufu("database", "stop", **where).returncode == 0
    assert not embedded.is_running(var)
    assert kyufu("database", "stop", **where).returncode == 0


def test_never_stops_a_server_that_is_not_ours() -> None:
    refused = kyufu("database", "stop", KYUFU_DATABASE_URL="postgresql://somebody@127.0.0.1:1/elsewhere")
    assert refused.returncode == 1
    assert "管理者の手順" in refused.stderr
    assert "somebody" not in refused.stderr


def test_says_that_another_server_is_in_use_without_its_address() -> None:
    said = kyufu(
        "database", "status", KYUFU_DATABASE_URL="postgresql://somebody:secret@127.0.0.1:1/elsewhere"
    )
    assert said.returncode == 0
    assert "KYUFU_DATABASE_URL" in said.stdout
    assert "secret" not in said.stdout + said.stderr
