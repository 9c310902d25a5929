"""Protective measures (支援措置): letters to the safe address only, and the protected address leaks nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyufu.registry.api import (
    AddressWithheld,
    PostalAddress,
    addressee_ids,
    people,
    postal_address,
    search_people,
)
from tests.registry.persons import Register, addressee_no, fetch, measure, resident

pytestmark = pytest.mark.usefixtures("let_through")
ON = date(2026, 8, 1)
ADDRESS_ITEMS = ("jusho_todofuken", "jusho_shikugunchosonmei", "jusho_choaza", "jusho_banchigohyoki")
SECRET = "秘密の町一丁目"
SAFE = PostalAddress("2310017", "神奈川県横浜市中区港町一丁目１番地", "", "見本　太郎")


def id_of(number: int) -> int:
    return addressee_ids([addressee_no(number)])[addressee_no(number)]


@pytest.fixture
def household(register: Register) -> Register:
    """A mother (1) and her child (2) at a secret address, and a neighbour (3) of another household."""
    register.send(
        [
            resident(1, jusho_choaza=SECRET),
            resident(2, jusho_choaza=SECRET, tsuzukigara="10"),
            resident(3, setaibango="900000000000009"),
        ],
        mode="FULL",
    )
    return register


def test_letters_to_the_protected_go_to_the_safe_address_only(household: Register) -> None:
    household.send([measure(1)], layout="protection")
    assert postal_address([id_of(1)], on=ON, today=ON) == {id_of(1): SAFE}


def test_the_name_on_the_letter_may_be_another(household: Register) -> None:
    household.send([measure(1, sofusaki_meigi="代理　花子")], layout="protection")
    assert postal_address([id_of(1)], on=ON, today=ON) == {id_of(1): replace(SAFE, name="代理　花子")}


def test_without_a_safe_address_no_letter_goes_out(household: Register) -> None:
    household.send([measure(1, sofusaki_jusho="", sofusaki_yubinbango="")], layout="protection")
    withheld = postal_address([id_of(1)], on=ON, today=ON)[id_of(1)]
    assert isinstance(withheld, AddressWithheld)
    assert "支援措置" in withheld.reason
    assert SECRET not in withheld.reason


def test_of_two_measures_the_one_with_a_safe_address_counts(household: Register) -> None:
    later = measure(
        1, rirekibango=2, sochi_kubun="2", kaishi="2026-01-01", sofusaki_jusho="", sofusaki_yubinbango=""
    )
    household.send([measure(1), later], layout="protection")
    assert postal_address([id_of(1)], on=ON, today=ON) == {id_of(1): SAFE}


def test_letters_to_the_household_and_to_others_go_where_they_are_registered(household: Register) -> None:
    household.send([measure(1)], layout="protection")
    places = postal_address([id_of(2), id_of(3)], on=ON, today=ON)
    assert [place.address for place in places.values() if isinstance(place, PostalAddress)] == [
        f"神奈川県横浜市鶴見区{SECRET}１番２号",
        "神奈川県横浜市鶴見区駒岡一丁目１番２号",
    ]


def test_views_and_search_hide_the_address_of_the_protected_and_of_their_household(
    household: Register,
) -> None:
    household.send([measure(1)], layout="protection")
    views = people([id_of(1), id_of(2), id_of(3)], valid_on=ON, today=ON)
    assert [view.protected for view in views.values()] == [True, True, False]
    assert all(
        (view.postal_code, view.address, view.building) == ("", "", "")
        for view in views.values()
        if view.protected
    )
    hits = search_people("ミホン", today=ON)
    assert len(hits) == 3
    assert SECRET not in repr(hits) + repr(views)
    assert search_people(SECRET, today=ON) == []


def test_a_measure_protects_from_the_day_it_is_known(household: Register) -> None:
    household.send([measure(1, kaishi="2026-12-01")], layout="protection")
    assert people([id_of(1)], valid_on=ON, today=ON)[id_of(1)].protected
    assert postal_address([id_of(1)], on=ON, today=ON) == {id_of(1): SAFE}


@pytest.mark.parametrize("change", [{"haishi": "2026-07-31"}, {"torikeshi": 1}])
def test_a_measure_that_ended_or_was_cancelled_protects_no_more(
    household: Register, change: dict[str, object]
) -> None:
    household.send([measure(1)], layout="protection")
    household.send([measure(1, rirekieda=1, **change)], layout="protection")
    assert not people([id_of(1)], valid_on=ON, today=ON)[id_of(1)].protected
    place = postal_address([id_of(1)], on=ON, today=ON)[id_of(1)]
    assert isinstance(place, PostalAddress)
    assert SECRET in place.address
    assert fetch("SELECT count(*) FROM registry_protection") == [(2,)]


BEFORE, LAST, AFTER = date(2026, 11, 21), date(2026, 11, 30), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("on", "today"),
    [(AFTER, BEFORE), (BEFORE, AFTER), (AFTER, LAST), (LAST, AFTER)],
    ids=["dated ahead", "dated back", "dated the day of the end", "dated the last day, sent after the end"],
)
def test_who_is_protected_on_the_date_of_the_letter_or_today_stays_hidden(
    household: Register, on: date, today: date
) -> None:
    household.send([measure(1, haishi=str(AFTER))], layout="protection")
    assert postal_address([id_of(1)], on=on, today=today) == {id_of(1): SAFE}
    views = people([id_of(1), id_of(2), id_of(3)], valid_on=on, today=today)
    assert [view.protected for view in views.values()] == [True, True, False]
    assert SECRET not in repr(views)


def test_a_measure_between_the_two_days_protects(household: Register) -> None:
    household.send([measure(1, kaishi="2026-11-25", haishi="2026-11-28")], layout="protection")
    for on, today in ((BEFORE, AFTER), (AFTER, BEFORE)):
        assert postal_address([id_of(1)], on=on, today=today) == {id_of(1): SAFE}
        assert people([id_of(2)], valid_on=on, today=today)[id_of(2)].protected


def test_once_both_days_are_past_the_end_the_address_is_open_again(household: Register) -> None:
    household.send([measure(1, haishi=str(AFTER))], layout="protection")
    place = postal_address([id_of(1)], on=AFTER, today=AFTER)[id_of(1)]
    assert isinstance(place, PostalAddress)
    assert SECRET in place.address
    assert not search_people("ミホン", today=AFTER)[0].protected
    assert all(hit.address == "" for hit in search_people("ミホン", today=LAST)[:2])


def test_a_household_that_is_left_between_the_two_days_stays_hidden(household: Register) -> None:
    household.send([measure(1)], layout="protection")
    household.send(
        [resident(2, rirekibango=2, ido_jiyu="30", ido_nengappi=str(LAST), setaibango="900000000000077")]
    )
    assert people([id_of(2)], valid_on=AFTER, today=BEFORE)[id_of(2)].protected
    assert people([id_of(2)], valid_on=BEFORE, today=AFTER)[id_of(2)].protected
    assert not people([id_of(2)], valid_on=AFTER, today=AFTER)[id_of(2)].protected


def test_a_late_older_revision_does_not_lift_the_protection(household: Register) -> None:
    household.send([measure(1, rirekieda=1)], layout="protection")
    household.send([measure(1, torikeshi=1)], layout="protection")
    assert people([id_of(1)], valid_on=ON, today=ON)[id_of(1)].protected


def test_a_new_measure_marks_decisions_stale(household: Register) -> None:
    household.send([measure(1)], layout="protection")
    assert fetch("SELECT addressee_id, what FROM platform_change") == [(id_of(1), "protection")]


def test_rows_about_the_unknown_and_wrong_periods_go_to_the_worklist(household: Register) -> None:
    result = household.send(
        [
            measure(7),
            measure(1, haishi="2025-04-01"),
            measure(2),
            measure(2, sofusaki_jusho="別の所"),
            measure(3),
        ],
        layout="protection",
    )
    assert (result.landed, result.rejected) == (2, 3)
    assert fetch("SELECT row_no, code FROM platform_rejected_row ORDER BY row_no") == [
        (1, "unknown_addressee"),
        (2, "period"),
        (4, "same_revision"),
    ]


@pytest.mark.parametrize(
    ("items", "word"),
    [
        ({"jumin_jotai": "2", "ido_jiyu": "40"}, "転出"),
        ({"jumin_jotai": "3", "ido_jiyu": "50"}, "死亡"),
        (dict.fromkeys(ADDRESS_ITEMS, ""), "住所"),
        ({"ido_nengappi": "2026-09-01"}, "住民記録がありません"),
    ],
)
def test_where_no_address_is_known_the_letter_is_withheld(
    register: Register, items: dict[str, object], word: str
) -> None:
    register.send([resident(1, **items)])
    withheld = postal_address([id_of(1)], on=ON, today=ON)[id_of(1)]
    assert isinstance(withheld, AddressWithheld)
    assert word in withheld.reason


NEW_HOME = {
    "jusho_shikuchosonkodo": "131016", "jusho_todofuken": "東京都", "jusho_shikugunchosonmei": "千代田区",
    "jusho_choaza": "千代田", "jusho_banchigohyoki": "１番１号", "jusho_katagaki": "", "jusho_yubinbango": "1000001",
}  # fmt: skip


def move_out(register: Register, **items: object) -> PostalAddress | AddressWithheld:
    """The person lives in the city, moves out with these items, and a letter is due."""
    gone = {"ido_jiyu": "40", "rirekibango": 2, "ido_nengappi": "2026-07-01", "jumin_jotai": "2"}
    register.send([resident(1), resident(1, **gone, **items)])
    return postal_address([id_of(1)], on=ON, today=ON)[id_of(1)]


@pytest.mark.parametrize("whither", ["131016", ""])
def test_who_moved_out_is_written_to_at_the_new_address_where_the_move_tells_it(
    register: Register, whither: str
) -> None:
    place = move_out(register, **NEW_HOME, zenju_shikuchosonkodo=whither)
    assert place == PostalAddress("1000001", "東京都千代田区千代田１番１号", "", "見本　太郎")


@pytest.mark.parametrize(
    "items",
    [
        {},
        {"zenju_shikuchosonkodo": "131016"},
        {"jusho_shikuchosonkodo": "141020", "zenju_shikuchosonkodo": "131016"},
        {"jusho_shikuchosonkodo": "141003", "zenju_shikuchosonkodo": "131016"},
        {**NEW_HOME, "jusho_shikuchosonkodo": ""},
        {**NEW_HOME, "jusho_choaza": "", "jusho_banchigohyoki": ""},
    ],
    ids=["nothing told", "the last address", "another ward", "the city's own code", "no code", "no town"],
)
def test_an_address_in_the_city_or_half_told_is_not_where_one_moved(
    register: Register, items: dict[str, object]
) -> None:
    withheld = move_out(register, **items)
    assert isinstance(withheld, AddressWithheld)
    assert "転出" in withheld.reason


def test_a_register_that_tells_of_the_move_alone_does_not_say_which_city_was_left(register: Register) -> None:
    register.send([resident(1, jumin_jotai="2", ido_jiyu="40", **NEW_HOME)])
    assert isinstance(postal_address([id_of(1)], on=ON, today=ON)[id_of(1)], AddressWithheld)


def test_the_new_home_of_a_protected_person_is_no_place_for_letters(register: Register) -> None:
    move_out(register, **NEW_HOME)
    register.send([measure(1, sofusaki_jusho="", sofusaki_yubinbango="")], layout="protection")
    withheld = postal_address([id_of(1)], on=ON, today=ON)[id_of(1)]
    assert isinstance(withheld, AddressWithheld)
    assert "支援措置" in withheld.reason
