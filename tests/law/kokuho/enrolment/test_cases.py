"""The published days, months and ages of the case file, each with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kyufu.law.kokuho.enrolment.facts import PersonFacts
from tests.law.kokuho.enrolment.people import BORN, found, insured, lived, person, told

CASES = Path(__file__).parents[2] / "cases" / "kokuho" / "enrolment.toml"
FACTS = {"born", "residences", "insurances", "assistance", "died", "studies", "stays"}
EXPECTED = {"spans", "fiscal_year", "months", "care"}


@dataclass(frozen=True, slots=True)
class EnrolmentCase:
    """A published case: a life, and the enrolments or months that the page tells."""

    name: str
    facts: PersonFacts
    expected: dict[str, Any]


def triple(given: list[str]) -> tuple[str, str, str | None]:
    code, start, *end = given
    return code, start, end[0] if end else None


def pair(given: list[str]) -> tuple[str, str | None]:
    start, *end = given
    return start, end[0] if end else None


def read_case(case: dict[str, Any]) -> EnrolmentCase:
    assert case["source"], case["name"]
    assert case.keys() <= {"name", "source"} | FACTS | EXPECTED, case["name"]
    facts = person(
        born=date.fromisoformat(case["born"]) if "born" in case else BORN,
        residences=lived(*map(triple, case["residences"])),
        insurances=insured(*map(triple, case.get("insurances", []))),
        assistance=tuple(map(pair, case.get("assistance", []))),
        died=case.get("died"),
        studies=tuple(map(triple, case.get("studies", []))),
        stays=tuple(map(triple, case.get("stays", []))),
    )
    return EnrolmentCase(case["name"], facts, {key: case[key] for key in EXPECTED & case.keys()})


ALL = [read_case(case) for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]]


def with_key(key: str) -> list[EnrolmentCase]:
    return [case for case in ALL if key in case.expected]


@pytest.mark.parametrize("case", with_key("spans"), ids=lambda case: case.name)
def test_the_enrolments_are_those_of_the_page(case: EnrolmentCase) -> None:
    expected = case.expected["spans"]
    answered = told(case.facts)
    assert len(answered) >= len(expected)
    for given, (acquired, why, lost, lost_by) in zip(expected, answered, strict=False):
        assert (acquired, why) == (given[0], given[1])
        if len(given) == 4:
            assert (lost, lost_by) == (given[2], given[3])


@pytest.mark.parametrize("case", with_key("months"), ids=lambda case: case.name)
def test_the_months_are_those_of_the_page(case: EnrolmentCase) -> None:
    answer = found(case.facts, on=f"{case.expected['fiscal_year']}-06-01")
    assert [month.month for month in answer.charged_months] == case.expected["months"]


@pytest.mark.parametrize("case", with_key("care"), ids=lambda case: case.name)
def test_the_months_of_care_are_those_of_the_page(case: EnrolmentCase) -> None:
    answer = found(case.facts, on=f"{case.expected['fiscal_year']}-06-01")
    assert [month.month for month in answer.care_months] == case.expected["care"]


def test_every_case_expects_something() -> None:
    assert all(case.expected for case in ALL)
    assert len({case.name for case in ALL}) == len(ALL)
