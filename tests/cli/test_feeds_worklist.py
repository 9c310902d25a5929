"""`kyufu feeds worklist` and `close`: what did not land, and how a clerk deals with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kyufu.cli import feeds as command
from kyufu.cli.main import main
from tests.cases.world import FEEDS
from tests.platform.feed_files import write_feed
from tests.registry.persons import addressee_no, fetch, resident

pytestmark = pytest.mark.django_db(transaction=True)
CLERK = ["--staff", "S0001", "--staff-name", "確認　花子", "--office", "鶴見区"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def tables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database has its tables, in a schema of another name than the settings'."""
    monkeypatch.setattr("kyufu.cli.feeds._prepare", lambda: None)


@pytest.fixture
def rows(tmp_path: Path, capsys: Capture) -> list[str]:
    """Three points on the worklist, by their numbers."""
    bad = [resident(1), *(resident(number, ido_nengappi="2026-02-30") for number in (2, 3, 4))]
    path = write_feed(tmp_path, layout=FEEDS["resident"].layout, rows=bad)
    assert main(["feeds", "import", str(path), "--municipality", "yokohama"]) == 0
    return listed(capsys)


def listed(capsys: Capture) -> list[str]:
    capsys.readouterr()
    assert main(["feeds", "worklist"]) == 0
    return re.findall(r"^(\d+): ", capsys.readouterr().out, re.MULTILINE)


def close(
    row: str, *, state: str = "resolved", why: str = "送り側が訂正を送付", who: list[str] = CLERK
) -> int:
    return main(["feeds", "close", row, "--state", state, "--why", why, *who])


def test_an_empty_worklist_says_that_it_is_empty(capsys: Capture) -> None:
    assert listed(capsys) == []
    main(["feeds", "worklist"])
    assert capsys.readouterr().out == "確認が必要な行: 0 件\n"


def test_the_points_stand_in_the_order_of_their_lines(rows: list[str], capsys: Capture) -> None:
    main(["feeds", "worklist"])
    out = capsys.readouterr().out
    assert re.findall(r"の (\d+) 行目", out) == ["4", "5", "6"]
    assert out.endswith("確認が必要な行: 3 件\n")


def test_a_long_worklist_is_listed_whole(
    rows: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PAGE", 2)
    assert listed(capsys) == rows


@pytest.mark.parametrize("state", ["resolved", "dismissed"])
def test_a_point_is_closed_with_who_and_why(state: str, rows: list[str], capsys: Capture) -> None:
    assert close(rows[1], state=state) == 0
    assert listed(capsys) == [rows[0], rows[2]]
    assert fetch(
        "SELECT from_state, to_state, actor_id, actor_name, actor_office, why "
        "FROM platform_rejected_row_transition WHERE to_state <> 'open'"
    ) == [("open", state, "S0001", "確認　花子", "鶴見区", "送り側が訂正を送付")]


def test_a_point_closed_by_mistake_is_opened_again(rows: list[str], capsys: Capture) -> None:
    close(rows[0])
    assert close(rows[0], state="open", why="取り違え") == 0
    assert listed(capsys) == rows
    steps = fetch("SELECT to_state, why FROM platform_rejected_row_transition ORDER BY id")
    assert steps[-2:] == [("resolved", "送り側が訂正を送付"), ("open", "取り違え")]


def test_a_closed_point_cannot_be_closed_in_another_way(rows: list[str], capsys: Capture) -> None:
    close(rows[0])
    assert close(rows[0], state="dismissed") == 1
    assert "エラー: " in capsys.readouterr().err
    assert fetch("SELECT state FROM platform_rejected_row WHERE id = %s", int(rows[0])) == [("resolved",)]


def test_without_a_reason_nothing_is_closed(rows: list[str], capsys: Capture) -> None:
    assert close(rows[0], why="　") == 1
    shown = capsys.readouterr().err
    assert "エラー: 理由がありません。" in shown
    assert "対応: どう片付けたかを理由として書いてください。" in shown
    assert listed(capsys) == rows


def test_nobody_closes_a_point_namelessly(rows: list[str], capsys: Capture) -> None:
    nameless = ["--staff", "S0001", "--staff-name", "", "--office", "鶴見区"]
    assert close(rows[0], who=nameless) == 2
    assert "誰が行うかが分かりません" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        close(rows[0], who=[])
    assert stopped.value.code == 2
    assert listed(capsys) == rows


def test_an_unknown_number_is_refused(capsys: Capture) -> None:
    assert close("999999") == 1
    assert "その番号の確認事項はありません" in capsys.readouterr().err


def test_the_corrected_row_lands_with_the_next_file(rows: list[str], tmp_path: Path, capsys: Capture) -> None:
    path = write_feed(tmp_path, layout=FEEDS["resident"].layout, rows=[resident(2)], mode="DIFF", seq=2)
    assert main(["feeds", "import", str(path), "--municipality", "yokohama"]) == 0
    assert fetch("SELECT addressee_no FROM registry_addressee ORDER BY 1") == [
        (addressee_no(1),),
        (addressee_no(2),),
    ]
    # The clerk sees it and closes the point; the system does not guess that it is the same matter.
    assert listed(capsys) == rows
    assert close(rows[0]) == 0
    assert listed(capsys) == rows[1:]
