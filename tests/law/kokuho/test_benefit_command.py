"""The benefits on the command line, and the pages that say how: every example of the pages is run as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kyufu.cli.kokuho import SCHEMES
from kyufu.cli.main import main
from kyufu.law.kokuho.benefits.parameters import all_entries
from tests.law.kokuho.benefit_cases import RULES

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "kokuho"
EXAMPLE = re.compile(
    r"kyufu judge (kokuho-[a-z-]+)(.*?) 事実\.json --explain\n```\n\n```json\n(.*?)\n```", re.S
)
NAMES = {*RULES, "funeral"}
PAGE_OF_TABLE = {
    "under_70": "high-cost.md",
    "from_70": "high-cost.md",
    "class": "income-class.md",
    "combined_under_70": "combined.md",
    "combined_from_70": "combined.md",
    "meal": "meals.md",
    "funeral": "funeral.md",
}
FIGURES = (
    "base",
    "threshold",
    "several",
    "outpatient_month",
    "outpatient_year",
    "annual",
    "annual_low",
    "amount",
    "value",
)


def examples() -> list[Any]:
    """Each example of the pages: the command, its options, its facts."""
    found = []
    for page in sorted(PAGES.glob("*.md")):
        for command, options, facts in EXAMPLE.findall(page.read_text(encoding="utf-8")):
            if command.removeprefix("kokuho-") in NAMES:
                found.append(pytest.param(command, options.split(), facts, id=f"{page.stem}: {command}"))
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(("command", "options", "facts"), EXAMPLES)
def test_an_example_of_a_page_runs_as_it_stands(
    command: str, options: list[str], facts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(facts, encoding="utf-8")
    assert main(["judge", command, *options, "--explain", str(path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("【国民健康保険 ")
    assert "判定できません" not in told
    assert "【計算の過程】" in told
    assert main(["judge", command, *options, str(path)]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["rule"] == command
    assert written["decided"] is True


def test_every_benefit_is_a_command_with_an_example_on_a_page() -> None:
    commands = {scheme.name for scheme in SCHEMES}
    assert commands >= NAMES
    told = {example.values[0].removeprefix("kokuho-") for example in EXAMPLES}
    assert told == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_command_is_named_as_the_rule_it_answers_with(name: str) -> None:
    scheme = next(scheme for scheme in SCHEMES if scheme.name == name)
    assert scheme.title
    assert scheme.needs == (("municipality",) if name == "funeral" else ())


def test_the_published_example_is_told_step_by_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = next(each.values[2] for each in EXAMPLES if each.values[0] == "kokuho-highcost")
    path = tmp_path / "facts.json"
    path.write_text(str(facts), encoding="utf-8")
    main(["judge", "kokuho-highcost", "--explain", str(path)])
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "【国民健康保険 高額療養費】"
    assert told[1].startswith("高額療養費は125,570円、このうち支給する額は125,570円です。")
    for line in (
        "妻 D 外来：合算：対象外（21,000円未満）",
        "世帯全体：合算する一部負担金：210,000円",
        "世帯全体：合算する医療費（10割）：700,000円",
        "世帯全体：自己負担限度額：84,430円",
        "支給する額（窓口での現物給付を除く）：125,570円",
    ):
        assert any(each.endswith(line) for each in told), line


def test_a_municipality_without_an_amount_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(
        '{"died_on": "2025-05-05", "applied_on": "2025-06-01", "is_insured": true, "held_on": null}',
        encoding="utf-8",
    )
    assert main(["judge", "kokuho-funeral", "--municipality", "nowhere", str(path)]) == 2
    assert "葬祭費の額が登録されていない自治体です：nowhere" in capsys.readouterr().err


def test_wrong_facts_name_the_file_and_the_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"month": "2025-05", "members": [], "claims": [{"person": 1}]}', encoding="utf-8")
    assert main(["judge", "kokuho-highcost", str(path)]) == 2
    assert "facts.json $.claims[0]" in capsys.readouterr().err


def test_the_list_of_what_to_confirm_holds_the_benefits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parameters", "--municipality", "atsugi", "--kokuho"]) == 0
    told = capsys.readouterr().out
    doubtful, second, official = told.split("■ ")[1:]
    assert "・所得の未申告者がいる世帯の70歳以上の区分" in doubtful
    assert "・厚木市 葬祭費（額（円）=50,000）" in second
    assert "年間上限（所得の低い場合、円）=410,000" in second
    assert "・特定疾病（長期高額疾病）の限度額＝10,000円" in official
    assert "外来の限度額（円）=18,000" in official
    assert "田辺市" not in [line.partition(" ")[0] for line in told.replace("・", "").splitlines()]


def test_every_figure_stands_on_its_page() -> None:
    """A clerk checks the pages against the ordinance: they must hold what the rules compute with."""
    pages = {page.name: page.read_text(encoding="utf-8") for page in PAGES.glob("*.md")}
    everything = "\n".join(pages.values())
    for entry in all_entries():
        text = pages[PAGE_OF_TABLE[entry.table]] if entry.table in PAGE_OF_TABLE else everything
        assert str(entry.columns["label"]) in text, entry.key
        assert entry.certainty.label in text, entry.key
        for name in FIGURES:
            figure = entry.columns.get(name)
            if isinstance(figure, int) and figure:
                assert f"{figure:,}" in text, (entry.key, name)
