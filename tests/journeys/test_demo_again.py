"""The demonstration again: it keeps what is there, refuses another city, starts over, and stays in its schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.city_run import CityRun, fresh_schema, shared_server
from tests.journeys.dumps import dump
from tests.journeys.log_and_vault import assert_log_is_whole, vault_of

pytestmark = pytest.mark.slow
Make = Callable[[], CityRun]

# Where a run leaves a trace of having run, although it has nothing left to do: people sign in, what could not be
# printed is tried again, and both are in the log.
TRACES = {"django_session", "web_cache", "staff_session"}
LEDGERS = ("documents_print_run", "documents_print_exception")
SIGNED_IN = {"staff_account": "last_login", "mfa_authenticator": "last_used_at"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityRun]:
    """A demonstration that ran once; the tests leave its city as it is."""
    made = CityRun(tmp_path_factory.mktemp("again") / "var", fresh_schema(), shared_server())
    done = made.run()
    assert done.returncode == 0, done.stderr[-2000:]
    yield made
    made.remove()


def contents(run: CityRun) -> dict[str, list[str]]:
    """Every row of every table as it is, keys and times included, but not when somebody signed in last."""
    return {
        table: [
            row[0]
            for row in run.rows(
                f'SELECT (to_jsonb(t) - %s)::text FROM "{table}" t ORDER BY 1', SIGNED_IN.get(table, "")
            )
        ]
        for table in run.tables()
    }


def vault_contents(run: CityRun) -> dict[str, list[str]]:
    """Every row of every table of the vault, as its own account sees it: numbers and keys are sealed."""
    tables = run.vault_rows(f"SELECT tablename FROM pg_tables WHERE schemaname = '{run.schema}_vault'")
    return {
        name: [row[0] for row in run.vault_rows(f"SELECT t::text FROM {name} t ORDER BY 1")]
        for (name,) in tables
    }


def is_trace(table: str) -> bool:
    return table in TRACES or table.startswith("audit_")


def stamps(run: CityRun) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in run.papers()}


def test_a_second_run_keeps_everything_and_prints_nothing_twice(run: CityRun) -> None:
    tables, papers, first, vault = contents(run), stamps(run), run.summary, vault_contents(run)
    credentials = (run.var / "demo" / "accounts.json").read_text(encoding="utf-8")
    again = run.run()
    assert again.returncode == 0
    now = contents(run)
    for table in [name for name in tables if name in LEDGERS or name.startswith("audit_")]:
        # What was written stands.
        assert set(tables.pop(table)) <= set(now.pop(table)), table
    assert {name: rows for name, rows in now.items() if not is_trace(name)} == {
        name: rows for name, rows in tables.items() if not is_trace(name)
    }
    assert vault_contents(run) == vault
    assert_log_is_whole(run)
    assert (run.var / "demo" / "accounts.json").read_text(encoding="utf-8") == credentials
    assert stamps(run) == papers
    kept = run.summary["kept"]
    assert [name for name in first["feeds"] if f"取込済みの連携ファイル {name}" not in kept] == []
    assert any("見本データ" in item for item in kept)
    same = ("population", "feeds", "worklists", "applications", "acquired", "rejected", "printed", "folders")
    assert {part: run.summary[part] for part in same} == {part: first[part] for part in same}
    assert "前回から引き継いだもの" in again.stdout


@pytest.mark.parametrize("wish", [("--residents", "1400"), ("--seed", "9"), ("--as-of", "2026-07-01")])
def test_another_city_is_refused_and_nothing_changes(run: CityRun, wish: tuple[str, str]) -> None:
    tables, papers = contents(run), stamps(run)
    refused = run.run(*wish)
    assert refused.returncode == 1
    assert "エラー: 前回の見本データ（住民 1,500 人、基準日 2026-08-01）が残っています。" in refused.stderr
    assert "対応: 同じ条件で実行するか、--fresh を付けて作り直してください。" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert contents(run) == tables
    assert stamps(run) == papers


def test_fresh_starts_over(new_run: Make) -> None:
    run = new_run()
    assert run.run("--residents", "900").returncode == 0
    before = set(run.papers())
    again = run.run("--fresh", "--residents", "600")
    assert again.returncode == 0, again.stderr[-2000:]
    assert not [item for item in run.summary["kept"] if "見本データ" in item or "取込済み" in item]
    assert abs(run.summary["population"]["住民（人）"] - 600) < 60
    assert run.papers()
    assert not before & set(run.papers())
    assert run.count("platform_feed_file") == len(run.summary["feeds"])
    printed = run.count("documents_document WHERE kind = 'certificate'")
    held_back = run.count("documents_print_exception WHERE kind = 'certificate'")
    assert run.count("cases_certificate") == printed + held_back


def test_data_that_is_not_the_demonstrations_is_never_touched(new_run: Make) -> None:
    run = new_run()
    assert run.run("--residents", "300").returncode == 0
    with run.connect() as connection:
        connection.execute(f'COMMENT ON SCHEMA "{run.schema}" IS NULL'.encode())
    tables, papers = contents(run), stamps(run)
    for fresh in ((), ("--fresh",)):
        refused = run.run("--residents", "300", *fresh)
        assert refused.returncode == 1
        assert "見本ではないデータがあります" in refused.stderr
    assert contents(run) == tables
    assert stamps(run) == papers


@pytest.mark.parametrize(
    "wish", [("--residents", "0"), ("--municipality", "kobe"), ("--as-of", "2026-02-30")]
)
def test_a_wrong_wish_does_not_cost_the_city_that_is_there(run: CityRun, wish: tuple[str, str]) -> None:
    tables, papers = contents(run), stamps(run)
    refused = run.run("--fresh", *wish)
    assert refused.returncode == 2
    assert "エラー: " in refused.stderr
    assert "Traceback" not in refused.stderr
    assert contents(run) == tables
    assert stamps(run) == papers
    assert (run.feeds / "manifest.json").exists()


def test_an_unknown_municipality_is_refused_on_a_city_that_is_there(run: CityRun) -> None:
    refused = run.run("--municipality", "kobe")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert "エラー: 市区町村「kobe」" in refused.stderr


def test_all_tables_are_in_the_schema_that_is_named(run: CityRun) -> None:
    public = (
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
    )
    found = set(run.tables())
    for part in ("platform_", "registry_", "evidence_", "cases_", "documents_", "django_migrations"):
        assert [table for table in found if table.startswith(part)]
    assert run.rows(public) == []


def test_two_municipalities_side_by_side_do_not_touch_each_other(run: CityRun, new_run: Make) -> None:
    before = contents(run)
    other = new_run()
    assert other.run("--residents", "400").returncode == 0
    assert contents(run) == before
    assert other.count("registry_addressee") < run.count("registry_addressee")


def test_the_same_seed_gives_the_same_tables(run: CityRun, new_run: Make) -> None:
    other = new_run()
    assert other.run().returncode == 0
    wanted, found = dump(run), dump(other)
    # A run may have tried again in the meantime what could not be printed.
    for ledger in LEDGERS:
        assert set(found.pop(ledger)) <= set(wanted.pop(ledger))
    assert found == wanted
    assert vault_of(other) == vault_of(run)


def test_no_two_runs_share_a_secret(run: CityRun, new_run: Make) -> None:
    """A password of one demonstration opens no other, although the cities are the same."""
    other = new_run()
    assert other.run("--residents", "120").returncode == 0
    ours, theirs = secrets_of(run), secrets_of(other)
    assert len(ours) == len(theirs) > 20
    assert not ours & theirs
    for name in ("secret-key", "vault/kek", "audit/signing-key"):
        assert (run.var / name).read_bytes() != (other.var / name).read_bytes(), name


def secrets_of(run: CityRun) -> set[str]:
    kept = json.loads((run.var / "demo" / "accounts.json").read_text(encoding="utf-8"))
    return {secret for both in kept.values() for secret in both}
