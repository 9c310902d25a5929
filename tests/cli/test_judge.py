"""`kyufu judge child`: the documented example runs, and wrong input is refused in words with status 2."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kyufu.cli.main import main
from kyufu.law.child.codec import decision_from_json
from kyufu.law.decision import Outcome

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "facts.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example of the documentation as a file."""
    found = re.search(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    path = tmp_path / "facts.json"
    path.write_text(found[1], encoding="utf-8")
    return path


def run(path: Path, *more: str, on: str = "2026-06-01", municipality: str = "yokohama") -> int:
    return main(["judge", "child", "--municipality", municipality, "--on", on, str(path), *more])


def test_the_documented_example_is_judged_as_documented(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(example) == 0
    decision = decision_from_json(capsys.readouterr().out)
    assert decision.outcome is Outcome.ELIGIBLE
    assert decision.benefit_class == "free"
    assert decision.period is not None
    assert [day.isoformat() for day in decision.period if day] == ["2025-10-01", "2026-08-01"]
    steps = {step.quantity.name: step.value for step in decision.steps}
    assert (steps["judged_income"], steps["prefecture_income_limit"]) == (4_966_000, 5_700_000)


def test_the_explanation_is_in_japanese(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(example, "--explain") == 0
    shown = capsys.readouterr().out
    assert "この判定の期間：令和7年10月1日から令和8年7月31日まで" in shown
    assert "判定所得：4,966,000円" in shown


def test_a_wrong_file_is_refused_with_its_path_and_without_its_value(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(example.read_text(encoding="utf-8"))
    content["guardians"][0]["incomes"][0]["tax_year"] = "秘密"
    example.write_text(json.dumps(content), encoding="utf-8")
    assert run(example) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "facts.json $.guardians[0].incomes[0].tax_year: 整数ではありません" in shown.err
    assert "docs/reference/facts.md" in shown.err
    assert "秘密" not in shown.err
    assert str(example.parent) not in shown.err


def test_an_unknown_key_is_refused(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.write_text(
        example.read_text(encoding="utf-8").replace('"applied_on"', '"applied"'), encoding="utf-8"
    )
    assert run(example) == 2
    assert "$.applied: 知らない項目です" in capsys.readouterr().err


def test_what_is_no_facts_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nothing.json") == 2
    assert "nothing.json を読めません" in capsys.readouterr().err
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe")
    assert run(tmp_path / "latin.json") == 2
    assert "UTF-8" in capsys.readouterr().err


def test_a_wrong_day_or_municipality_is_refused(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(example, on="2026-6-1") == 2
    assert "--on は日付ではありません" in capsys.readouterr().err
    assert run(example, municipality="atlantis") == 2
    assert "atlantis" in capsys.readouterr().err
