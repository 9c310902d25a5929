"""The search asks the database at most three times, however many it finds and whatever was typed."""

from __future__ import annotations

import pytest

from tests.cases.world import Family, World, certify
from tests.registry.persons import resident
from tests.web.conftest import SignedIn
from tests.web.pages.query_count import of_the_part, round_trips, sent_for
from tests.web.pages.test_person_pages import address_of
from tests.web.town import OTHER_WARD

MOST = 3


def many(world: World, count: int) -> None:
    """So many people of one name, each in a household of their own."""
    world.send(
        "resident",
        [
            resident(500 + n, shimei="多数　太郎", shimei_yomigana="タスウ　タロウ", setaibango=f"95{n:013}")
            for n in range(count)
        ],
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"text": "ミホン"},
        {"text": "見本"},
        {"text": "ミボン", "similar": "1"},
        {"text": "1990-01-15"},
        {"text": "11"},
        {"text": "19900115"},
        {"text": "駒岡1-1"},
        {"text": "居ない"},
        {"text": "ミホン", "birth_date": "H2.1.15", "address": "駒岡"},
    ],
)
def test_a_search_asks_at_most_three_times(
    typed: dict[str, str], family: Family, signed_in: SignedIn
) -> None:
    clerk = signed_in()
    sent = sent_for(lambda: clerk.post("/people/", {"purpose": "application", **typed}))
    assert 1 <= len(sent) <= MOST, sent


def test_it_asks_as_often_for_a_hundred_as_for_one(world: World, signed_in: SignedIn) -> None:
    clerk = signed_in()
    ask = lambda: clerk.post("/people/", {"purpose": "application", "text": "多数"})  # noqa: E731
    many(world, 1)
    one = len(sent_for(ask))
    many(world, 120)
    assert len(sent_for(ask)) == one


def test_a_ward_asks_once_more_for_those_who_are_registered_in_none(
    family: Family, world: World, signed_in: SignedIn
) -> None:
    certify(family)
    world.move_out(family, on="2026-09-01")
    elsewhere = signed_in(office=OTHER_WARD)
    sent = sent_for(lambda: elsewhere.post("/people/", {"purpose": "application", "text": family.child_no}))
    assert len(sent) <= MOST, sent


def test_who_asks_is_found_out_in_few_questions(signed_in: SignedIn) -> None:
    """Terminal, session, account, that it goes on, its rights; and twice that the database is told."""
    clerk = signed_in()
    clerk.get("/people/")
    with round_trips() as sent:
        clerk.get("/people/")
    assert len(sent) <= 7, sent
    assert sum("staff_account" in sql for sql in sent) <= 3
    assert not [sql for sql in sent if sql.startswith("UPDATE")]


def test_the_page_of_a_person_asks_once_which_offices_there_are(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    with round_trips() as sent:
        assert clerk.get(address_of(clerk, family.child)).status_code == 200
    assert sum("FROM staff_office o LEFT JOIN staff_office p" in sql for sql in sent) == 1
    assert len(of_the_part(sent)) <= 20, sent


def test_the_empty_form_asks_nothing_of_the_registers(signed_in: SignedIn) -> None:
    clerk = signed_in()
    assert sent_for(lambda: clerk.get("/people/")) == []


def test_the_counter_of_round_trips_counts(family: Family, signed_in: SignedIn) -> None:
    clerk = signed_in()
    with round_trips() as sent:
        clerk.post("/people/", {"purpose": "application", "text": "ミホン"})
    assert len(sent) > len(of_the_part(sent)) > 0
    assert any("registry_person_event" in sql for sql in of_the_part(sent))
