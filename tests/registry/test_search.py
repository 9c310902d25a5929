"""The search: who is found by what, who is not, who is told apart, and that no address finds the protected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.audit.reading import READING
from kyufu.registry import search
from kyufu.registry.api import Found, Match, SearchHit, Sought, Status, find_people, read_box, search_people
from tests.registry.persons import Register, addressee_no, measure, resident

TODAY = date(2026, 11, 29)
TOWN = {"jusho_choaza": "緑町三丁目", "jusho_banchigohyoki": "４番５号"}


def household(number: int) -> str:
    return f"90000000000{number:04}"


def person(number: int, name: str, kana: str, **items: object) -> dict[str, object]:
    """A person of a household of their own unless it is said."""
    return resident(number, shimei=name, shimei_yomigana=kana, **{"setaibango": household(number), **items})


CITY = (
    person(1, "佐藤　太郎", "サトウ　タロウ", seinengappi="1985-05-05"),
    person(2, "佐藤　花子", "サトウ　ハナコ", seinengappi="1990-01-15", **TOWN),
    person(3, "里　美咲", "サト　ミサキ", seinengappi="1991-02-03"),
    person(4, "澤邊　國男", "サワベ　クニオ", seinengappi="1950-12-01"),
    person(5, "中島　一", "ナカジマ　ハジメ", seinengappi="1970-07-07"),
    person(6, "中島　二", "ナカシマ　ツギ", seinengappi="1971-07-07"),
    person(7, "ＳＭＩＴＨ　ＪＯＨＮ", "スミス　ジョン", tsusho="山田　譲", seinengappi="1980-03-03"),
    person(8, "双子　一葉", "フタゴ　カズハ", seinengappi="2019-05-05", setaibango=household(8), tsuzukigara="10"),
    person(9, "双子　二葉", "フタゴ　フタバ", seinengappi="2019-05-05", setaibango=household(8), tsuzukigara="10"),
    person(10, "双子　三葉", "フタゴ　ミツバ", seinengappi="2021-05-05", ido_nengappi="2021-05-05",
           setaibango=household(8), tsuzukigara="10"),
)  # fmt: skip


@pytest.fixture
def city(register: Register) -> Register:
    """A few people, all of one town but number 2."""
    register.send(CITY)
    return register


def numbers(found: Found | list[SearchHit]) -> list[int]:
    hits = found.hits if isinstance(found, Found) else found
    return [int(hit.addressee_no) for hit in hits]


def find(**asked: object) -> Found:
    return find_people(Sought(**asked), today=TODAY)  # type: ignore[arg-type]


def box(text: str) -> Found:
    return find_people(read_box(text), today=TODAY)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("佐藤", [1, 2]),
        ("サトウ", [1, 2]),
        ("さとう", [1, 2]),
        ("ｻﾄｳ ﾀﾛｳ", [1]),
        ("佐藤・太郎", [1]),
        ("佐藤太", [1]),
        ("沢辺国男", [4]),
        ("沢邉　国男", [4]),
        ("smith john", [7]),
        ("ＳＭＩＴＨ", [7]),
        ("山田", [7]),
        ("ヤマダ", []),
        ("太郎", []),
        ("%", []),
        ("_", []),
        ("", []),
        ("　・ー", []),
    ],
)
def test_a_name_is_found_in_any_width_and_form(city: Register, typed: str, found: list[int]) -> None:
    assert numbers(box(typed)) == found


@pytest.mark.parametrize(
    "typed",
    ["1985-05-05", "1985/5/5", "1985.5.5", "19850505", "１９８５年５月５日", "昭和60年5月5日", "S60.5.5", "s60.5.5",
     "Ｓ６０．５．５", " S60-05-05 "],
)  # fmt: skip
def test_a_birth_date_is_found_by_era_and_western_year(city: Register, typed: str) -> None:
    assert numbers(box(typed)) == [1]


@pytest.mark.parametrize("typed", ["1985-05-06", "昭和65年5月5日", "1985-02-30", "R8.13.1"])
def test_another_day_and_no_day_find_nobody(city: Register, typed: str) -> None:
    assert numbers(box(typed)) == []


@pytest.mark.parametrize("typed", [addressee_no(4), "4", "００４", "000-000-000-000-004"])
def test_the_addressee_number_finds_one_with_or_without_its_zeros(city: Register, typed: str) -> None:
    assert numbers(box(typed)) == [4]


def test_ids_that_another_register_knows_are_found_with_the_number(city: Register) -> None:
    (hit,) = box("4").hits
    assert numbers(find(number="1234567", persons=(hit.addressee_id,))) == [4]
    assert numbers(find(number="1234567")) == []


def test_all_that_is_given_must_hold(city: Register) -> None:
    born = date(1985, 5, 5)
    assert numbers(find(text="サトウ", birth_date=born)) == [1]
    assert numbers(find(text="サワ", birth_date=born)) == []
    assert numbers(find(text="佐藤", kana="サトウハ")) == [2]
    assert numbers(find(kana="サトウハ")) == [2]
    assert numbers(find(alias="山田", birth_date=date(1980, 3, 3))) == [7]
    assert numbers(find(alias="山田", birth_date=born)) == []
    assert numbers(find(number="1", text="佐藤")) == [1]
    assert numbers(find(number="1", text="澤")) == []
    assert numbers(find(number="1", birth_date=date(1990, 1, 15))) == []


@pytest.mark.parametrize(
    "typed", ["緑町三丁目4番5号", "緑町3-4-5", "緑町３丁目", "横浜市鶴見区緑町3-4", "緑町"]
)
def test_an_address_is_found_however_it_is_written(city: Register, typed: str) -> None:
    assert numbers(box(typed)) == [2]
    assert numbers(find(address=typed)) == [2]


def test_an_address_narrows_a_name_and_is_none_by_city_or_one_letter(city: Register) -> None:
    assert numbers(find(text="サトウ", address="緑町3")) == [2]
    assert numbers(find(text="サワ", address="緑町3")) == []
    assert numbers(find(address="緑町3", birth_date=date(1990, 1, 15))) == [2]
    for nowhere in ("横浜市", "緑", "緑町4"):
        assert numbers(find(address=nowhere)) == []
        assert numbers(find(text="サトウ", address=nowhere)) == []


def test_what_was_found_by_address_alone_is_said(city: Register) -> None:
    assert box("緑町").by_address
    assert not box("佐藤").by_address


def test_who_left_an_address_is_found_there_no_more(city: Register) -> None:
    city.send([{**CITY[1], "rirekibango": 2, "ido_jiyu": "30", "ido_nengappi": "2024-01-01",
                "jusho_choaza": "駒岡一丁目"}])  # fmt: skip
    assert numbers(box("緑町3")) == []
    city.send([{**CITY[0], "rirekibango": 2, "ido_jiyu": "40", "ido_nengappi": "2024-01-01", "jumin_jotai": "2",
                **TOWN, "zenju_shikuchosonkodo": "142051"}])  # fmt: skip
    assert numbers(box("緑町3")) == []


def test_similar_readings_stand_apart_and_only_where_few_are_found(city: Register) -> None:
    found = box("ナカジマ")
    assert (numbers(found), numbers(list(found.near))) == ([5], [6])
    found = box("ナカシマツギ")
    assert (numbers(found), numbers(list(found.near))) == ([6], [])
    found = box("フジマ")
    assert (found.hits, found.near) == ((), ())


def test_similar_readings_are_looked_for_on_demand(city: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    assert box("ナカジマ").near == ()
    found = find(text="ナカジマ", near=True)
    assert (numbers(found), numbers(list(found.near))) == ([5], [6])


def test_similar_readings_keep_to_the_other_criteria(city: Register) -> None:
    assert numbers(list(find(text="ナカジマ", birth_date=date(1971, 7, 7)).near)) == [6]
    assert find(text="ナカジマ", birth_date=date(1972, 7, 7)).near == ()
    assert numbers(list(find(kana="ナカジマ", text="中島").near)) == [6]
    assert find(kana="ナカジマ", text="山田").near == ()
    assert numbers(list(find(text="ナカジマ", address="駒岡1").near)) == [6]
    assert find(text="ナカジマ", address="緑町").near == ()


def test_kanji_have_no_similar_reading(city: Register) -> None:
    assert box("中島").near == ()


def rename(register: Register, **items: object) -> None:
    register.send([{**CITY[0], "rirekibango": 2, "ido_jiyu": "30", "ido_nengappi": "2024-01-01",
                    "shimei": "鈴木　太郎", "shimei_yomigana": "スズキ　タロウ", **items}])  # fmt: skip


def test_a_former_name_finds_and_says_so(city: Register) -> None:
    rename(city)
    by_former, by_present = box("佐藤太郎").hits[0], box("鈴木太郎").hits[0]
    assert (by_former.name, by_former.match) == ("鈴木　太郎", Match.FORMER)
    assert by_present.match is Match.PRESENT
    assert [hit.match for hit in box("佐藤").hits] == [Match.PRESENT, Match.FORMER]
    assert box("サトウタロウ").hits[0].match is Match.FORMER


def test_a_name_that_was_corrected_finds_nobody(city: Register) -> None:
    city.send([{**CITY[3], "rirekieda": 1, "shimei": "沢部　国男", "shimei_yomigana": "サワブ　クニオ"}])
    assert numbers(box("澤邊")) == []
    assert numbers(box("沢部")) == [4]


def test_twins_are_marked_even_where_one_of_them_is_found_alone(city: Register) -> None:
    marked = {int(hit.addressee_no): hit.has_double for hit in box("双子").hits}
    assert marked == {8: True, 9: True, 10: False}
    assert [hit.has_double for hit in box("双子二葉").hits] == [True]
    assert [hit.relation for hit in box("双子二葉").hits] == ["10"]


def test_people_of_one_name_and_day_are_marked_wherever_they_live(city: Register) -> None:
    city.send([person(21, "佐藤　太朗", "サトウ　タロウ", seinengappi="1985-05-05", **TOWN)])
    assert [hit.has_double for hit in box("サトウタ").hits] == [True, True]
    assert [hit.has_double for hit in box("佐藤花子").hits] == [False]


def test_the_list_is_in_order_of_reading_and_birth_date(city: Register) -> None:
    city.send([person(31, "佐藤　太郎", "サトウ　タロウ", seinengappi="1984-05-05"),
               person(32, "佐藤　愛", "サトウ　アイ", seinengappi="2000-05-05")])  # fmt: skip
    assert numbers(box("佐藤")) == [32, 31, 1, 2]


def test_who_moved_out_or_died_is_found_with_the_status(city: Register) -> None:
    city.send(
        [{**CITY[3], "rirekibango": 2, "ido_jiyu": "50", "ido_nengappi": "2024-01-01", "jumin_jotai": "3"}]
    )
    assert [hit.status for hit in box("澤邊").hits] == [Status.DEAD]


def test_a_long_list_is_cut_and_says_so(city: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    city.send([person(100 + n, "例　太郎", f"レイ　タロウ{n}") for n in range(30)])
    assert not box("例").has_more
    monkeypatch.setattr(search, "SEARCH_LIMIT", 20)
    found = box("例")
    assert (len(found.hits), found.has_more) == (20, True)


def test_the_limit_stands_in_the_statement(city: Register) -> None:
    city.send([person(100 + n, "例　太郎", f"レイ　タロウ{n}") for n in range(search.SEARCH_LIMIT + 1)])
    found = box("例")
    assert (len(found.hits), found.has_more) == (search.SEARCH_LIMIT, True)


@pytest.fixture
def sheltered(city: Register) -> Iterator[Register]:
    """Number 2, whose address is protected, with her mother in one household."""
    city.send(
        [
            person(
                40,
                "山川　母子",
                "ヤマカワ　ハハコ",
                seinengappi="1960-02-02",
                setaibango=household(2),
                **TOWN,
            )
        ]
    )
    city.send([measure(2)], layout="protection")
    yield city


@pytest.mark.parametrize(
    "beside",
    [
        {}, {"text": "佐藤"}, {"text": "サトウ"}, {"kana": "サトウ"}, {"text": "佐藤花子", "near": True},
        {"birth_date": date(1990, 1, 15)}, {"number": "2"}, {"number": "40"}, {"text": "ヤマカワ"},
        {"text": "サドー", "near": True}, {"number": "19900115", "or_born": date(1990, 1, 15)},
    ],
)  # fmt: skip
@pytest.mark.requirement("KWS-209")
def test_with_an_address_the_protected_and_their_household_are_not_found_whatever_stands_beside_it(
    sheltered: Register, beside: dict[str, object]
) -> None:
    for address in ("緑町", "緑町三丁目", "緑町3-4-5", "横浜市鶴見区緑町3-4-5"):
        found, elsewhere = find(address=address, **beside), find(address="別町9", **beside)
        assert found == elsewhere == Found(())


def test_by_other_than_address_the_protected_are_found_without_it(sheltered: Register) -> None:
    for text in ("佐藤花子", "1990-01-15", "2", "ヤマカワ"):
        (hit,) = [one for one in box(text).hits if one.protected]
        assert (hit.address, hit.ward_code) == ("", "")


def test_a_neighbour_is_found_and_counted_as_if_the_protected_were_not_there(
    sheltered: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheltered.send([person(41, "隣　人", "トナリ　ヒト", **TOWN)])
    monkeypatch.setattr(search, "_WINDOW", 2)
    found = box("緑町3")
    assert numbers(found) == [41]
    assert not found.has_more


def test_once_the_measure_ends_the_address_finds_again(sheltered: Register) -> None:
    assert numbers(box("緑町3")) == []
    sheltered.send([measure(2, rirekieda=1, torikeshi=1)], layout="protection")
    assert numbers(box("緑町3")) == [2, 40]


def test_protected_twins_are_not_marked_by_their_household(city: Register) -> None:
    city.send([measure(8)], layout="protection")
    assert [hit.has_double for hit in box("双子").hits] == [False, False, False]


def test_one_statement_however_many_are_found(city: Register) -> None:
    for typed in ("佐藤", "サトウ", "双子", "1985-05-05", "4", "緑町3"):
        with CaptureQueriesContext(connection) as asked:
            box(typed)
        assert len(asked) == 1, typed


def test_everybody_listed_is_noted(city: Register) -> None:
    reading = READING.get()
    assert reading is not None
    reading.noted.clear()
    found = box("ナカジマ")
    noted = set().union(*reading.noted.values())
    assert noted == {hit.addressee_id for hit in (*found.hits, *found.near)}


def test_the_short_way_is_the_box(city: Register) -> None:
    assert search_people("佐藤", today=TODAY) == list(box("佐藤").hits)
