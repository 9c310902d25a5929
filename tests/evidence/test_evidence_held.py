"""All evidence of a person at once says what the four questions say one by one, in three round trips."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.evidence import api
from tests.evidence.files import INCOME, INSURANCE, PERIOD, Sender

pytestmark = pytest.mark.django_db
NUMBERS = tuple(f"{number:015}" for number in range(1, 5))


@pytest.fixture
def people(person: Callable[[str], int], sender: Sender) -> list[int]:
    """Four persons, the last without any evidence; of the first there is more than one fact of a kind."""
    ids = [person(number) for number in NUMBERS]
    told = NUMBERS[:3]
    earlier = {**INCOME, "fuka_nendo": 2025, "taisho_kaishi": "2024-01-01", "taisho_shuryo": "2024-12-31",
               "shutoku_nengappi": "2025-06-10"}  # fmt: skip
    sender.send("tax", [{**INCOME, "atenabango": one} for one in told] + [{**earlier, "atenabango": told[0]}])
    ended = {**INSURANCE, "soshitsu_nengappi": "2025-04-01", "atenabango": told[0]}
    again = {**INSURANCE, "rirekibango": 2, "shutoku_nengappi": "2025-04-01", "atenabango": told[0]}
    sender.send(
        "insurance", [ended, again, *({**INSURANCE, "atenabango": one} for one in told[1:])], mode="FULL"
    )
    sender.send("assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": told[0]}], mode="FULL")
    sender.send(
        "schemes", [{**PERIOD, "seido": kind, "atenabango": told[1]} for kind in ("1", "2", "3")], mode="FULL"
    )
    return ids


def test_it_says_what_the_single_questions_say(people: list[int]) -> None:
    found = api.evidence_held(people)
    assert list(found) == people
    for name, single in (
        ("incomes", api.income_of),
        ("insurances", api.insurance_details_of),
        ("assistances", api.public_assistance_of),
    ):
        assert {one: getattr(held, name) for one, held in found.items()} == single(people), name
    schemes = api.other_schemes_of(people)
    assert {one: sorted(held.other_schemes) for one, held in found.items()} == {
        one: sorted(held) for one, held in schemes.items()
    }
    assert len(found[people[1]].other_schemes) == 3
    assert len(found[people[0]].insurances) == 2


def test_of_whom_nothing_is_known_it_says_so(people: list[int]) -> None:
    assert api.evidence_held([people[-1]])[people[-1]] == api.EvidenceHeld((), (), (), ())
    assert api.evidence_held([]) == {}


@pytest.mark.parametrize("many", [1, 4])
def test_the_round_trips_are_three_however_many(many: int, people: list[int]) -> None:
    with CaptureQueriesContext(connection) as asked:
        api.evidence_held(people[:many])
    assert len(asked) == 3
