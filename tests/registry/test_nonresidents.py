"""Non-residents: registered from the paper, corrected, their numbers our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from kyufu.law.child.facts import Residence
from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput, Refused
from kyufu.registry.api import (
    NonResident,
    PossibleDuplicate,
    Status,
    addressee_ids,
    alike,
    correct_non_resident,
    people,
    person_facts,
    postal_address,
    register_non_resident,
    search_people,
)
from kyufu.registry.nonresidents import NUMBER_DIGITS
from kyufu.registry.views import PostalAddress

pytestmark = pytest.mark.django_db
CLERK = Actor("S0001", "職員　一郎", "鶴見区保険年金課")
AT = datetime(2024, 7, 1, 15, 0, tzinfo=UTC)  # 2 July in Japan
FROM = date(2024, 4, 1)
PAPER = NonResident(
    name="架空　太郎",
    kana="カクウ　タロウ",
    sex="1",
    birth_date=date(1985, 5, 5),
    birth_date_note="",
    municipality="131016",
    postal_code="1000001",
    prefecture="東京都",
    city="千代田区",
    town="千代田",
    house_number="１番１号",
    building="",
)


def register(person: NonResident = PAPER, *, distinct_from: tuple[int, ...] = (), at: datetime = AT) -> int:
    """Register with what does not matter to the test."""
    return register_non_resident(
        person, valid_from=FROM, distinct_from=distinct_from, by=CLERK, reason="申請書による", at=at
    )


def number_of(addressee_id: int) -> str:
    """The addressee number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT addressee_no FROM registry_addressee WHERE id = %s", [addressee_id])
        return str(cursor.fetchone()[0])


@pytest.mark.requirement("YOK-014")
@pytest.mark.requirement("YOK-079")
def test_a_non_resident_gets_a_number_of_our_own_and_is_found() -> None:
    one = register()

    number = number_of(one)
    assert number[:14] == "N2024070200001"
    assert len(number) == 15
    assert NUMBER_DIGITS.is_valid(number[1:])
    assert addressee_ids([number]) == {number: one}
    view = people([one], valid_on=date(2024, 7, 2), today=date(2024, 7, 2))[one]
    assert (view.name, view.sex, view.birth_date) == ("架空　太郎", "1", date(1985, 5, 5))
    assert view.address == "東京都千代田区千代田１番１号"
    assert view.status is Status.OUTSIDE
    assert [hit.addressee_id for hit in search_people("かくう", today=date(2024, 7, 2))] == [one]


@pytest.mark.requirement("YOK-016")
def test_a_guardian_outside_the_city_gets_letters_and_does_not_live_in_the_city() -> None:
    one = register()

    address = postal_address([one], on=date(2024, 7, 2), today=date(2024, 7, 2))[one]
    facts = person_facts([one])[one]

    assert address == PostalAddress("1000001", "東京都千代田区千代田１番１号", "", "架空　太郎")
    assert facts.residences[0].municipality == "131016"
    assert isinstance(facts.residences[0], Residence)
    assert facts.birth_date == date(1985, 5, 5)


def test_numbers_of_a_day_follow_each_other_and_a_new_day_begins_at_one() -> None:
    others = [replace(PAPER, name=f"架空　{at}", kana=f"カクウ　{at}") for at in range(3)]

    numbers = [number_of(register(other)) for other in others[:2]]
    numbers.append(number_of(register(others[2], at=AT + timedelta(days=1))))

    assert [number[:14] for number in numbers] == ["N2024070200001", "N2024070200002", "N2024070300001"]


@pytest.mark.parametrize(
    "again",
    [
        PAPER,
        replace(PAPER, kana="", name="架空太郎"),
        replace(PAPER, name="カクウ　タロー", kana="かくう　たろう"),
    ],
)
def test_the_same_name_and_birth_date_must_be_looked_at_first(again: NonResident) -> None:
    one = register()

    with pytest.raises(PossibleDuplicate, match="1人") as found:
        register(again)
    assert found.value.candidates == (one,)
    assert "架空" not in str(found.value)

    other = register(again, distinct_from=(one,))
    assert other != one
    assert set(alike(again)) == {one, other}


def test_another_birth_date_is_another_person() -> None:
    register()

    register(replace(PAPER, birth_date=date(1985, 5, 6)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "　"}, "氏名"),
        ({"birth_date": None}, "生年月日"),
        ({"sex": "3"}, "性別"),
    ],
)
def test_an_incomplete_paper_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        register(replace(PAPER, **change))

    assert alike(PAPER) == ()


def test_no_registration_without_a_reason() -> None:
    with pytest.raises(BadInput, match="理由"):
        register_non_resident(PAPER, valid_from=FROM, distinct_from=(), by=CLERK, reason="", at=AT)


def test_an_unknown_birth_date_needs_its_wording_and_is_not_guessed() -> None:
    one = register(replace(PAPER, birth_date=None, birth_date_note="昭和年月日不詳"))

    assert person_facts([one])[one].birth_date is None


def test_a_correction_keeps_what_was_known_with_who_and_why() -> None:
    one = register()
    later = AT + timedelta(hours=1)

    correct_non_resident(
        replace(PAPER, name="架空　次郎"),
        addressee_id=one,
        valid_from=FROM,
        by=CLERK,
        reason="誤記",
        at=later,
    )

    day = date(2024, 7, 2)
    assert people([one], valid_on=day, today=day)[one].name == "架空　次郎"
    assert people([one], valid_on=day, today=day, known_at=AT)[one].name == "架空　太郎"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT history_no, revision, recorded_by, note FROM registry_person_event "
            "WHERE addressee_id = %s ORDER BY revision",
            [one],
        )
        assert cursor.fetchall() == [(1, 0, "S0001", "申請書による"), (1, 1, "S0001", "誤記")]
        cursor.execute("SELECT source, what FROM platform_change WHERE addressee_id = %s", [one])
        assert cursor.fetchall() == [("registry", "resident")]


def test_a_move_is_another_period() -> None:
    one = register()
    moved = replace(PAPER, municipality="142123", prefecture="神奈川県", city="厚木市", town="中町")

    correct_non_resident(
        moved, addressee_id=one, valid_from=date(2024, 6, 1), by=CLERK, reason="転居", at=AT + timedelta(1)
    )

    assert [one.municipality for one in person_facts([one])[one].residences] == ["131016", "142123"]
    assert people([one], valid_on=date(2024, 5, 31), today=date(2024, 5, 31))[one].address.startswith(
        "東京都"
    )
    assert people([one], valid_on=date(2024, 6, 1), today=date(2024, 6, 1))[one].address.startswith(
        "神奈川県"
    )


def test_a_resident_is_not_corrected_by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000001', 'resident') RETURNING id"
        )
        resident = int(cursor.fetchone()[0])

    with pytest.raises(Refused, match="住登外者ではない"):
        correct_non_resident(PAPER, addressee_id=resident, valid_from=FROM, by=CLERK, reason="誤記", at=AT)
