"""`kyufu demo run` in this process on the test database: wishes it refuses, and a village from end to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from kyufu.cli.main import main
from kyufu.demo import run as demo
from kyufu.demo.staff import Credentials
from kyufu.documents import api as documents
from kyufu.law.child.cities import city_of
from kyufu.notation.municipalities import wards_of
from tests.registry.persons import fetch

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def var(transactional_db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files go into a folder of the test's own; the server runs already, and the tables are the test's.

    The web application would be a process beside this one and not see the test database: tests/demo/test_serving.py
    and tests/journeys sign in to it for real.
    """
    with connection.cursor() as cursor:
        # The seals of an earlier village were made with a key that went with its folder.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE audit_block")
        cursor.execute("RESET session_replication_role")
    settings.VAR_DIR = tmp_path
    settings.AUDIT_KEY_FILE = tmp_path / "audit" / "signing-key"
    monkeypatch.setattr("kyufu.cli.demo.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.demo.serving.sign_everyone_in", nobody_signs_in)
    return tmp_path


def nobody_signs_in(credentials: Mapping[str, Credentials], *, log: Path) -> dict[str, int]:
    """Takes the place of the check over HTTP: everybody has credentials, nobody uses them."""
    assert log.parent.is_dir()
    return dict.fromkeys(credentials, 0)


def run(*arguments: str) -> int:
    return main(["demo", "run", "--no-serve", "--residents", "120", *arguments])


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (("--residents", "0"), "住民の数は1人から"),
        (("--residents", "-5"), "住民の数は1人から"),
        (("--municipality", "kobe"), "市区町村「kobe」の見本は作成できません"),
        (("--as-of", "2026-02-30"), "基準日を読み取れません"),
        (("--as-of", "令和8年8月1日"), "基準日を読み取れません"),
    ],
)
def test_a_wrong_wish_is_refused_before_anything_is_dropped_or_made(
    wish: tuple[str, str], words: str, var: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[str] = []
    monkeypatch.setattr(demo, "drop_schema", lambda: dropped.append("schema"))
    for fresh in ((), ("--fresh",)):
        assert run(*fresh, *wish) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert words in shown.err
    assert dropped == []
    assert list(var.iterdir()) == []


def test_a_number_that_is_none_is_refused_by_the_options(var: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("--residents", "viele")
    assert stopped.value.code == 2
    assert "--residents" in capsys.readouterr().err


def test_a_village_goes_all_the_way(var: Path, capsys: Capture) -> None:
    assert run("--seed", "5") == 0
    shown = capsys.readouterr()
    summary = json.loads((var / "demo" / "summary.json").read_text(encoding="utf-8"))
    issued = fetch("SELECT count(*) FROM cases_certificate")[0][0]
    assert issued > 0
    assert summary["applications"]["交付済"] == issued
    assert sum(total.documents for total in documents.totals()) == sum(
        count for label, count in summary["printed"].items() if label.endswith("（通）")
    )
    for stage in ("取込：住民記録", "申請の受付", "判定", "決裁", "医療証の交付", "印刷：小児医療証"):
        assert stage in summary["seconds"]
        assert f"{stage} 完了" in shown.err
    assert str(var / "documents") in shown.out


def test_the_village_again_is_kept(var: Path, capsys: Capture) -> None:
    run("--seed", "5")
    numbers = fetch("SELECT number, state FROM cases_certificate ORDER BY number")
    capsys.readouterr()
    assert run("--seed", "5") == 0
    assert "前回から引き継いだもの" in capsys.readouterr().out
    assert fetch("SELECT number, state FROM cases_certificate ORDER BY number") == numbers


def test_another_village_on_top_is_refused(var: Path, capsys: Capture) -> None:
    run("--seed", "5")
    capsys.readouterr()
    assert run("--seed", "6") == 1
    shown = capsys.readouterr().err
    assert "前回の見本データ（住民 120 人、基準日 2026-08-01）が残っています" in shown
    assert "--fresh" in shown


@pytest.fixture
def served(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a municipality be the one that is served here, until the end of the test."""

    def serve(city: str) -> None:
        monkeypatch.setenv("KYUFU_MUNICIPALITY", city)
        settings.KYUFU_MUNICIPALITY = city

    return serve


@pytest.mark.parametrize(
    ("city", "certificate", "year"),
    [
        ("kawasaki", "小児医療証", ("2026-09-01", "2027-09-01")),
        ("sapporo", "子ども医療費受給者証", ("2026-08-01", "2027-08-01")),
    ],
)
@pytest.mark.usefixtures("var")
def test_a_village_of_another_city_goes_all_the_way(
    city: str, certificate: str, year: tuple[str, str], served: Callable[[str], None], capsys: Capture
) -> None:
    served(city)
    assert run("--seed", "5", "--municipality", city) == 0
    shown = capsys.readouterr().out
    years = fetch("SELECT DISTINCT lower(valid)::text, upper(valid)::text FROM cases_certificate")
    assert year in years
    assert all(year[0] <= start < end <= year[1] for start, end in years)
    assert {row[0] for row in fetch("SELECT DISTINCT municipality FROM cases_decision")} == {city}
    wards = {row[0] for row in fetch("SELECT DISTINCT ward_code FROM cases_application")}
    assert wards <= {ward.code for ward in wards_of(city_of(city).code)}
    assert f"■ {city_of(city).full_scheme}　集計" in shown
    assert f"{certificate}（通）" in shown
    assert f"KYUFU_MUNICIPALITY={city}" in shown


def test_a_renewal_waits_for_its_approval_with_its_worklists(var: Path) -> None:
    """The night of the demonstration: everybody of the base is accounted for, and a second run keeps it."""
    from kyufu.renewal import api as renewal

    assert run() == 0
    assert run() == 0
    (night,) = renewal.latest_renewals(limit=5)
    assert night.state is renewal.RenewalState.JUDGED
    assert night.planned_by == "honcho"
    assert night.in_count
    assert night.base_count == night.in_count + (night.left_out_count or 0)
    assert sum(one.children for one in renewal.sorted_counts(night.renewal_id)) == night.in_count
