"""What the queries promise whatever the facts: everyone asked is answered for, in order, now and at an instant."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.evidence import api
from kyufu.law.child.facts import IncomeSource, OtherSchemeKind
from kyufu.platform.actors import Actor
from tests.evidence.files import INCOME, INSURANCE, PERIOD, Sender
from tests.evidence.records import income

pytestmark = pytest.mark.django_db
NUMBERS = tuple(f"{number:015}" for number in range(1, 6))
QUERIES = (
    api.income_of,
    api.insurance_of,
    api.insurance_details_of,
    api.public_assistance_of,
    api.other_schemes_of,
)
Query = Callable[[Collection[int]], dict[int, tuple[Any, ...]]]


@pytest.fixture
def people(person: Callable[[str], int], sender: Sender) -> list[int]:
    """Five persons; the first three have a fact of every kind, the last two none."""
    ids = [person(number) for number in NUMBERS]
    told = NUMBERS[:3]
    sender.send("tax", [{**INCOME, "atenabango": one} for one in told])
    sender.send("insurance", [{**INSURANCE, "atenabango": one} for one in told], mode="FULL")
    sender.send("assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": one} for one in told], mode="FULL")
    sender.send("schemes", [{**PERIOD, "seido": "2", "atenabango": one} for one in told], mode="FULL")
    return ids


@pytest.mark.parametrize("query", QUERIES)
def test_everyone_asked_is_answered_for(people: list[int], query: Query) -> None:
    answers = query([people[4], people[0], 4711])

    assert {one: len(facts) for one, facts in answers.items()} == {people[4]: 0, people[0]: 1, 4711: 0}


@pytest.mark.parametrize("query", QUERIES)
def test_nobody_asked_is_nobody_answered_for(people: list[int], query: Query) -> None:
    assert query([]) == {}


@pytest.mark.parametrize("query", QUERIES)
def test_the_number_of_statements_does_not_grow_with_the_persons(people: list[int], query: Query) -> None:
    with CaptureQueriesContext(connection) as one:
        query(people[:1])
    with CaptureQueriesContext(connection) as all_of_them:
        query(people)

    assert len(all_of_them) == len(one) == 2


@pytest.mark.parametrize(
    "query", [api.income_of, api.insurance_of, api.public_assistance_of, api.other_schemes_of]
)
def test_before_the_first_file_nothing_was_known(people: list[int], query: Any) -> None:
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)

    assert query(people, known_at=long_ago) == dict.fromkeys(people, ())
    assert query(people, known_at=datetime(9000, 1, 1, tzinfo=UTC)) == query(people)


def test_incomes_come_in_the_order_of_tax_year_day_and_source(
    person: Callable[[str], int], clerk: Actor
) -> None:
    guardian = person(NUMBERS[0])
    given = [
        income(tax_year=2024, source=IncomeSource.NETWORK),
        income(tax_year=2023),
        income(tax_year=2024, source=IncomeSource.CERTIFICATE),
    ]
    for evidence in given:
        api.record_income(evidence, addressee_id=guardian, by=clerk, note="")

    assert api.income_of([guardian])[guardian] == (given[1], given[2], given[0])


def test_a_clerk_is_told_where_insurance_comes_from_and_when(people: list[int]) -> None:
    (details,) = api.insurance_details_of(people[:1])[people[0]]

    assert (details.source, details.obtained_on.isoformat()) == ("insurer", "2026-07-01")
    assert (details.symbol, details.number, details.branch, details.relation) == (
        "１２３",
        "4567",
        "02",
        "family",
    )
    assert details.valid == api.insurance_of(people[:1])[people[0]][0].period


def test_kinds_of_schemes_are_those_of_the_law(people: list[int]) -> None:
    assert [one.kind for one in api.other_schemes_of(people[:1])[people[0]]] == [
        OtherSchemeKind.SINGLE_PARENT
    ]
