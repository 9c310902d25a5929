"""Facts of premiums from JSON: the documented examples run, and what cannot be is refused by its path."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kyufu.cli.kokuho import SCHEMES
from kyufu.cli.main import main
from kyufu.law.kokuho.catalogue import list_kokuho
from kyufu.law.kokuho.premium import Household
from kyufu.law.kokuho.reading import FactsError, facts_from_plain

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "kokuho"
EXAMPLE = re.compile(
    r"`bin/kyufu judge (kokuho-[a-z-]+) --municipality (\w+)[^`]*`.*?```json\n(.*?)```", re.DOTALL
)
INCOME = {
    "income_year": 2024,
    "declared": "yes",
    "total_income": 0,
    "reduction_income": 0,
    "base_income": 0,
    "counts_as_earner": False,
}
MEMBER: dict[str, Any] = {
    "ref": "a",
    "birth_date": "1980-05-01",
    "enrolled": [{"start": "2020-04-01", "end": None}],
    "income": INCOME,
}
HEAD = {"ref": "h", "is_head": True, "joined_elderly_on": None, "income": INCOME}


def facts(**change: Any) -> dict[str, Any]:
    return {"fiscal_year": 2025, "members": [MEMBER], **change}


def examples() -> list[tuple[str, str, str]]:
    """The command, the municipality and the facts of each example in the pages of the premium."""
    return [
        (found[1], found[2], found[3])
        for page in ("premium.md", "premium-collection.md")
        for found in EXAMPLE.finditer((PAGES / page).read_text(encoding="utf-8"))
    ]


def test_every_rule_of_the_premium_has_an_example() -> None:
    ours = {
        f"kokuho-{each.name}"
        for each in SCHEMES
        if each.facts.__module__.startswith("kyufu.law.kokuho.premium")
    }
    assert {name for name, _, _ in examples()} == ours


@pytest.mark.parametrize(("name", "municipality", "text"), examples())
def test_a_documented_example_runs(
    name: str, municipality: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    assert main(["judge", name, "--municipality", municipality, str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["decided"] is True
    assert main(["judge", name, "--municipality", municipality, "--explain", str(path)]) == 0
    assert "【計算の過程】" in capsys.readouterr().out


def test_an_unknown_municipality_is_refused_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts()), encoding="utf-8")
    assert main(["judge", "kokuho-premium", "--municipality", "nowhere", str(path)]) == 2
    assert "料率の登録されていない自治体です：nowhere" in capsys.readouterr().err


def test_plain_facts_are_read() -> None:
    read = facts_from_plain(facts(companions=[HEAD]), into=Household)
    assert (read.members[0].ref, read.companions[0].is_head) == ("a", True)


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (facts(fiscal_year=2021), "$.fiscal_year"),
        (facts(members=[]), "$.members"),
        (facts(members=[MEMBER, MEMBER]), "$.members"),
        (facts(companions=[{**HEAD, "ref": "a"}]), "$.members"),
        (facts(companions=[HEAD, {**HEAD, "ref": "i"}]), "$.companions"),
        (facts(companions=[{**HEAD, "is_head": False}]), "$.companions[0].is_head"),
        (facts(members=[{**MEMBER, "asset_tax": -1}]), "$.members[0].asset_tax"),
        (facts(members=[{**MEMBER, "birth_date": "2020-04-02"}]), "$.members[0].enrolled"),
        (
            facts(members=[{**MEMBER, "maternity": {"month": "2025-9", "multiple": False}}]),
            "$.members[0].maternity.month",
        ),
        (
            facts(members=[{**MEMBER, "income": {**INCOME, "declared": "maybe"}}]),
            "$.members[0].income.declared",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_path(content: dict[str, Any], path: str) -> None:
    with pytest.raises(FactsError) as caught:
        facts_from_plain(content, into=Household)
    assert caught.value.path == path


def test_who_was_insured_and_then_moved_to_the_elderly_stands_on_both_sides() -> None:
    moved = {**HEAD, "ref": "a", "joined_elderly_on": "2025-05-01"}
    assert facts_from_plain(facts(companions=[moved]), into=Household).companions[0].ref == "a"


def test_income_that_is_not_known_is_null_and_leaves_it_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    unknown = {
        **INCOME,
        "declared": "unknown",
        "total_income": None,
        "reduction_income": None,
        "base_income": None,
    }
    path.write_text(json.dumps(facts(members=[{**MEMBER, "income": unknown}])), encoding="utf-8")
    assert main(["judge", "kokuho-premium", "--municipality", "atsugi", "--explain", str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "【国民健康保険 保険料（税）の賦課】判定できません\n足りないもの：a の旧ただし書所得"
    )


def test_a_municipality_reads_what_it_must_confirm_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parameters", "--municipality", "yokohama", "--kokuho"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("■ 仮定した値（使う前に自治体が確認する）")
    assert shown.count("出典：") == len(list_kokuho("yokohama"))
    said = (
        "子ども分の料率（区分=child、所得割=0.34%、均等割（円）=1,690、18歳以上均等割（円）=80、"
        "平等割（円）=0、賦課限度額（円）=30,000）"
    )
    assert said in shown
    assert "医療分 賦課限度額（政令）＝670,000円 〔令和8年4月1日～〕" in shown
    assert "旧被扶養者の所得割の全額を減免するか＝はい" in shown
    assert main(["parameters", "--municipality", "nowhere", "--kokuho"]) == 2
    assert "料率の登録されていない自治体です" in capsys.readouterr().err
