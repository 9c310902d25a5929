"""`kyufu privacy`: the print for the officer, kept and compared."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from kyufu.cli.main import main
from kyufu.cli.privacy import NEW_ASSESSMENT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is up, and it is a day in August."""
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.cli.privacy.current_date_in_japan", lambda: date(2026, 8, 3))


def test_the_print_is_text_and_is_kept_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "privacy.json"
    assert main(["privacy", "--json", str(kept), "--incident", "no"]) == 0
    said = capsys.readouterr().out
    assert "特定個人情報保護評価の基礎資料（令和8年8月3日現在）" in said
    assert "・実施が義務付けられる評価：義務付けられない" in said
    content = json.loads(kept.read_text(encoding="utf-8"))
    assert content["on"] == "2026-08-03"
    assert content["scale"]["incident"] is False
    assert [path.name for path in tmp_path.iterdir()] == ["privacy.json"]


def test_a_comparison_ends_with_3_where_a_new_assessment_is_called_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "privacy.json"
    main(["privacy", "--json", str(kept), "--incident", "no"])
    capsys.readouterr()
    assert main(["privacy", "--compare", str(kept), "--incident", "no"]) == 0
    assert capsys.readouterr().out == "前回の出力から変わったものはありません。\n"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_addressee ADD COLUMN note text")
    assert main(["privacy", "--compare", str(kept), "--incident", "no"]) == NEW_ASSESSMENT
    said = capsys.readouterr().out
    assert said.startswith(
        "■ 重要な変更（評価の再実施が必要）：1件\n・Ⅱ2④ 記録される項目※\n    ファイル「宛名」の「宛名：備考」が加わった"
    )


def test_an_incident_that_is_not_told_is_not_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["privacy"]) == 0
    assert "・重大事故：未入力（--incident で指定する）" in capsys.readouterr().out


def test_what_cannot_be_read_or_saved_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["privacy", "--compare", str(tmp_path / "none.json")]) == 2
    assert "none.json を開けません" in capsys.readouterr().err
    assert main(["privacy", "--json", str(tmp_path / "no" / "privacy.json")]) == 2
    said = capsys.readouterr()
    assert "privacy.json に保存できません" in said.err
    assert said.out == ""
    assert str(tmp_path) not in said.err
