"""A file of staff transfers by the same command as every other feed, and what does not fit on the worklist."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.cli.feeds import known_feeds
from kyufu.cli.main import main
from kyufu.notation.check_digits import CheckDigit
from kyufu.staff import api as staff
from kyufu.staff.personnel import MOVED, PERSONNEL, RETIRED
from tests.platform.feed_files import write_feed
from tests.staff.town import NOW, TODAY, Town, build_town, days, rows

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town, on the tables that the tests made."""
    monkeypatch.setattr("kyufu.platform.schema.ensure_tables", lambda: None)
    monkeypatch.setattr("kyufu.platform.feeds.intake.current_instant", lambda: NOW)
    return build_town()


def event(kind: str, *, number: str = "PC001", office: str = "") -> dict[str, object]:
    return {
        "ido_jiyu": kind, "shokuin_bango": number, "koryoku_nengappi": TODAY + days(26), "shozoku_kodo": office,
    }  # fmt: skip


def take_in(folder: Path, *events: dict[str, object], seq: int = 1) -> int:
    path = write_feed(folder, layout=PERSONNEL, rows=events, seq=seq)
    return main(["feeds", "import", str(path), "--municipality", "yokohama"])


def test_the_feed_is_among_those_that_are_known() -> None:
    assert known_feeds(CheckDigit.TESTED)["personnel"].layout is PERSONNEL


@pytest.mark.requirement("YOK-173", "KWS-171", "ATG-221")
def test_transfers_are_taken_in_and_close_grants_on_the_day(
    town: Town, tmp_path: Path, capsys: Capture
) -> None:
    town.grant(town.clerk)
    assert take_in(tmp_path, event(MOVED, office="KAN"), event(RETIRED, number="P99999")) == 0
    said = capsys.readouterr().out
    assert "人事異動 2 行のうち 2 行を取り込みました。" in said
    assert "異動 1、終わる権限 1、アカウントのない職員 1" in said
    assert staff.rights_of(town.clerk, on=TODAY + days(25)).held
    assert staff.rights_of(town.clerk, on=TODAY + days(26)).held == frozenset()


def test_the_same_file_again_changes_nothing(town: Town, tmp_path: Path, capsys: Capture) -> None:
    assert take_in(tmp_path, event(MOVED, office="KAN")) == 0
    before = rows("SELECT * FROM staff_posting ORDER BY id")
    assert take_in(tmp_path, event(MOVED, office="KAN")) == 0
    assert "取り込み済みです" in capsys.readouterr().out
    assert rows("SELECT * FROM staff_posting ORDER BY id") == before


def test_what_does_not_fit_is_on_the_worklist_without_the_row(
    town: Town, tmp_path: Path, capsys: Capture
) -> None:
    assert take_in(tmp_path, event(MOVED)) == 0
    assert "確認が必要な行 1" in capsys.readouterr().out
    assert main(["feeds", "worklist"]) == 0
    said = capsys.readouterr().out
    assert "「新しい所属コード」がありません" in said
    assert "PC001" not in said


def test_a_file_whose_frame_is_wrong_changes_nothing(town: Town, tmp_path: Path, capsys: Capture) -> None:
    path = write_feed(tmp_path, layout=PERSONNEL, rows=[event(RETIRED)])
    path.write_text(path.read_text(encoding="utf-8").replace("T,1,", "T,2,"), encoding="utf-8")
    assert main(["feeds", "import", str(path), "--municipality", "yokohama"]) == 2
    assert "何も取り込んでいません" in capsys.readouterr().err
    assert rows("SELECT count(*) FROM staff_account WHERE leaves_on IS NOT NULL") == [(0,)]
