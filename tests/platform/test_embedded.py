"""The embedded server: made once, started when it is down, cleared when its making was cut off."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from kyufu.platform import embedded
from kyufu.platform.errors import KyufuError


@pytest.fixture
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kyufu-embedded-")) / "var"
    folder.mkdir()
    yield folder
    embedded.stop(folder)
    shutil.rmtree(embedded.socket_folder(folder), ignore_errors=True)
    shutil.rmtree(folder.parent)


def answer(var: Path, *, query: str) -> object:
    with psycopg.connect(
        host=str(embedded.socket_folder(var)), user=embedded.DATABASE_USER, dbname=embedded.DATABASE
    ) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


@pytest.mark.slow
def test_starts_stops_and_starts_again_with_its_data(var: Path) -> None:
    embedded.ensure_running(var)
    answer(var, query="SELECT lo_create(4711)")
    embedded.stop(var)
    assert not embedded.is_running(var)
    embedded.ensure_running(var)
    embedded.ensure_running(var)
    assert answer(var, query="SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 4711") == 1


@pytest.mark.slow
def test_durability_is_on_and_errors_carry_no_values(var: Path) -> None:
    embedded.ensure_running(var)
    assert answer(var, query="SHOW fsync") == "on"
    assert answer(var, query="SHOW synchronous_commit") == "on"
    with pytest.raises(psycopg.errors.UniqueViolation):
        answer(
            var,
            query="CREATE TABLE once (name text UNIQUE); INSERT INTO once VALUES ('見本花子'), ('見本花子')",
        )
    assert "見本花子" not in (embedded.data_folder(var) / "server.log").read_text(encoding="utf-8")


@pytest.mark.slow
def test_clears_what_a_killed_first_start_left_behind(var: Path) -> None:
    data = embedded.data_folder(var)
    (data / "base").mkdir(parents=True)
    (data / "half-written").write_text("")
    embedded.ensure_running(var)
    assert answer(var, query="SELECT 1") == 1
    assert not (data / "half-written").exists()


@pytest.mark.slow
def test_a_folder_made_anew_gets_its_own_server_though_the_old_one_still_runs(var: Path) -> None:
    embedded.ensure_running(var)
    answer(var, query="SELECT lo_create(4712)")
    shutil.rmtree(embedded.data_folder(var))
    embedded.ensure_running(var)
    assert answer(var, query="SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 4712") == 0


@pytest.mark.slow
def test_two_commands_that_start_it_at_once_get_one_server(var: Path) -> None:
    with ThreadPoolExecutor(2) as starters:
        list(starters.map(embedded.ensure_running, (var, var)))
    assert answer(var, query="SELECT 1") == 1


def test_names_what_is_missing_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(KyufuError, match="内蔵データベース") as refusal:
        embedded.binaries()
    assert "KYUFU_DATABASE_URL" in refusal.value.remedy


def test_socket_path_stays_short_for_a_deep_folder() -> None:
    deep = Path("/" + "/".join(["とても深い場所"] * 30))
    assert len(str(embedded.socket_folder(deep) / ".s.PGSQL.5432").encode()) < 100


def test_two_folders_have_two_sockets(tmp_path: Path) -> None:
    assert embedded.socket_folder(tmp_path / "a") != embedded.socket_folder(tmp_path / "b")
