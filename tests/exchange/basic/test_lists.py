"""Lists of items: two persons, a period, a law; and what the database refuses whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.exchange.basic.api import (
    ListState,
    confirm_list,
    item_list,
    item_lists,
    list_in_force,
    propose_list,
    register_system,
    systems,
    withdraw_list,
)
from kyufu.platform.errors import BadInput, Refused
from kyufu.staff.api import Forbidden, Level, SamePerson
from tests.exchange.basic.parts import AT, FIRST, SECOND, SYSTEM, TODAY, allow, asked, hand_over, rights
from tests.registry.persons import Register, fetch, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("system", "var")]
TOMORROW = TODAY + timedelta(days=1)


def digest_of(list_id: int) -> str:
    """What the second person must have seen."""
    found = item_list(list_id)
    assert found is not None
    return found.digest


def refused_by_the_database(statement: str, *values: object) -> str:
    """The name of the constraint or the message with which the database refuses a statement."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)


@pytest.mark.requirement("SPR-125", "SPR-126")
def test_a_list_counts_once_a_second_person_confirmed_it() -> None:
    list_id = propose_list(asked("atenabango", "shimei"), rights=rights(FIRST), at=AT)
    assert list_in_force(SYSTEM, on=TODAY) is None
    confirm_list(list_id, seen=digest_of(list_id), rights=rights(SECOND), at=AT)
    listed = list_in_force(SYSTEM, on=TODAY)
    assert listed is not None
    assert listed.columns == ("atenabango", "shimei")
    assert (listed.proposed_by, listed.confirmed_by, listed.state) == (FIRST, SECOND, ListState.CONFIRMED)
    steps = "SELECT from_state, to_state, actor_id FROM exchange_basic_list_transition ORDER BY id"
    assert fetch(steps) == [(None, "proposed", FIRST), ("proposed", "confirmed", SECOND)]


def test_nobody_confirms_their_own_list() -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    with pytest.raises(SamePerson):
        confirm_list(list_id, seen=digest_of(list_id), rights=rights(FIRST), at=AT)
    said = refused_by_the_database(
        "UPDATE exchange_basic_list SET confirmed_by = proposed_by WHERE id = %s", list_id
    )
    assert "basic_list_two_persons" in said


def test_what_was_not_seen_is_not_confirmed() -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    other = propose_list(asked("atenabango", "shimei"), rights=rights(FIRST), at=AT)
    with pytest.raises(Refused, match="内容が違います"):
        confirm_list(list_id, seen=digest_of(other), rights=rights(SECOND), at=AT)
    assert list_in_force(SYSTEM, on=TODAY) is None


def test_a_list_is_confirmed_or_withdrawn_once() -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    withdraw_list(list_id, why="取りやめ", rights=rights(FIRST), at=AT)
    for again in (
        lambda: confirm_list(list_id, seen=digest_of(list_id), rights=rights(SECOND), at=AT),
        lambda: withdraw_list(list_id, why="取りやめ", rights=rights(SECOND), at=AT),
        lambda: withdraw_list(0, why="取りやめ", rights=rights(SECOND), at=AT),
    ):
        with pytest.raises(Refused):
            again()
    (found,) = item_lists(SYSTEM)
    assert found.state is ListState.WITHDRAWN


def test_without_the_right_nothing_is_asked_confirmed_or_withdrawn() -> None:
    looker = rights(SECOND, level=Level.READ)
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    for attempt in (
        lambda: propose_list(asked("atenabango"), rights=looker, at=AT),
        lambda: confirm_list(list_id, seen=digest_of(list_id), rights=looker, at=AT),
        lambda: withdraw_list(list_id, why="取りやめ", rights=looker, at=AT),
        lambda: register_system("tax", name="税務システム", rights=looker),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_later_list_ends_the_one_without_end_and_both_stay_as_asked() -> None:
    first = allow(asked("atenabango", "shimei"))
    second = allow(asked("atenabango", start=TOMORROW))
    found = {one.list_id: one for one in item_lists(SYSTEM)}
    assert found[first].in_force == (TODAY, TOMORROW)
    assert found[first].asked.valid == (TODAY, None)
    assert found[second].in_force == (TOMORROW, None)
    assert all(one.stands_as_seen for one in found.values())


@pytest.mark.parametrize("days", [(0, 10), (0, None), (5, 6)])
def test_days_that_are_taken_are_refused(days: tuple[int, int | None]) -> None:
    allow(asked("atenabango", end=TODAY + timedelta(days=10)))
    start, end = (None if day is None else TODAY + timedelta(days=day) for day in days)
    assert start is not None
    with pytest.raises(Refused, match="すでに承認された一覧"):
        allow(asked("atenabango", "shimei", start=start, end=end))
    assert len([one for one in item_lists() if one.state is ListState.CONFIRMED]) == 1


def test_a_list_from_the_past_is_neither_asked_for_nor_confirmed() -> None:
    with pytest.raises(BadInput, match="過ぎて"):
        propose_list(asked("atenabango", start=TODAY - timedelta(days=1)), rights=rights(FIRST), at=AT)
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    with pytest.raises(Refused, match="過ぎた"):
        confirm_list(list_id, seen=digest_of(list_id), rights=rights(SECOND), at=AT + timedelta(days=1))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (asked("atenabango", "shoe_size"), "知らない項目"),
        (asked("atenabango", "atenabango"), "同じ項目"),
        (asked("shimei"), "宛名番号がありません"),
        (asked("atenabango", "kojinbango"), "個人番号を利用しない"),
        (asked("atenabango", uses_individual_number=True), "利用する根拠"),
        (asked("atenabango", "hogo_jusho"), "支援措置の対象者の住所を提供する理由"),
        (asked("atenabango", system="nobody"), "登録されていない"),
        (asked("atenabango", end=TODAY), "終わる日"),
    ],
)
def test_what_may_not_be_asked_for(wanted: object, said: str) -> None:
    with pytest.raises((BadInput, Refused), match=said):
        propose_list(wanted, rights=rights(FIRST), at=AT)  # type: ignore[arg-type]
    assert item_lists() == ()


def test_systems_are_entered_once_under_a_plain_code() -> None:
    register_system("tax", name="税務システム", rights=rights())
    assert systems() == ((SYSTEM, "国民健康保険システム"), ("tax", "税務システム"))
    for code in ("tax", "Tax", "税", "../tax", ""):
        with pytest.raises((BadInput, Refused)):
            register_system(code, name="税務システム", rights=rights())


@pytest.mark.requirement("SPR-129")
def test_the_database_keeps_the_individual_number_from_systems_that_do_not_use_it() -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    item = "INSERT INTO exchange_basic_item (item_list_id, uses_individual_number, item) VALUES (%s, %s, 'kojinbango')"
    assert "basic_item_number_to_users" in refused_by_the_database(item, list_id, False)
    assert "basic_item_flag_of_list" in refused_by_the_database(item, list_id, True)
    flag = (
        "UPDATE exchange_basic_list SET uses_individual_number = true, number_law_basis = 'x' WHERE id = %s"
    )
    assert "never rewritten" in refused_by_the_database(flag, list_id)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE exchange_basic_list SET law_basis = 'x'", "never rewritten"),
        ("UPDATE exchange_basic_list SET in_force = daterange(lower(in_force), NULL)", "never rewritten"),
        ("UPDATE exchange_basic_list SET confirmed_by = 'S0009'", "never rewritten"),
        ("UPDATE exchange_basic_list SET state = 'withdrawn'", "by exchange_basic_list_transition only"),
        ("DELETE FROM exchange_basic_list", "never rewritten"),
        ("UPDATE exchange_basic_item SET item = 'shimei'", "rows stand as written"),
        ("DELETE FROM exchange_basic_item", "rows stand as written"),
        (
            "INSERT INTO exchange_basic_item (item_list_id, uses_individual_number, item) "
            "SELECT id, false, 'shimei' FROM exchange_basic_list",
            "the list is closed",
        ),
    ],
)
def test_a_confirmed_list_is_not_rewritten_by_sql(statement: str, said: str) -> None:
    allow(asked("atenabango", end=TODAY + timedelta(days=10)))
    assert said in refused_by_the_database(statement)


def test_an_item_that_the_catalogue_does_not_have_cannot_be_stored() -> None:
    list_id = propose_list(asked("atenabango"), rights=rights(FIRST), at=AT)
    item = (
        "INSERT INTO exchange_basic_item (item_list_id, uses_individual_number, item) VALUES (%s, false, %s)"
    )
    assert "basic_item_known" in refused_by_the_database(item, list_id, "shoe_size")
    assert "basic_item_protected_reason" in refused_by_the_database(item, list_id, "hogo_jusho")


def test_items_slipped_in_past_the_guards_stop_the_deliveries(register: Register) -> None:
    register.send([resident(1)], mode="FULL")
    list_id = allow(asked("atenabango"))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO exchange_basic_item (item_list_id, uses_individual_number, item) VALUES (%s, false, 'shimei')",
            [list_id],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    with pytest.raises(Refused, match="承認された内容と、いまの項目の一覧が違います"):
        hand_over()


def test_two_lists_in_force_at_once_are_refused_by_the_database() -> None:
    allow(asked("atenabango", end=TOMORROW))
    list_id = propose_list(asked("atenabango", "shimei", end=TOMORROW), rights=rights(FIRST), at=AT)
    one_in_force = pytest.raises(IntegrityError, match="basic_list_one_in_force")
    with one_in_force, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_basic_list SET confirmed_by = %s WHERE id = %s", [SECOND, list_id])
        cursor.execute(
            "INSERT INTO exchange_basic_list_transition "
            "(subject_id, from_state, to_state, actor_id, actor_name, actor_office, at, why) "
            "VALUES (%s, 'proposed', 'confirmed', 'x', 'x', 'x', now(), 'x')",
            [list_id],
        )
