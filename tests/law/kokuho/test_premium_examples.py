"""Published worked examples of premiums, each figure that its source shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.premium import Premium
from kyufu.law.kokuho.premium.assessment import assess_under
from tests.law.kokuho.premiums import (
    amounts,
    case_rules,
    household,
    part,
    premium_of,
    read_cases,
    step,
)

CASES = read_cases("premium_examples.toml", kind="case")
OF_VALUE = {
    "total": "total",
    "tenths": "reduction_tenths",
    "months": "months",
    "maternity_exempted": "maternity_exempted",
}
GIVEN = {"name", "source", "year", "rates", "rounding", "municipality", "members", "companions"}


def judged(case: dict[str, Any], *, folder: Path) -> Answer[Premium]:
    facts = household(case["year"], *case["members"], companions=case.get("companions"))
    return assess_under(facts, rules=case_rules(case, folder=folder))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_example_is_met(case: dict[str, Any], tmp_path: Path) -> None:
    answer = judged(case, folder=tmp_path)
    premium = premium_of(answer)
    assert case.keys() - GIVEN, "a case expects something"
    assert case.keys() <= GIVEN | OF_VALUE.keys() | {"parts", "items", "steps"}
    for name, field in OF_VALUE.items():
        if name in case:
            assert getattr(premium, field) == case[name], name
    found = amounts(premium)
    assert {name: found[name] for name in case.get("parts", {})} == case.get("parts", {})
    for name, items in case.get("items", {}).items():
        shown = part(premium, name)
        assert {item: getattr(shown, item) for item in items} == items, name
    for name, value in case.get("steps", {}).items():
        assert step(answer, name) == value, name
