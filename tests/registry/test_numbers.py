"""The face of the vault: by addressee, with rights and records, and merges of the registry followed in the vault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kyufu.audit.api import acting
from kyufu.mynumber import api as mynumber
from kyufu.platform.access import Opening
from kyufu.platform.errors import Refused
from kyufu.registry.api import (
    NonResident,
    addressee_ids,
    merge_into_resident,
    numbers,
    register_non_resident,
    split_from_resident,
)
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import AT, CLERK, access, drain, log, secret
from tests.registry.persons import Register, addressee_no, fetch, my_number, resident

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
OUTSIDER = NonResident(
    name="住登外　花子", kana="ジュウトウガイ　ハナコ", sex="2", birth_date=date(1985, 3, 3), birth_date_note="",
    municipality="131016", postal_code="1000001", prefecture="東京都", city="千代田区", town="千代田",
    house_number="１番", building="",
)  # fmt: skip


@pytest.fixture
def people(vault: Path, tmp_path: Path) -> dict[str, int]:
    """Two residents, whose numbers the vault has from the feed, as addressee ids by number."""
    Register(tmp_path).send([resident(1), resident(2)])
    drain()
    return addressee_ids([addressee_no(1), addressee_no(2)])


def outsider() -> int:
    """A non-resident, from the paper."""
    return register_non_resident(
        OUTSIDER, valid_from=date(2026, 4, 1), distinct_from=(), by=CLERK, reason="申請書", at=AT
    )


def enter(addressee_id: int, *, number: int) -> str:
    """Register a number at the counter."""
    return numbers.register_number(
        addressee_id=addressee_id, number=secret(number), by=CLERK, reason="個人番号カード", at=AT
    )


@pytest.mark.requirement("YOK-079")
@pytest.mark.requirement("ATG-181")
def test_a_non_resident_gets_number_and_unified_number(people: dict[str, int]) -> None:
    person = outsider()
    assert numbers.unified_number_of(person) is None
    unified = enter(person, number=50)
    assert numbers.unified_number_of(person) == unified
    assert numbers.unified_number_of(people[addressee_no(1)]) != unified


def test_a_number_is_shown_to_who_may_see_it_and_the_log_says_whose(people: dict[str, int]) -> None:
    person = people[addressee_no(1)]
    with acting(access(Opening.NUMBER_DISPLAY)):
        shown = numbers.disclose_number(addressee_id=person, reason="届出との照合")
        assert shown.reveal() == my_number(1)
    with acting(access()), pytest.raises(Refused):
        numbers.disclose_number(addressee_id=person, reason="届出との照合")
    shown_of = "SELECT count(*) FROM audit_event WHERE kind = 'number_displayed' AND %s = ANY(subjects)"
    assert log(shown_of, person) == [(1,)]
    last = log("SELECT what, subjects FROM audit_read ORDER BY id DESC LIMIT 1")
    assert last == [(["個人番号"], [person])]


def test_a_search_gives_addressees_and_notes_whom_it_found(people: dict[str, int]) -> None:
    person = people[addressee_no(2)]
    with acting(access(Opening.NUMBER_SEARCH)):
        hit = numbers.find_by_number(numbers.read_number(my_number(2)), at=AT)
        assert numbers.find_by_number(numbers.read_number(my_number(9)), at=AT) is None
    assert hit is not None
    assert hit.addressee_ids == (person,)
    last = log("SELECT what, subjects FROM audit_read ORDER BY id DESC LIMIT 1")
    assert last == [([numbers.FOUND_BY_NUMBER], [person])]


@pytest.mark.requirement("YOK-081")
def test_a_number_is_changed_from_a_day_on(people: dict[str, int]) -> None:
    person = people[addressee_no(1)]
    with pytest.raises(numbers.DoubleRegistration):
        numbers.change_number(
            addressee_id=person,
            number=secret(2),
            changed_on=date(2026, 10, 1),
            by=CLERK,
            reason="変更届",
            at=AT,
        )
    numbers.change_number(
        addressee_id=person, number=secret(60), changed_on=date(2026, 10, 1), by=CLERK, reason="変更届", at=AT
    )
    with acting(access(Opening.NUMBER_DISPLAY)):
        assert numbers.disclose_number(addressee_id=person, reason="確認").reveal() == my_number(60)


def test_an_addressee_that_does_not_exist_is_refused(people: dict[str, int]) -> None:
    with pytest.raises(Refused, match="宛名番号"):
        enter(999_999, number=70)


@pytest.mark.requirement("ATG-178")
def test_a_merge_of_the_registry_reaches_the_vault_and_so_does_its_undoing(people: dict[str, int]) -> None:
    person, inhabitant = outsider(), people[addressee_no(1)]
    merge_into_resident(non_resident=person, resident=inhabitant, by=CLERK, reason="転入", at=AT)
    assert numbers.unified_number_of(person) is None
    drain()
    assert numbers.unified_number_of(person) == numbers.unified_number_of(inhabitant)
    split_from_resident(non_resident=person, by=CLERK, reason="別人", at=AT.replace(hour=5))
    drain()
    assert numbers.unified_number_of(person) is None
    assert mynumber.conflicts() == []


def test_a_merge_of_two_with_different_numbers_goes_to_a_clerk(people: dict[str, int]) -> None:
    person = outsider()
    enter(person, number=50)
    merge_into_resident(non_resident=person, resident=people[addressee_no(1)], by=CLERK, reason="転入", at=AT)
    assert drain().conflicts == 1
    (point,) = mynumber.conflicts()
    assert (point.kind, point.number, point.other) == (
        mynumber.ConflictKind.MERGE,
        fetch("SELECT addressee_no FROM registry_addressee WHERE id = %s", person)[0][0],
        addressee_no(1),
    )


def test_the_vault_is_open() -> None:
    assert not numbers.vault_is_open()
