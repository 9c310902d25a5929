"""What a feed posts is sealed, opened once, and becomes persons with unified numbers; contradictions go to a clerk."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction

from kyufu.mynumber import api as mynumber
from kyufu.mynumber.api import UNIFIED, ConflictKind
from kyufu.mynumber.crypto import seal_letter
from kyufu.mynumber.unified import UNIFIED_NUMBER
from kyufu.platform.errors import Refused
from tests.mynumber.people import AT, CLERK, addressee, drain, look, pair, post, register, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.mark.requirement("YOK-067")
@pytest.mark.requirement("YOK-068")
@pytest.mark.requirement("SPR-111")
def test_new_people_get_a_unified_number_each(vault: Path) -> None:
    result = send(*(pair(number) for number in range(1, 8)))
    assert (result.letters, result.pairs, result.new_persons, result.conflicts) == (1, 7, 7, 0)
    unified = [mynumber.translate(link=addressee(number), business=UNIFIED) for number in range(1, 8)]
    assert all(len(found) == 1 and UNIFIED_NUMBER.is_valid(found[0]) for found in unified)
    assert len(set(unified)) == 7


def test_the_same_file_again_changes_nothing(vault: Path) -> None:
    send(pair(1), pair(2))
    before = look("SELECT person_id, version, sealed FROM mynumber_number ORDER BY id")
    again = send(pair(2), pair(1))
    assert (again.pairs, again.new_persons, again.new_numbers, again.conflicts) == (2, 0, 0, 0)
    assert look("SELECT person_id, version, sealed FROM mynumber_number ORDER BY id") == before


def test_nothing_arrives_before_the_transaction_of_the_feed_ends_well(vault: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        mynumber.post_numbers([pair(1)])
        assert drain().letters == 0
        raise RuntimeError
    assert drain().letters == 0
    assert send(pair(1)).new_persons == 1


def test_an_opened_letter_leaves_no_number_behind_and_does_not_count_twice(vault: Path) -> None:
    post(pair(1))
    (batch, key_no, sealed) = look("SELECT batch, key_no, sealed FROM mynumber_inbox")[0]
    assert my_number(1).encode() not in bytes(sealed)
    drain()
    assert look("SELECT count(*) FROM mynumber_inbox") == [(0,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kyufu_vault.mynumber_inbox (batch, key_no, sealed) VALUES (%s, %s, %s)",
            (batch, key_no, bytes(sealed)),
        )
    assert drain().pairs == 0
    assert look("SELECT count(*) FROM mynumber_person") == [(1,)]


@pytest.mark.requirement("YOK-087")
def test_a_number_that_another_addressee_has_goes_to_a_clerk(vault: Path) -> None:
    send(pair(1))
    assert send((addressee_no(2), my_number(1))).conflicts == 1
    found = mynumber.conflicts()
    assert [(one.kind, one.number, one.other) for one in found] == [
        (ConflictKind.DOUBLE, addressee_no(2), addressee_no(1))
    ]
    assert mynumber.translate(link=addressee(2), business=UNIFIED) == ()


def test_two_addressees_with_one_number_in_one_letter(vault: Path) -> None:
    result = send(pair(1), (addressee_no(2), my_number(1)), pair(3))
    assert (result.new_persons, result.conflicts) == (2, 1)
    assert [(one.number, one.other) for one in mynumber.conflicts()] == [(addressee_no(2), addressee_no(1))]


@pytest.mark.requirement("YOK-093")
def test_another_number_for_a_known_addressee_goes_to_a_clerk_once(vault: Path) -> None:
    send(pair(1))
    assert send((addressee_no(1), my_number(2))).conflicts == 1
    assert send((addressee_no(1), my_number(2))).conflicts == 0
    assert [one.kind for one in mynumber.conflicts()] == [ConflictKind.CHANGED]


def test_one_addressee_with_two_numbers_in_one_letter(vault: Path) -> None:
    assert send(pair(1), (addressee_no(1), my_number(2))).conflicts == 1
    assert [one.kind for one in mynumber.conflicts()] == [ConflictKind.CHANGED]
    assert send((addressee_no(5), my_number(2))).new_persons == 1


@pytest.mark.requirement("YOK-085")
def test_a_wrong_digit_goes_to_a_clerk_without_the_number(vault: Path) -> None:
    wrong = my_number(1)[:-1] + str((int(my_number(1)[-1]) + 1) % 10)
    result = send((addressee_no(1), wrong), pair(2))
    assert (result.new_persons, result.conflicts) == (1, 1)
    assert [one.kind for one in mynumber.conflicts()] == [ConflictKind.CHECK_DIGIT]
    assert wrong not in str(look("SELECT * FROM mynumber_conflict"))


def test_a_letter_that_was_altered_is_set_aside_and_the_next_is_read(vault: Path) -> None:
    post(pair(1))
    post(pair(2))
    look("UPDATE mynumber_inbox SET sealed = sealed || 'x'::bytea WHERE id = 1 RETURNING id")
    result = drain()
    assert (result.letters, result.new_persons, result.conflicts) == (2, 1, 1)
    assert [one.kind for one in mynumber.conflicts()] == [ConflictKind.UNREADABLE]


@pytest.mark.parametrize(
    "content",
    [
        b"no letter", b"\xff", b"{}", b'{"type":"other"}', b'{"type":"numbers"}', b'{"type":"numbers","pairs":[[1,2]]}',
        b'{"type":"numbers","pairs":[["1234567890123456","1"]]}', b'{"type":"split","source":"1","by":["a"]}',
    ],
)  # fmt: skip
def test_a_letter_that_is_none_of_ours_does_not_hold_up_the_others(vault: Path, content: bytes) -> None:
    (key_no, public), batch = look("SELECT * FROM mynumber_slot()")[0], uuid4()
    sealed = seal_letter(content, public=bytes(public), context=str(batch))
    look(
        "INSERT INTO mynumber_inbox (batch, key_no, sealed) VALUES (%s, %s, %s) RETURNING id",
        batch, key_no, sealed,
    )  # fmt: skip
    result = send(pair(2))
    assert (result.letters, result.new_persons, result.conflicts) == (2, 1, 1)
    assert [one.kind for one in mynumber.conflicts()] == [ConflictKind.UNREADABLE]


def test_letters_swapped_between_batches_are_not_read(vault: Path) -> None:
    post(pair(1))
    post(pair(2))
    look(
        "UPDATE mynumber_inbox a SET sealed = b.sealed FROM mynumber_inbox b WHERE a.id <> b.id RETURNING a.id"
    )
    assert (drain().new_persons, len(mynumber.conflicts())) == (0, 2)


def test_a_point_is_settled_by_the_clerk_who_enters_the_number(vault: Path) -> None:
    wrong = my_number(1)[:-1] + str((int(my_number(1)[-1]) + 1) % 10)
    send((addressee_no(1), wrong))
    register(1)
    assert mynumber.conflicts() == []


def test_a_point_is_dismissed_with_a_reason_only(vault: Path) -> None:
    send(pair(1))
    send((addressee_no(2), my_number(1)))
    point = mynumber.conflicts()[0].conflict_id
    settle = {"state": mynumber.ConflictState.DISMISSED, "by": CLERK, "at": AT}
    with pytest.raises(Refused, match="理由"):
        mynumber.settle_conflict(point, reason=" ", **settle)  # type: ignore[arg-type]
    mynumber.settle_conflict(point, reason="送り側の誤り", **settle)  # type: ignore[arg-type]
    assert mynumber.conflicts() == []
    with pytest.raises(Refused):
        mynumber.settle_conflict(point, reason="もう一度", **settle)  # type: ignore[arg-type]
