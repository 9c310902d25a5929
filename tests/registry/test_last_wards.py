"""Where a person was registered last among the wards asked about: it says whose matter they are."""

from __future__ import annotations

import pytest

from kyufu.registry.api import addressee_ids, last_wards
from tests.registry.persons import Register, addressee_no, measure, resident

pytestmark = pytest.mark.django_db
OURS = ("141011", "141020")


def moved(number: int, *, ward: str, history: int, **items: object) -> dict[str, object]:
    """A later row about a person, who is in another place since."""
    return resident(
        number, rirekibango=history, ido_nengappi=f"202{history}-04-01", jusho_shikuchosonkodo=ward, **items
    )


def test_the_last_ward_of_ours_is_found_whatever_came_after(register: Register) -> None:
    register.send(
        [
            resident(1),
            resident(2),
            moved(2, ward="141020", history=2),
            resident(3),
            moved(3, ward="141305", history=2, jumin_jotai="2"),
            resident(4, jusho_shikuchosonkodo="131016"),
        ]
    )
    ids = addressee_ids([addressee_no(number) for number in (1, 2, 3, 4)])
    found = last_wards(ids.values(), among=OURS)
    assert found == {
        ids[addressee_no(1)]: "141011",
        ids[addressee_no(2)]: "141020",
        ids[addressee_no(3)]: "141011",
    }
    assert last_wards(ids.values(), among=()) == {}


def test_the_protected_have_a_ward_too(register: Register) -> None:
    register.send([resident(1)])
    register.send([measure(1)], layout="protection")
    ids = addressee_ids([addressee_no(1)])
    assert last_wards(ids.values(), among=OURS) == {ids[addressee_no(1)]: "141011"}
