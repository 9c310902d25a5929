"""`kyufu judge child` from outside: the same bytes in every process, and every wrong file refused in words."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kyufu.cli.main import main
from kyufu.law.child.codec import decision_from_json, facts_to_json
from kyufu.law.child.facts import Dependants
from tests.law.independent import EXEMPT, OVER, UNDER, child_of, earner, judged

SOURCE = Path(__file__).parents[2] / "src"
FACTS = child_of(
    earner(UNDER, ref="a", levies=EXEMPT),
    earner(OVER, ref="b", dependants=Dependants(2)),
    born=date(2011, 4, 1),
)
DAYS = [
    "2016-12-31",
    "2018-06-01",
    "2022-07-31",
    "2022-08-01",
    "2023-08-01",
    "2026-05-31",
    "2026-06-01",
    "2030-01-01",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A facts file."""
    path = tmp_path / "facts.json"
    path.write_text(facts_to_json(FACTS), encoding="utf-8")
    return path


def command(path: Path, *more: str, on: str) -> list[str]:
    return ["judge", "child", "--municipality", "yokohama", "--on", on, str(path), *more]


@pytest.mark.parametrize("on", DAYS)
def test_what_is_printed_is_the_decision(file: Path, on: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(file, on=on)) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.count("\n") == 1
    assert decision_from_json(shown.out) == judged(FACTS, on=date.fromisoformat(on))
    assert [finding["name"] for finding in json.loads(shown.out)["findings"]] == ["prefecture"]


def test_other_processes_print_the_same_bytes(file: Path, tmp_path: Path) -> None:
    printed = set()
    for seed, zone in (("0", "UTC"), ("4711", "Asia/Tokyo")):
        run = subprocess.run(
            [sys.executable, "-m", "kyufu.cli.main", *command(file, on="2022-08-01")],
            env=os.environ
            | {"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONUTF8": "1"},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        printed.add(run.stdout)
    assert len(printed) == 1
    assert json.loads(printed.pop())["outcome"] == "not_eligible"


@pytest.mark.parametrize("on", DAYS)
def test_the_explanation_has_no_code_but_for_its_foot(
    file: Path, on: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(file, "--explain", on=on)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("【横浜市 小児医療費助成】")
    assert not [line for line in lines[:-1] if re.search(r"[A-Za-z_]{2,}|\d{4}-\d\d-\d\d", line)]


def spoil(content: Any, *, at: str) -> None:
    """Put a value that is a secret where it does not belong."""
    *way, last = re.findall(r"\w+", at)
    for key in way:
        content = content[int(key)] if key.isdigit() else content[key]
    content[last] = "秘密太郎"


@pytest.mark.parametrize(
    "at",
    [
        "birth_date",
        "died_on",
        "nickname",
        "residences.0.period.start",
        "insurances.0.insurer_no",
        "guardians.1.relation",
        "guardians.1.incomes.3.covers.end",
        "guardians.1.incomes.3.incomes.salary",
        "guardians.1.incomes.3.deductions.widow",
        "guardians.1.incomes.3.dependants.grandchildren",
        "guardians.1.incomes.3.income_levy",
    ],
)
def test_a_wrong_place_is_named_and_its_value_is_not(
    file: Path, at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    spoil(content, at=at)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert main(command(file, on="2026-06-01")) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    path = re.sub(r"[.]([0-9]+)", r"[\1]", f"$.{at}")
    assert f"facts.json {path}: " in shown.err
    assert "秘密" not in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "1", "\ufeff{}", '{"birth_date": NaN}', "{}", '{"a": 1, "a": 2}']
)
def test_what_is_no_facts_file_is_refused(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    assert main(command(path, on="2026-06-01")) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("other.json $") or "other.json $" in shown.err


@pytest.mark.parametrize(
    "on", ["", "2026-02-29", "2026-13-01", "令和8年6月1日", "2026/06/01", "2026-06-01T00:00"]
)
def test_a_day_that_is_none_is_refused(file: Path, on: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(file, on=on)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "--on は日付ではありません" in shown.err
