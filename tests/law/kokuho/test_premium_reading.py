"""The facts files of the premium's commands, broken in every place: each fault is refused by its path, none breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.cli.kokuho import SCHEMES, Asked
from kyufu.cli.main import main
from kyufu.law.kokuho.answer import Answer, CannotDecide
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.reading import FactsError, answer_to_json, facts_from_json, facts_from_plain, to_json
from tests.law.kokuho.test_premium_facts import examples

EXAMPLES = {name: (town, json.loads(text)) for name, town, text in examples()}
TABLE = {f"kokuho-{scheme.name}": scheme for scheme in SCHEMES}
OPTIONAL = {"maternity", "last_february"}
JUNK = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just([]) | st.just({}) | st.floats()
)
Path_ = tuple[str | int, ...]


def places(content: object, *, at: Path_ = ()) -> Iterator[Path_]:
    """Every place of a JSON value below its top."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield (*at, key)
            yield from places(value, at=(*at, key))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield (*at, number)
            yield from places(value, at=(*at, number))


def said(path: Path_) -> str:
    """A path as an error says it."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def parent(content: Any, path: Path_) -> Any:
    for step in path[:-1]:
        content = content[step]
    return content


def changed(content: Any, path: Path_, value: object) -> Any:
    made = copy.deepcopy(content)
    parent(made, path)[path[-1]] = value
    return made


PLACES = [(name, path) for name, (_, content) in EXAMPLES.items() for path in places(content)]
RECORDS = [(name, path) for name, path in PLACES if isinstance(path[-1], str)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_documented_facts_are_read_and_written_alike(name: str) -> None:
    kind = TABLE[name].facts
    facts = facts_from_plain(EXAMPLES[name][1], into=kind)
    assert facts_from_json(to_json(facts), into=kind) == facts


@pytest.mark.parametrize(
    ("name", "path"), PLACES, ids=lambda value: value if isinstance(value, str) else said(value)
)
def test_a_value_of_no_kind_is_refused_at_its_place(name: str, path: Path_) -> None:
    """A number with a fraction is a value of no kind of fact."""
    with pytest.raises(FactsError) as caught:
        facts_from_plain(changed(EXAMPLES[name][1], path, 1.5), into=TABLE[name].facts)
    assert caught.value.path == said(path)


@pytest.mark.parametrize(
    ("name", "path"), RECORDS, ids=lambda value: value if isinstance(value, str) else said(value)
)
def test_a_key_that_is_missing_is_refused_unless_it_may_be_left_out(name: str, path: Path_) -> None:
    content = copy.deepcopy(EXAMPLES[name][1])
    del parent(content, path)[path[-1]]
    if path[-1] in OPTIONAL:
        facts_from_plain(content, into=TABLE[name].facts)
        return
    with pytest.raises(FactsError, match="項目がありません") as caught:
        facts_from_plain(content, into=TABLE[name].facts)
    assert caught.value.path == said(path)


@pytest.mark.parametrize(
    ("name", "path"), RECORDS, ids=lambda value: value if isinstance(value, str) else said(value)
)
def test_a_key_that_is_not_known_is_refused(name: str, path: Path_) -> None:
    content = copy.deepcopy(EXAMPLES[name][1])
    parent(content, path)["氏名"] = "山田"
    with pytest.raises(FactsError, match="知らない項目です") as caught:
        facts_from_plain(content, into=TABLE[name].facts)
    assert caught.value.path == said((*path[:-1], "氏名"))
    assert "山田" not in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_junk_in_any_place_is_answered_or_refused(place: tuple[str, Path_], junk: object) -> None:
    """Whatever stands in a place: the facts are refused in words, or the rule answers, and tells itself."""
    name, path = place
    town, content = EXAMPLES[name]
    scheme = TABLE[name]
    try:
        facts = facts_from_plain(changed(content, path, junk), into=scheme.facts)
    except FactsError as error:
        assert error.path.startswith("$")
        assert error.reason
        return
    answer: Answer[Any] = scheme.judge(facts, Asked(town, None))
    assert answer.rule == name
    assert answer.decided or isinstance(answer.value, CannotDecide)
    assert explain(answer, title=scheme.title)
    assert json.loads(answer_to_json(answer))["facts_hash"] == answer.facts_hash


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("year", [0, -1, 1, 2021, 2100, 10**9])
def test_a_year_that_is_none_of_these_rules_is_refused(name: str, year: int) -> None:
    at: Path_ = ("household", "fiscal_year") if name == "kokuho-trial" else ("fiscal_year",)
    with pytest.raises(FactsError, match="年度は") as caught:
        facts_from_plain(changed(EXAMPLES[name][1], at, year), into=TABLE[name].facts)
    assert caught.value.path == said(at)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("kokuho-instalments", "total"),
        ("kokuho-correction", "before"),
        ("kokuho-correction", "after"),
        ("kokuho-special-collection", "pension"),
        ("kokuho-special-collection", "care_premium"),
        ("kokuho-special-collection", "last_february"),
    ],
)
def test_negative_amounts_are_refused(name: str, key: str) -> None:
    with pytest.raises(FactsError, match="負の額"):
        facts_from_plain(changed(EXAMPLES[name][1], (key,), -1), into=TABLE[name].facts)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_year_without_rates_is_undecided_in_every_command(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town, content = EXAMPLES[name]
    at: Path_ = ("household", "fiscal_year") if name == "kokuho-trial" else ("fiscal_year",)
    path = tmp_path / "facts.json"
    later = json.dumps(changed(content, at, 2040)).replace('"2025-', '"2040-').replace('"2027-', '"2042-')
    path.write_text(later, encoding="utf-8")
    assert main(["judge", name, "--municipality", town, "--explain", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "判定できません" in shown.splitlines()[0]
    assert "令和22年度の料率" in shown


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_municipality_must_be_named_and_known(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(EXAMPLES[name][1]), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["judge", name, str(path)])
    capsys.readouterr()
    assert main(["judge", name, "--municipality", "atlantis", str(path)]) == 2
    assert "料率の登録されていない自治体です：atlantis" in capsys.readouterr().err


def test_every_command_is_listed_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["judge", "--help"])
    shown = "".join(capsys.readouterr().out.split())
    for name, scheme in TABLE.items():
        assert name in shown
        assert "".join(scheme.title.split()) in shown
