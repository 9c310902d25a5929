"""`kyufu parameters`: what a municipality must confirm comes first, with source and place."""

from __future__ import annotations

import pytest

from kyufu.cli.main import main
from kyufu.law.child import list_parameters


@pytest.mark.requirement("YOK-245")
def test_every_parameter_is_listed_by_certainty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parameters", "--municipality", "yokohama"]) == 0
    shown = capsys.readouterr().out
    headings = [line for line in shown.splitlines() if line.startswith("■")]
    assert [heading[2:4] for heading in headings] == ["仮定", "二次", "公表"]
    assert shown.count("・") >= len(list_parameters("yokohama"))
    assert "資格を認める申請までの日数＝30日 〔平成28年8月1日～〕" in shown
    assert "社会保険料相当額（一律の控除）＝80,000円" in shown
    assert "〔令和5年8月1日～令和8年5月31日〕" in shown
    for entry in list_parameters("yokohama"):
        assert f"（{entry.file} {entry.line}行）" in shown


def test_an_unknown_municipality_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parameters", "--municipality", "atlantis"]) == 2
    assert "使えるもの：yokohama" in capsys.readouterr().err
