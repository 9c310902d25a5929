"""Who lives with whom now, by the register: the head first, those who left or died not, protected ones not told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.platform.access import ACCESS, Opening
from kyufu.registry import api as registry
from tests.conftest import TESTER
from tests.registry.persons import Register, addressee_no, measure, resident

pytestmark = pytest.mark.django_db
HOUSE, OTHER_HOUSE = "900000000000031", "900000000000032"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A head, a wife, a child, a lodger of one household, and somebody of another."""
    found = Register(tmp_path)
    found.send(
        [
            resident(4, setaibango=HOUSE, tsuzukigara="99"),
            resident(3, setaibango=HOUSE, tsuzukigara="10"),
            resident(2, setaibango=HOUSE, tsuzukigara="02"),
            resident(1, setaibango=HOUSE, tsuzukigara="01"),
            resident(5, setaibango=OTHER_HOUSE, tsuzukigara="01"),
        ]
    )
    return found


def _id(number: int) -> int:
    return registry.addressee_ids([addressee_no(number)])[addressee_no(number)]


def _household(number: int) -> list[int]:
    ids = {_id(one): one for one in range(1, 6)}
    return [ids[one] for one in registry.household_ids(_id(number))]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_everybody_of_a_household_finds_it_whole_with_the_head_first(number: int, register: Register) -> None:
    assert _household(number) == [1, 2, 3, 4]


def test_another_household_is_another(register: Register) -> None:
    assert _household(5) == [5]


def test_who_moved_to_another_household_is_found_there(register: Register) -> None:
    register.send([resident(2, rirekibango=2, ido_jiyu="30", ido_nengappi="2024-04-01", setaibango=OTHER_HOUSE,
                            tsuzukigara="99")])  # fmt: skip
    assert _household(1) == [1, 3, 4]
    assert _household(5) == [5, 2]


def test_the_dead_are_of_no_household(register: Register) -> None:
    register.send([resident(1, rirekibango=2, ido_jiyu="50", ido_nengappi="2024-04-01", jumin_jotai="3",
                            setaibango=HOUSE, tsuzukigara="01")])  # fmt: skip
    assert _household(3) == [2, 3, 4]


def test_somebody_unknown_has_no_household(register: Register) -> None:
    assert registry.household_ids(999_999_999) == ()


@pytest.mark.parametrize("number", [1, 3])
def test_a_protected_household_is_told_to_nobody_without_the_opening(number: int, register: Register) -> None:
    register.send([measure(3)], layout="protection")
    assert _household(number) == [number]
    token = ACCESS.set(TESTER._replace(opened=frozenset({Opening.PROTECTED_ADDRESS})))
    try:
        assert _household(number) == [1, 2, 3, 4]
    finally:
        ACCESS.reset(token)
