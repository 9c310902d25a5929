"""Reading of tests/law/cases/kokuho_benefits/*.toml: facts as a clerk writes them, and what is expected.

A case names its rule, its source and what of the answer is expected: fields of the value, what is missing, the codes
of the reasons, the values of steps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kyufu.law.kokuho.answer import Answer
from kyufu.law.kokuho.benefits.childbirth import ChildbirthFacts, judge_childbirth
from kyufu.law.kokuho.benefits.classes import ClassFacts, judge_class
from kyufu.law.kokuho.benefits.combined import CombinedFacts, judge_combined
from kyufu.law.kokuho.benefits.expenses import (
    ExpensesFacts,
    TransportFacts,
    judge_expenses,
    judge_transport,
)
from kyufu.law.kokuho.benefits.funeral import FuneralFacts, judge_funeral
from kyufu.law.kokuho.benefits.highcost import HighCostFacts, judge_high_cost
from kyufu.law.kokuho.benefits.meals import MealFacts, judge_meals
from kyufu.law.kokuho.benefits.receipt import ReceiptFacts, judge_receipt
from kyufu.law.kokuho.benefits.timebar import TimeBarFacts, judge_time_bar
from kyufu.law.kokuho.benefits.years import (
    AnnualFacts,
    OutpatientYearFacts,
    judge_annual,
    judge_outpatient_year,
)
from kyufu.law.kokuho.reading import facts_from_plain

CASES = Path(__file__).parents[1] / "cases" / "kokuho_benefits"
CASE_KEYS = {"name", "source", "rule", "municipality", "requirements", "facts", "expected"}
EXPECTED_KEYS = {"value", "missing", "reasons", "steps"}

RULES: dict[str, tuple[type[Any], Callable[[Any], Answer[Any]]]] = {
    "class": (ClassFacts, judge_class),
    "highcost": (HighCostFacts, judge_high_cost),
    "receipt": (ReceiptFacts, judge_receipt),
    "outpatient-year": (OutpatientYearFacts, judge_outpatient_year),
    "annual": (AnnualFacts, judge_annual),
    "combined": (CombinedFacts, judge_combined),
    "meals": (MealFacts, judge_meals),
    "childbirth": (ChildbirthFacts, judge_childbirth),
    "medical-expenses": (ExpensesFacts, judge_expenses),
    "transport": (TransportFacts, judge_transport),
    "time-bar": (TimeBarFacts, judge_time_bar),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one file."""

    id: str
    rule: str
    facts: dict[str, Any]
    expected: dict[str, Any]
    municipality: str = ""
    requirements: tuple[str, ...] = ()

    def answer(self) -> Answer[Any]:
        """The facts read and judged as the command does."""
        return answer_to(self.rule, facts=self.facts, municipality=self.municipality)


def answer_to(rule: str, *, facts: dict[str, Any], municipality: str = "") -> Answer[Any]:
    """Plain facts of a rule, read and judged."""
    if rule == "funeral":
        return judge_funeral(facts_from_plain(facts, into=FuneralFacts), municipality=municipality)
    into, judge = RULES[rule]
    return judge(facts_from_plain(facts, into=into))


def read_cases() -> list[Case]:
    """Every case of every file; one without source or with an unknown key is an error."""
    return [case for path in sorted(CASES.glob("*.toml")) for case in _read_file(path)]


def _read_file(path: Path) -> list[Case]:
    cases = []
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        assert row["source"].strip(), f"{path.name}: {row['name']} has no source"
        assert row.keys() <= CASE_KEYS, f"{path.name}: {row['name']}"
        assert row["expected"], f"{path.name}: {row['name']} expects nothing"
        assert row["expected"].keys() <= EXPECTED_KEYS, f"{path.name}: {row['name']}"
        cases.append(
            Case(
                id=f"{path.stem}: {row['name']}",
                rule=row["rule"],
                facts=row["facts"],
                expected=row["expected"],
                municipality=row.get("municipality", ""),
                requirements=tuple(row.get("requirements", ())),
            )
        )
    return cases
