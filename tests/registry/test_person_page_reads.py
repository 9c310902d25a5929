"""What the page of a person asks of the registry: the household in two round trips, and what cannot be printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.audit.reading import READING
from kyufu.platform.clock import current_date_in_japan
from kyufu.registry import api as registry
from tests.registry.persons import Register, addressee_no, fetch, measure, resident

pytestmark = pytest.mark.django_db
HOUSE = "900000000000041"


@pytest.fixture
def home(tmp_path: Path) -> Register:
    """A head, a child and a lodger of one household, and somebody of another."""
    found = Register(tmp_path)
    found.send(
        [
            resident(3, setaibango=HOUSE, tsuzukigara="99"),
            resident(2, setaibango=HOUSE, tsuzukigara="10"),
            resident(1, setaibango=HOUSE, tsuzukigara="01"),
            resident(4, setaibango="900000000000042", tsuzukigara="01"),
        ]
    )
    return found


def _id(number: int) -> int:
    return registry.addressee_ids([addressee_no(number)])[addressee_no(number)]


def household(number: int) -> dict[int, registry.PersonView]:
    """The household of somebody today."""
    return registry.household(_id(number), today=current_date_in_japan())


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_household_is_that_of_the_ids_with_the_same_persons(number: int, home: Register) -> None:
    ids = registry.household_ids(_id(number))
    today = current_date_in_japan()
    assert list(household(number)) == list(ids)
    assert household(number) == registry.people(ids, valid_on=today, today=today)


def test_a_household_is_two_round_trips_however_large(home: Register) -> None:
    home.send([resident(10 + one, setaibango=HOUSE, tsuzukigara="90") for one in range(8)])
    with CaptureQueriesContext(connection) as asked:
        found = registry.household(_id(1), today=current_date_in_japan())
    assert len(found) == 11
    assert len(asked) <= 3  # with the look-up of the id


def test_of_a_protected_household_everybody_is_alone(home: Register) -> None:
    home.send([measure(2)], layout="protection")
    for number in (1, 2, 3):
        (found,) = household(number).items()
        assert (found[0], found[1].protected, found[1].address) == (_id(number), True, "")
    assert list(household(4)) == [_id(4)]


def test_the_members_are_noted_as_read_and_the_hidden_ones_are_not(home: Register) -> None:
    reading = READING.get()
    assert reading is not None
    reading.noted.clear()
    household(1)
    assert reading.noted == {"世帯員": {_id(1)}, "氏名・生年月日・性別・住所・世帯": {_id(1), _id(2), _id(3)}}
    home.send([measure(2)], layout="protection")
    reading.noted.clear()
    household(1)
    assert reading.noted["氏名・生年月日・性別・住所・世帯"] == {_id(1)}


def test_who_moved_out_has_no_household_of_their_own(home: Register) -> None:
    home.send([resident(2, rirekibango=2, ido_jiyu="40", ido_nengappi="2024-04-01", jumin_jotai="2", setaibango=HOUSE,
                        tsuzukigara="10")])  # fmt: skip
    assert _id(2) not in household(1)
    assert _id(2) not in household(2)


def test_an_item_that_cannot_be_printed_is_told_until_it_is_seen_to(home: Register) -> None:
    assert registry.undrawable_items(_id(1)) == ()
    for field in ("shimei", "shimei", "jusho_katagaki"):
        fetch(
            "INSERT INTO registry_undrawable_name (addressee_id, field, code_points) VALUES (%s, %s, %s) "
            "ON CONFLICT DO NOTHING RETURNING id",
            _id(1),
            field,
            "U+20BB7",
        )
    assert registry.undrawable_items(_id(1)) == ("jusho_katagaki", "shimei")
    assert registry.undrawable_items(_id(2)) == ()
