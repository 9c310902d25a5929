"""Properties of the search key over names as registers hold them."""

from __future__ import annotations

import unicodedata

import jaconv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.notation.text import search_key, to_storage_form
from kyufu.notation.variants import GROUPS

KANJI = st.sampled_from("".join(GROUPS) + "試験見本給付架空仮名例示田川山原")
NAMES = st.text(KANJI, min_size=1, max_size=8)
KATAKANA = st.text(st.characters(min_codepoint=ord("ァ"), max_codepoint=ord("ヴ")), min_size=1, max_size=12)
SELECTORS = st.sampled_from(["", "\ufe00", "\U000e0100", "\U000e0101", "\U000e01ef"])
SPACES = st.sampled_from(["", " ", "　", "・"])
FORMS = {form: group for group in GROUPS for form in group}


@given(NAMES, st.data())
def test_any_form_of_each_character_finds_the_name(name: str, data: st.DataObject) -> None:
    typed = "".join(data.draw(st.sampled_from(FORMS.get(letter, letter))) for letter in name)
    assert search_key(typed) == search_key(name)


@given(NAMES, SPACES, SPACES)
def test_spaces_between_and_around_make_no_difference(name: str, before: str, between: str) -> None:
    assert search_key(before + between.join(name)) == search_key(name)


@given(NAMES, st.data())
def test_selectors_anywhere_make_no_difference(name: str, data: st.DataObject) -> None:
    dressed = "".join(letter + data.draw(SELECTORS) for letter in name)
    assert search_key(dressed) == search_key(name)
    assert to_storage_form(dressed) == dressed, "and yet they are stored"


@given(KATAKANA)
def test_half_width_katakana_finds_the_reading(reading: str) -> None:
    assert search_key(jaconv.z2h(reading)) == search_key(reading)


@given(KATAKANA)
def test_hiragana_finds_the_reading(reading: str) -> None:
    assert search_key(jaconv.kata2hira(reading)) == search_key(reading)


@given(KATAKANA)
def test_enlarged_kana_find_the_reading(reading: str) -> None:
    assert search_key(jaconv.enlarge_smallkana(reading)) == search_key(reading)


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=20))
def test_full_width_letters_find_the_name_of_any_case(name: str) -> None:
    assert search_key(jaconv.h2z(name, ascii=True, digit=True)) == search_key(name.lower())


@given(NAMES, NAMES)
def test_the_key_of_a_whole_name_is_made_of_the_keys_of_its_parts(family: str, given_name: str) -> None:
    assert search_key(f"{family}　{given_name}") == search_key(family) + search_key(given_name)


@given(NAMES)
def test_a_key_never_grows(name: str) -> None:
    assert 0 < len(search_key(name)) <= len(name)


@given(st.text())
def test_keys_hold_no_space_no_mark_and_no_selector(text: str) -> None:
    key = search_key(text)
    assert not set(key) & set(" 　ー・-'\ufe00\U000e0100")
    assert not any("ぁ" <= letter <= "ゖ" for letter in key)
    assert unicodedata.is_normalized("NFKC", key)


@pytest.mark.parametrize("text", ["", " ", "　", "ー", "・", "\U000e0100", "-"])
def test_what_names_nothing_has_an_empty_key(text: str) -> None:
    assert search_key(text) == ""


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("髙﨑　𠮷子", "高崎吉子"),
        ("渡邉　眞惠", "渡辺真恵"),
        ("ﾜﾀﾅﾍﾞ ｼｮｳｺﾞ", "ワタナベシヨウゴ"),
        ("ＺＨＡＮＧ　ＹＵＬＩ", "zhangyuli"),
        ("José", "josé"),
        ("佐々木", "佐佐木"),
        ("ｳﾞｧﾝ", "ヴアン"),
        ("１２番地３", "12番地3"),
    ],
)
def test_keys_are_stable_since_tables_hold_them(written: str, key: str) -> None:
    assert search_key(written) == key


@pytest.mark.parametrize("text", ["ΐ", "ΰ", "ΐ山", "ǰ", "ẖ"])
def test_letters_that_case_takes_apart_have_a_key(text: str) -> None:
    key = search_key(text)
    assert key == search_key(key) == search_key(text.upper())
