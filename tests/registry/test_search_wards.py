"""A ward that searches a common name finds its own people, and learns nothing of where the protected live."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.registry import search
from kyufu.registry.api import Found, Match, Sought, find_people, read_box
from tests.registry.persons import Register, measure, resident

TODAY = date(2026, 11, 29)
HERE, THERE = "141011", "141020"


def person(number: int, *, ward: str, kana: str = "", **items: object) -> dict[str, object]:
    return resident(
        number,
        **{
            "shimei": "例　太郎",
            "shimei_yomigana": f"レイ　{kana or f'タ{number:03}'}",
            "setaibango": f"9300000000{number:05}",
            "jusho_shikuchosonkodo": ward,
            **items,
        },
    )


@pytest.fixture
def city(register: Register, monkeypatch: pytest.MonkeyPatch) -> Register:
    """Twenty people of one name there, behind them in the list twenty here; a list of five is full."""
    monkeypatch.setattr(search, "SEARCH_LIMIT", 5)
    register.send(
        [
            *(person(10 + one, ward=THERE) for one in range(20)),
            *(person(30 + one, ward=HERE) for one in range(20)),
        ]
    )
    return register


def found(text: str = "例", *, wards: tuple[str, ...] = (), **asked: object) -> Found:
    sought = read_box(text) if not asked else Sought(text=text, **asked)  # type: ignore[arg-type]
    return find_people(sought, today=TODAY, wards=wards)


def numbers(list_of: Found) -> list[int]:
    return [int(hit.addressee_no) for hit in list_of.hits]


def test_without_a_ward_the_list_is_the_beginning_of_the_citys(city: Register) -> None:
    assert numbers(found()) == [10, 11, 12, 13, 14]


def test_those_of_the_ward_come_with_it_each_once_and_in_order(city: Register) -> None:
    of_ward = found(wards=(HERE,))
    assert numbers(of_ward) == sorted(numbers(of_ward))
    assert {10, 11, 12, 13, 14} < set(numbers(of_ward))
    assert set(numbers(of_ward)) - {10, 11, 12, 13, 14} <= set(range(30, 50))
    assert of_ward.has_more
    assert set(range(30, 35)) < set(numbers(of_ward))


def test_who_stands_in_the_citys_list_already_stands_there_once(city: Register) -> None:
    of_ward = numbers(found(wards=(THERE,)))
    assert len(of_ward) == len(set(of_ward))
    assert of_ward[:5] == [10, 11, 12, 13, 14]


def test_a_list_that_is_not_cut_is_the_same_for_every_ward(city: Register) -> None:
    for text in ("レイタ010", "レイタ035", "1", "居ない"):
        assert found(text, wards=(HERE,)) == found(text)


def test_the_other_criteria_bind_the_ward_too(city: Register) -> None:
    city.send([person(60, ward=HERE, seinengappi="1999-09-09")])
    (hit,) = found(birth_date=date(1999, 9, 9), wards=(HERE,)).hits
    assert int(hit.addressee_no) == 60
    assert found(birth_date=date(1998, 9, 9), wards=(HERE,)).hits == ()


@pytest.mark.parametrize("number", [10, 20, 30, 49])
@pytest.mark.requirement("KWS-209")
def test_where_a_protected_person_lives_changes_nothing_of_any_list(city: Register, number: int) -> None:
    """At the beginning of the city's list, behind it, at the beginning of the ward's and behind that."""
    city.send([measure(number)], layout="protection")
    wards: tuple[tuple[str, ...], ...] = ((HERE,), (THERE,), (HERE, THERE), ())
    before = [found(wards=one) for one in wards]
    moved = {"rirekibango": 2, "ido_jiyu": "30", "ido_nengappi": "2024-01-01"}
    city.send([person(number, ward=THERE if number >= 30 else HERE, **moved)])
    assert [found(wards=one) for one in wards] == before
    assert [number in numbers(one) for one in before] == [number == 10] * len(wards)


def test_a_protected_person_is_listed_without_the_ward(city: Register) -> None:
    city.send([measure(10)], layout="protection")
    for wards in ((HERE,), (THERE,)):
        (hit,) = [one for one in found(wards=wards).hits if one.protected]
        assert (hit.ward_code, hit.address) == ("", "")


def test_whoever_lives_with_the_protected_is_left_out_of_the_wards_part(city: Register) -> None:
    assert 31 in numbers(found(wards=(HERE,)))
    city.send(
        [
            person(
                80, ward=HERE, shimei="別　母", shimei_yomigana="ベツ　ハハ", setaibango=f"9300000000{31:05}"
            ),
        ]
    )
    city.send([measure(80)], layout="protection")
    assert 31 not in numbers(found(wards=(HERE,)))


def test_who_moved_away_is_not_of_the_ward_that_the_old_record_names(city: Register) -> None:
    moved = {"rirekibango": 2, "ido_jiyu": "30", "ido_nengappi": "2024-01-01"}
    city.send([person(30, ward=THERE, **moved)])
    listed = numbers(found(wards=(HERE,)))
    assert 30 not in listed
    assert 31 in listed


def test_a_former_name_is_found_and_marked_within_the_ward(city: Register) -> None:
    married = {"rirekibango": 2, "ido_jiyu": "40", "ido_nengappi": "2024-01-01"}
    city.send([person(32, ward=HERE, shimei="新　太郎", shimei_yomigana="シン　タロウ", **married)])
    (hit,) = [one for one in found(wards=(HERE,)).hits if int(one.addressee_no) == 32]
    assert hit.match is Match.FORMER


def test_by_an_address_too(city: Register) -> None:
    listed = found("駒岡1-1-2", wards=(HERE,))
    assert {30, 31} < set(numbers(listed))


def test_a_ward_is_still_one_statement(city: Register) -> None:
    with CaptureQueriesContext(connection) as asked:
        found(wards=(HERE, THERE))
    assert len(asked) == 1
