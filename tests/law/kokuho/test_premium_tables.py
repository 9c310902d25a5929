"""Published tables of premiums by salary, each cell judged: an oracle that shares nothing with this code."""

from __future__ import annotations

from typing import Any

import pytest

from kyufu.law.kokuho.premium import assess
from tests.law.kokuho.premiums import household, premium_of, read_cases, salary_income

TABLES = read_cases("premium_tables.toml", kind="table")
YOUNG, CARING = 30, 50
EARNER_ABOVE = 550_000


@pytest.mark.parametrize("table", TABLES, ids=[table["name"] for table in TABLES])
@pytest.mark.parametrize("age", [YOUNG, CARING])
def test_every_cell_of_the_table_is_met(table: dict[str, Any], age: int) -> None:
    found = []
    for revenue, *_ in table["rows"]:
        salary = revenue * 10_000
        head = {"age": age, "total": salary_income(salary), "earner": salary > EARNER_ABOVE}
        facts = household(table["year"], head, *table["others"])
        found.append(premium_of(assess(facts, municipality=table["municipality"])).total)
    assert found == [row[1 if age == YOUNG else 2] for row in table["rows"]]


def test_the_tables_are_all_there() -> None:
    assert sum(len(table["rows"]) for table in TABLES) == 137
    assert len({table["municipality"] for table in TABLES}) == 7
