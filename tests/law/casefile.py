"""Reading of tests/law/cases/*.toml: facts with ordinary defaults, and what is expected on each day.

A case states only what matters to it. By default the child has lived in the city and been insured since birth, was
applied for on the day of birth, and has one guardian, taxed, with a salary income of 3,000,000 yen in every year.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child.facts import (
    ChildFacts,
    Declared,
    Deductions,
    Dependants,
    Guardian,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
    Residence,
)

CASES = Path(__file__).parent / "cases"
CITY = "141003"
EVERY_YEAR = range(2014, 2028)
FACT_KEYS = {"born", "applied", "residences", "insured", "assistance", "schemes", "guardians", "died"}
CHECK_KEYS = {
    "on",
    "outcome",
    "class",
    "start",
    "last_day",
    "reasons",
    "prefecture",
    "prefecture_reasons",
    "steps",
}


@dataclass(frozen=True, slots=True)
class Check:
    """What is expected on one day of one case."""

    id: str
    facts: ChildFacts
    on: date
    expected: dict[str, Any]
    requirements: tuple[str, ...]


def read_checks(folder: Path = CASES, *, city: str = CITY) -> list[Check]:
    """Every check of every case file of a folder; a case without source or with an unknown key is an error.

    The children live in the municipality of the code `city`.
    """
    return [check for path in sorted(folder.glob("*.toml")) for check in _read_file(path, city=city)]


def _read_file(path: Path, *, city: str) -> list[Check]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    checks = []
    for case in content["case"]:
        assert case["source"], f"{path.name}: {case['name']} has no source"
        assert case.keys() <= {"name", "source", "requirements", "facts", "check"}, case["name"]
        facts = read_facts(case["facts"], city=city)
        for expected in case["check"]:
            assert expected.keys() <= CHECK_KEYS, f"{path.name}: {case['name']}"
            on = expected["on"]
            ids = tuple(case.get("requirements", ()))
            checks.append(Check(f"{path.stem}: {case['name']} {on}", facts, on, expected, ids))
    return checks


def read_facts(given: dict[str, Any], *, city: str = CITY) -> ChildFacts:
    """Facts from the short form of the case files; "unknown" or "none" stand for what is not known."""
    assert given.keys() <= FACT_KEYS, given.keys() - FACT_KEYS
    born = None if given["born"] == "unknown" else given["born"]
    since = born or date(2018, 5, 5)
    applied = given.get("applied", since)
    insured = given.get("insured", [[since]])
    guardians = given.get("guardians", [{}])
    return ChildFacts(
        birth_date=born,
        residences=tuple(_residence(each) for each in given.get("residences", [[city, since]])),
        insurances=tuple(InsuranceCoverage("06140012", _period(each)) for each in insured),
        public_assistance=tuple(_period(each) for each in given.get("assistance", [])),
        other_schemes=tuple(_scheme(each) for each in given.get("schemes", [])),
        guardians=tuple(_guardian(each, ref=f"g{i}") for i, each in enumerate(guardians, start=1)),
        applied_on=None if applied == "none" else applied,
        died_on=given.get("died"),
    )


def _period(days: list[date]) -> Period:
    return Period(days[0], days[1] if len(days) > 1 else None)


def _residence(given: list[Any]) -> Residence:
    return Residence(given[0], _period(given[1:]))


def _scheme(given: list[Any]) -> OtherScheme:
    return OtherScheme(OtherSchemeKind(given[0]), _period(given[1:]))


def _guardian(given: dict[str, Any], *, ref: str) -> Guardian:
    rows = given.get("evidence", [{}])
    incomes = tuple(evidence for row in rows for evidence in _evidences(row))
    return Guardian(ref, given.get("relation", "father"), incomes)


def _evidences(row: dict[str, Any]) -> list[IncomeEvidence]:
    """One row is the same evidence for each of its `years` (by default every year)."""
    kinds = {name: row[name] for name in Incomes._fields if name in row}
    return [
        IncomeEvidence(
            tax_year=row.get("tax_year", year + 1),
            covers=calendar_year(year),
            declared=Declared(row.get("declared", "yes")),
            source=IncomeSource(row.get("source", "tax_ledger")),
            obtained_on=row.get("obtained_on", date(year + 1, 6, 10)),
            incomes=Incomes(**(kinds or {"salary": 3_000_000})),
            deductions=Deductions(**{name: row[name] for name in Deductions._fields if name in row}),
            dependants=Dependants(**row.get("dependants", {})),
            income_levy=None if row.get("income_levy") == "unknown" else row.get("income_levy", 100_000),
            per_capita_levy=None
            if row.get("per_capita_levy") == "unknown"
            else row.get("per_capita_levy", 5_000),
        )
        for year in row.get("years", EVERY_YEAR)
    ]
