"""The facts of the benefits broken in every place: whatever is missing, unknown or of the wrong kind is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from kyufu.law.kokuho.reading import FactsError, answer_to_json
from tests.law.kokuho.benefit_cases import RULES, Case, answer_to, read_cases

NAMES = [*RULES, "funeral"]
CASES = {rule: [case for case in read_cases() if case.rule == rule] for rule in NAMES}
NEVER = ({"no": "such"}, 1.5, "？")
OPTIONAL = {
    "class": {"income_test_applied"},
    "highcost": {"earlier_months", "income_test_applied", "under_70", "from_70"},
    "receipt": {
        "under_70",
        "from_70",
        "is_several",
        "is_half",
        "public_kind",
        "public_cost",
        "public_burden",
    },
    "outpatient-year": set(),
    "annual": {"under_70", "from_70", "is_low"},
    "combined": {"under_70", "from_70"},
    "meals": {
        "under_70",
        "from_70",
        "reduced_from",
        "days_before",
        "long_stay_from",
        "has_designated_disease",
        "is_psychiatric_since_2016",
    },
    "childbirth": {"children", "paid_to_institution", "other"},
    "funeral": {"employees_insurance_lost_on", "is_paid_there"},
    "medical-expenses": {"is_active"},
    "transport": set(),
    "time-bar": {"treated", "paid_on", "year", "happened_on"},
}
VALUES = {
    "class": {"under_70", "from_70"},
    "highcost": {
        "benefit",
        "payable",
        "specified",
        "outpatient",
        "turning_75",
        "from_70",
        "household",
        "burden",
        "counts_as_several",
        "shares",
    },
    "receipt": {"patient", "public_burden", "public_share", "uncovered"},
    "outpatient-year": {"payment", "burden"},
    "annual": {"payment", "burden", "shares"},
    "combined": {"payment", "from_70", "household", "medical", "care", "shares"},
    "meals": {"payment", "meals", "rates"},
    "childbirth": {"per_child", "total", "to_institution", "to_head"},
    "funeral": {"payment"},
    "medical-expenses": {"payment", "cost", "tenths"},
    "transport": {"payment"},
    "time-bar": {"starts_on", "last_day", "is_barred"},
}


def richest(rule: str) -> Case:
    """The decided case of a rule with the most keys."""
    decided = [case for case in CASES[rule] if case.answer().decided]
    return max(decided, key=lambda case: len(json.dumps(case.facts)))


def places(content: Any, *, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value of nested facts."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield (*path, key)
            yield from places(value, path=(*path, key))
    elif isinstance(content, list):
        for at, value in enumerate(content):
            yield (*path, at)
            yield from places(value, path=(*path, at))


def with_value(facts: dict[str, Any], *, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """A copy with another value at a path."""
    changed = copy.deepcopy(facts)
    inside: Any = changed
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return changed


def written(path: tuple[Any, ...]) -> str:
    """A path as the reader writes it."""
    return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


def takes_any_text(path: tuple[Any, ...]) -> bool:
    return path[-1] in ("name", "person", "facility")


@pytest.mark.parametrize("rule", NAMES)
def test_a_value_of_the_wrong_kind_is_named_by_its_place(rule: str) -> None:
    case = richest(rule)
    for path in places(case.facts):
        for wrong in NEVER:
            if wrong == "？" and takes_any_text(path):
                continue
            with pytest.raises(FactsError) as caught:
                answer_to(rule, facts=with_value(case.facts, path=path, value=wrong), municipality="gujo")
            assert caught.value.path.startswith(written(path)), path
            assert "？" not in caught.value.reason


@pytest.mark.parametrize("rule", NAMES)
def test_a_key_that_nobody_knows_is_refused_in_every_record(rule: str) -> None:
    case = richest(rule)
    records = [(), *(path for path in places(case.facts) if isinstance(at(case.facts, path=path), dict))]
    for path in records:
        with pytest.raises(FactsError) as caught:
            answer_to(
                rule, facts=with_value(case.facts, path=(*path, "unheard_of"), value=1), municipality="gujo"
            )
        assert caught.value.path.startswith(written(path))


def at(facts: Any, *, path: tuple[Any, ...]) -> Any:
    for key in path:
        facts = facts[key]
    return facts


@pytest.mark.parametrize("rule", NAMES)
def test_only_what_may_be_left_out_may_be_left_out(rule: str) -> None:
    """A key without a default must be there: no fact is made up."""
    keys = {key for case in CASES[rule] for key in case.facts}
    case = richest(rule)
    for key in keys - OPTIONAL[rule]:
        facts = {name: value for name, value in case.facts.items() if name != key}
        with pytest.raises(FactsError) as caught:
            answer_to(rule, facts=facts, municipality="gujo")
        assert key in str(caught.value)


@pytest.mark.parametrize("rule", NAMES)
def test_what_may_be_left_out_does_not_change_the_shape_of_the_answer(rule: str) -> None:
    for case in CASES[rule]:
        content = json.loads(answer_to_json(case.answer()))
        assert set(content) == {
            "citations",
            "decided",
            "facts_hash",
            "municipality",
            "parameter_version",
            "reasons",
            "rule",
            "steps",
            "value",
        }
        expected = VALUES[rule] if content["decided"] else {"missing"}
        assert set(content["value"]) == expected, case.id
        assert all(set(step) == {"quantity", "value"} for step in content["steps"])
        assert all(set(reason) == {"code", "text", "citation"} for reason in content["reasons"])


@pytest.mark.parametrize("rule", NAMES)
def test_the_answer_depends_on_the_facts_alone(rule: str) -> None:
    for case in CASES[rule][:30]:
        turned = json.loads(json.dumps(case.facts, sort_keys=True))
        assert answer_to(rule, facts=turned, municipality=case.municipality) == case.answer()
