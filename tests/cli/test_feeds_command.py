"""`kyufu feeds`: what a clerk of the IT section sees when files come in, right or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.cli.main import main
from kyufu.registry.feeds.layouts import RESIDENT
from tests.platform.feed_files import write_feed
from tests.registry.persons import my_number, resident

STAFF = ("--staff", "S0001", "--staff-name", "職員　一郎", "--office", "鶴見区保険年金課")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is up and has its tables."""
    monkeypatch.setattr("kyufu.cli.feeds._prepare", lambda: None)


def test_files_are_taken_in_and_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = write_feed(tmp_path, layout=RESIDENT, rows=[resident(1), resident(2, shimei="長" * 101)])
    diff = write_feed(tmp_path, layout=RESIDENT, rows=[resident(3)], mode="DIFF", seq=2)
    assert main(["feeds", "import", str(full), str(diff), "--municipality", "yokohama"]) == 0
    assert main(["feeds", "import", str(full), "--municipality", "141003"]) == 0
    first, second, again = capsys.readouterr().out.splitlines()
    assert first.startswith(
        "resident_FULL_000001.csv: 住民記録 2 行のうち 1 行を取り込みました、確認が必要な行 1"
    )
    assert second.startswith(
        "resident_DIFF_000002.csv: 住民記録 1 行のうち 1 行を取り込みました。新しい住民 1"
    )
    assert "何も変えていません" in again


def test_a_refused_file_says_line_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_feed(tmp_path, layout=RESIDENT, rows=[resident(1)], mode="DIFF", seq=2)
    assert main(["feeds", "import", str(path), "--municipality", "yokohama"]) == 2
    said = capsys.readouterr().err
    assert "resident_DIFF_000002.csv の 1 行目" in said
    assert "対応: 通番 000001 から順に" in said
    assert str(tmp_path) not in said


def test_a_missing_file_and_another_city_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feeds", "import", str(tmp_path / "none.csv"), "--municipality", "yokohama"]) == 2
    path = write_feed(tmp_path, layout=RESIDENT, rows=[resident(1)])
    assert main(["feeds", "import", str(path), "--municipality", "141305"]) == 2
    assert "ほかの団体" in capsys.readouterr().err


def test_the_worklist_names_rows_without_their_content_and_closes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_feed(tmp_path, layout=RESIDENT, rows=[resident(1, ido_nengappi="2024-02-30")])
    main(["feeds", "import", str(path), "--municipality", "yokohama"])
    capsys.readouterr()
    assert main(["feeds", "worklist"]) == 0
    listed = capsys.readouterr().out
    assert "resident_FULL_000001.csv の 3 行目 「異動年月日」が暦にある年月日" in listed
    assert "見本" not in listed
    assert my_number(1) not in listed
    row_id = listed.split(":")[0]
    assert main(["feeds", "close", row_id, "--state", "resolved", "--why", "訂正を依頼した。", *STAFF]) == 0
    assert main(["feeds", "close", row_id, "--state", "dismissed", "--why", "もう一度", *STAFF]) == 1
    main(["feeds", "worklist"])
    assert "確認が必要な行: 0 件" in capsys.readouterr().out


def test_applications_are_taken_in_on_somebodys_responsibility(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "application_FULL_000001.csv"
    path.write_text("H,application,1,FULL,141003,000001,2026-08-01T03:00:00+09:00\n", encoding="utf-8")
    assert main(["feeds", "import", str(path), "--municipality", "yokohama"]) == 2
    assert "--staff" in capsys.readouterr().err
