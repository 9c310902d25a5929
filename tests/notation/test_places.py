"""Addresses are found however town, block and house number are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.notation.places import address_key, is_like_an_address, typed_address_key

TOWNS = ("駒岡一丁目", "保土ヶ谷町二十一丁目", "鶴見町", "三ツ沢上町", "本町十丁目", "一番町", "八丁畷町")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    "typed",
    [
        "駒岡一丁目１番２号", "駒岡1丁目1番2号", "駒岡１－１－２", "駒岡1-1-2", "駒岡一-1-2", "駒岡1の1の2",
        "駒岡 1-1-2",
        "駒岡1ー1ー2", "鶴見区駒岡1-1-2", "横浜市鶴見区駒岡1-1-2",
        "神奈川県横浜市鶴見区駒岡一丁目1番地2", "神奈川県横浜市鶴見区 駒岡 1丁目1番2",
    ],
)  # fmt: skip
def test_an_address_is_found_by_all_ways_of_writing_it(typed: str) -> None:
    assert address_key("駒岡一丁目１番２号").startswith(typed_address_key(typed))


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("駒岡2", "駒岡一丁目１番２号"),
        ("駒岡1-2", "駒岡一丁目１番２号"),
        ("駒岡1-1-2", "駒岡一丁目１２号"),
        ("上駒岡", "駒岡一丁目"),
    ],
)
def test_another_address_is_not_found(typed: str, registered: str) -> None:
    assert not address_key(registered).startswith(typed_address_key(typed))


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("一", "1"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("二十一", "21"), ("一〇", "10")],
)
def test_numerals_of_blocks_are_read(numeral: str, number: str) -> None:
    assert address_key(f"本町{numeral}丁目") == f"本町{number}/"


def test_numerals_in_the_name_of_a_town_stay() -> None:
    assert address_key("三ツ沢上町") == "三ツ沢上町"
    assert address_key("八景島") == "八景島"


@pytest.mark.parametrize("typed", ["横浜市", "神奈川県横浜市", "鶴見区", "神奈川県", "", "　"])
def test_city_and_ward_alone_tell_no_place(typed: str) -> None:
    assert typed_address_key(typed) == ""


@pytest.mark.parametrize(
    "typed", ["駒岡1-1", "駒岡一丁目", "鶴見区駒岡", "横浜市鶴見区", "１２番地", "神奈川県"]
)
def test_what_reads_like_an_address_is_taken_for_one(typed: str) -> None:
    assert is_like_an_address(typed)


@pytest.mark.parametrize(
    "typed", ["佐藤", "ミホン　タロウ", "西 区男", "緑川", "神奈川 太郎", "横浜 花子", "丁 一"]
)
def test_names_are_not_taken_for_addresses(typed: str) -> None:
    assert not is_like_an_address(typed)


@given(st.sampled_from(TOWNS), st.integers(1, 999), st.integers(1, 99), st.booleans())
def test_the_keys_of_town_and_house_number_make_the_key_of_both(
    town: str, block: int, house: int, wide: bool
) -> None:
    number = f"{block}番{house}号"
    number = number.translate(WIDE) if wide else number
    assert address_key(town) + address_key(number) == address_key(town + number)


@given(st.text(max_size=30))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = address_key(text)
    assert address_key(key) == key


@given(st.sampled_from(TOWNS), st.integers(1, 999), st.integers(1, 99))
def test_dashes_find_what_is_registered_with_words(town: str, block: int, house: int) -> None:
    registered = address_key(town) + address_key(f"{block}番{house}号".translate(WIDE))
    assert registered.startswith(typed_address_key(f"横浜市鶴見区{town}{block}-{house}"))
