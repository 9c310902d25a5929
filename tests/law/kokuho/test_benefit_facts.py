"""Facts of the benefits that cannot be: refused with their JSON path and a reason in Japanese."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kyufu.law.kokuho.benefits.funeral import FuneralFacts
from kyufu.law.kokuho.reading import FactsError, facts_from_plain, to_json
from tests.law.kokuho.benefit_cases import RULES, answer_to, read_cases

PERSON: dict[str, Any] = {"name": "夫", "birth_date": "1970-01-05", "head": True}
CLAIM: dict[str, Any] = {"person": "夫", "facility": "A", "setting": "outpatient", "cost": 1000}
HIGH_COST: dict[str, Any] = {"month": "2025-05", "under_70": "u", "members": [PERSON], "claims": [CLAIM]}
RECEIPT: dict[str, Any] = {
    "month": "2025-05",
    "setting": "inpatient",
    "tenths": 3,
    "cost": 1000,
    "under_70": "u",
}
MEALS: dict[str, Any] = {"days": [{"day": "2025-05-01", "meals": 3}], "under_70": "u"}
INCOME: dict[str, Any] = {"income_year": 2024, "declared": "yes", "tax": "taxed"}
EXPENSES: dict[str, Any] = {
    "why": "judo",
    "birth_date": "1980-05-01",
    "treated_on": "2025-05-10",
    "paid_on": "2025-05-10",
    "applied_on": "2025-06-01",
    "paid": 10,
    "standard_cost": 10,
    "is_accepted": True,
}
TRANSPORT: dict[str, Any] = {
    "moved_on": "2025-05-10",
    "paid_on": "2025-05-10",
    "applied_on": "2025-06-01",
    "paid": 10,
    "standard_cost": 10,
    "is_for_proper_care": True,
    "is_hardly_movable": True,
    "is_urgent": True,
}
BIRTH: dict[str, Any] = {
    "born_on": "2025-05-05",
    "applied_on": "2025-06-01",
    "is_insured": True,
    "pregnancy_days": 280,
    "has_compensation": True,
    "paid_to_institution": 0,
}


def claims(**changes: object) -> dict[str, Any]:
    return {**HIGH_COST, "claims": [{**CLAIM, **changes}]}


def members(**changes: object) -> dict[str, Any]:
    return {**HIGH_COST, "members": [{**PERSON, **changes}]}


def incomes(**changes: object) -> dict[str, Any]:
    return members(incomes=[{**INCOME, **changes}])


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("highcost", claims(person="妻"), "$.claims"),
    ("highcost", {**HIGH_COST, "members": [PERSON, PERSON]}, "$.members"),
    ("highcost", claims(cost=-10), "$.claims[0].cost"),
    ("highcost", claims(paid=1001), "$.claims[0].paid"),
    ("highcost", claims(paid=-1), "$.claims[0].paid"),
    ("highcost", claims(public_paid=1), "$.claims[0].public_paid"),
    ("highcost", claims(public_cost=-1), "$.claims[0].public_cost"),
    ("highcost", claims(setting="home"), "$.claims[0].setting"),
    ("highcost", claims(department="eyes"), "$.claims[0].department"),
    ("highcost", claims(cost=1.5), "$.claims[0].cost"),
    ("highcost", claims(price=1), "$.claims[0].price"),
    ("highcost", {**HIGH_COST, "month": "2025-13"}, "$.month"),
    ("highcost", {**HIGH_COST, "under_70": "x"}, "$.under_70"),
    ("highcost", {**HIGH_COST, "earlier_months": ["2025"]}, "$.earlier_months[0]"),
    ("highcost", members(birth_date="1970-02-30"), "$.members[0].birth_date"),
    ("highcost", members(moved_to_late_elderly=True), "$.members[0].moved_to_late_elderly"),
    ("highcost", incomes(base_income=-1), "$.members[0].incomes[0].base_income"),
    ("highcost", incomes(gross_income=-1), "$.members[0].incomes[0].gross_income"),
    ("highcost", incomes(declared="maybe"), "$.members[0].incomes[0].declared"),
    ("receipt", {**RECEIPT, "from_70": "general"}, "$.under_70"),
    ("receipt", {key: value for key, value in RECEIPT.items() if key != "under_70"}, "$.under_70"),
    ("receipt", {**RECEIPT, "tenths": 0}, "$.tenths"),
    ("receipt", {**RECEIPT, "tenths": 10}, "$.tenths"),
    ("receipt", {**RECEIPT, "cost": -1}, "$.cost"),
    ("receipt", {**RECEIPT, "public_burden": 1}, "$.public_burden"),
    ("meals", {**MEALS, "from_70": "low_1"}, "$.under_70"),
    ("meals", {**MEALS, "days": []}, "$.days"),
    ("meals", {**MEALS, "days": MEALS["days"] * 2}, "$.days"),
    ("meals", {**MEALS, "days_before": -1}, "$.days_before"),
    (
        "combined",
        {"year": 2024, "people": [{"name": "夫", "is_from_70": True, "medical": -1, "care": 0}]},
        "$.people[0].medical",
    ),
    (
        "combined",
        {"year": 2024, "people": [{"name": "夫", "is_from_70": True, "medical": 1, "care": 0}] * 2},
        "$.people",
    ),
    ("annual", {"year": 2026, "months": []}, "$.under_70"),
    (
        "annual",
        {"year": 2026, "under_70": "u", "months": [{"person": "夫", "month": "2026-07", "burden": 1}]},
        "$.months",
    ),
    (
        "annual",
        {"year": 2026, "under_70": "u", "months": [{"person": "夫", "month": "2027-08", "burden": 1}]},
        "$.months",
    ),
    (
        "annual",
        {"year": 2026, "under_70": "u", "months": [{"person": "夫", "month": "2027-07", "burden": -1}]},
        "$.months[0].burden",
    ),
    (
        "outpatient-year",
        {"year": 2024, "class_at_end": "general", "months": [{"month": "2024-08", "burden": 1}] * 2},
        "$.months",
    ),
    (
        "outpatient-year",
        {
            "year": 2024,
            "class_at_end": "general",
            "months": [{"month": "2024-08", "burden": 1, "benefit": 2}],
        },
        "$.months[0].benefit",
    ),
    (
        "outpatient-year",
        {"year": 2024, "class_at_end": "general", "months": [{"month": "2024-07", "burden": 1}]},
        "$.months",
    ),
    ("childbirth", {**BIRTH, "children": 0}, "$.children"),
    ("childbirth", {**BIRTH, "paid_to_institution": -1}, "$.paid_to_institution"),
    ("childbirth", {key: value for key, value in BIRTH.items() if key != "pregnancy_days"}, "$"),
    ("medical-expenses", {**EXPENSES, "paid": -1}, "$.paid"),
    ("medical-expenses", {**EXPENSES, "treated_on": "1979-05-01"}, "$.treated_on"),
    ("medical-expenses", {**EXPENSES, "why": "holiday"}, "$.why"),
    ("transport", {**TRANSPORT, "standard_cost": -1}, "$.paid"),
    ("time-bar", {"benefit": "yearly", "applied_on": "2025-01-01", "year": 99999}, "$.year"),
    ("combined", {"year": 99999, "people": []}, "$.year"),
    ("annual", {"year": 0, "under_70": "u", "months": []}, "$.year"),
    ("highcost", members(birth_date="2025-06-01"), "$.members"),
    ("time-bar", {"benefit": "gift", "applied_on": "2025-01-01"}, "$.benefit"),
]


@pytest.mark.parametrize(("rule", "facts", "path"), WRONG)
def test_facts_that_cannot_be_are_refused(rule: str, facts: dict[str, Any], path: str) -> None:
    with pytest.raises(FactsError) as caught:
        answer_to(rule, facts=facts)
    assert caught.value.path.startswith(path)
    assert caught.value.reason


def test_a_funeral_before_the_death_is_refused() -> None:
    facts = {
        "died_on": "2025-05-05",
        "applied_on": "2025-06-01",
        "is_insured": True,
        "held_on": "2025-05-04",
    }
    with pytest.raises(FactsError) as caught:
        answer_to("funeral", facts=facts, municipality="gujo")
    assert caught.value.path == "$.held_on"


def test_a_funeral_on_the_day_of_death_is_accepted() -> None:
    facts = {
        "died_on": "2025-05-05",
        "applied_on": "2025-06-01",
        "is_insured": True,
        "held_on": "2025-05-05",
    }
    assert answer_to("funeral", facts=facts, municipality="gujo").decided


def test_the_untouched_facts_are_accepted() -> None:
    for rule, facts in (
        ("highcost", HIGH_COST),
        ("highcost", incomes()),
        ("highcost", claims(paid=1000)),
        ("highcost", claims(public_cost=500, public_paid=500)),
        ("receipt", RECEIPT),
        ("meals", MEALS),
        ("medical-expenses", EXPENSES),
        ("transport", TRANSPORT),
        ("childbirth", BIRTH),
    ):
        assert answer_to(rule, facts=facts).decided, rule


def test_facts_are_written_and_read_again_alike() -> None:
    kinds = {rule: into for rule, (into, _) in RULES.items()} | {"funeral": FuneralFacts}
    seen = set()
    for case in read_cases():
        seen.add(case.rule)
        facts = facts_from_plain(case.facts, into=kinds[case.rule])
        assert facts_from_plain(json.loads(to_json(facts)), into=kinds[case.rule]) == facts
    assert seen == set(kinds)
