"""The cases of the benefits: each fact sheet judged and compared with what its source says."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from kyufu.law.kokuho.answer import Answer, CannotDecide
from kyufu.law.kokuho.benefits.parameters import BENEFITS_FILE, FUNERAL_FILE, HIGH_COST_FILES
from kyufu.law.kokuho.explain import explain
from kyufu.law.kokuho.reading import answer_to_json, to_json
from kyufu.law.parameters.catalogue import parameter_version
from tests.law.kokuho.benefit_cases import RULES, Case, read_cases

CASES = read_cases()
FILES = {
    "kokuho-class": HIGH_COST_FILES,
    "kokuho-highcost": HIGH_COST_FILES,
    "kokuho-receipt": HIGH_COST_FILES,
    "kokuho-outpatient-year": HIGH_COST_FILES,
    "kokuho-annual": HIGH_COST_FILES,
    "kokuho-combined": (BENEFITS_FILE, *HIGH_COST_FILES),
    "kokuho-meals": (BENEFITS_FILE,),
    "kokuho-childbirth": (BENEFITS_FILE,),
    "kokuho-funeral": (BENEFITS_FILE, FUNERAL_FILE),
    "kokuho-medical-expenses": (BENEFITS_FILE, *HIGH_COST_FILES),
    "kokuho-transport": (BENEFITS_FILE,),
    "kokuho-time-bar": (BENEFITS_FILE,),
}


def as_parameter(case: Case) -> Any:
    marks = [pytest.mark.requirement(row) for row in case.requirements]
    return pytest.param(case, id=case.id, marks=marks)


def of_rule(rule: str) -> list[Case]:
    return [case for case in CASES if case.rule == rule]


@pytest.mark.parametrize("case", [as_parameter(case) for case in CASES])
def test_the_case_is_answered_as_its_source_says(case: Case) -> None:
    answer = case.answer()
    compare_value(answer, expected=case.expected.get("value"))
    if "missing" in case.expected:
        assert answer.value == CannotDecide(tuple(case.expected["missing"]))
    if "reasons" in case.expected:
        assert [reason.code for reason in answer.reasons] == case.expected["reasons"]
    steps = {step.quantity.name: json.loads(to_json(step.value)) for step in answer.steps}
    for name, expected in case.expected.get("steps", {}).items():
        assert steps[name] == expected, name


def compare_value(answer: Answer[Any], *, expected: dict[str, Any] | None) -> None:
    if expected is None:
        return
    assert answer.decided, answer.reasons
    found = json.loads(to_json(answer.value))
    assert isinstance(found, dict)
    for name, value in expected.items():
        assert found[name] == value, name


@pytest.mark.parametrize("rule", [*RULES, "funeral"])
def test_every_rule_has_cases_that_are_decided_and_ones_that_are_not(rule: str) -> None:
    decided = Counter(case.answer().decided for case in of_rule(rule))
    assert decided[True] >= 3
    assert decided[False] >= 1


def test_no_two_cases_have_one_name() -> None:
    names = Counter(case.id for case in CASES)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("rule", [*RULES, "funeral"])
def test_an_answer_tells_itself_in_japanese_with_its_whole_trace(rule: str) -> None:
    for case in of_rule(rule)[:12]:
        answer = case.answer()
        told = explain(answer, title="試し")
        assert all(reason.text in told for reason in answer.reasons), case.id
        assert all(step.quantity.label in told for step in answer.steps), case.id
        assert "【根拠】" in told
        assert ("判定できません" in told) == (not answer.decided), case.id


@pytest.mark.parametrize("rule", [*RULES, "funeral"])
def test_an_answer_names_its_rule_its_figures_and_its_facts(rule: str) -> None:
    case = of_rule(rule)[0]
    answer = case.answer()
    assert answer.rule == f"kokuho-{rule}"
    assert answer.parameter_version == parameter_version(FILES[answer.rule])
    assert answer == case.answer()
    hashes = {each.answer().facts_hash for each in of_rule(rule)}
    facts = {repr(each.facts) for each in of_rule(rule)}
    assert len(hashes) == len(facts)


@pytest.mark.parametrize("rule", [*RULES, "funeral"])
def test_what_is_decided_has_a_reason_steps_and_citations(rule: str) -> None:
    for case in of_rule(rule)[:20]:
        answer = case.answer()
        assert answer.reasons, case.id
        if answer.decided:
            assert answer.steps, case.id
            assert answer.citations, case.id
            assert len(set(answer.citations)) == len(answer.citations), case.id
        else:
            assert all(answer.value.missing), case.id


@pytest.mark.parametrize("rule", [*RULES, "funeral"])
def test_an_answer_can_be_written(rule: str) -> None:
    for case in of_rule(rule)[:5]:
        written = answer_to_json(case.answer())
        assert written.startswith('{"citations":')
        assert '"rule":"kokuho-' in written
