"""Readings that sound alike have one key, those that do not have two."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kyufu.notation.sounds import sound_key
from kyufu.notation.text import search_key

KATAKANA = "".join(chr(code) for code in range(ord("ァ"), ord("ヺ") + 1)) + "ー"
READINGS = st.text(alphabet=KATAKANA, min_size=1, max_size=12)
# ヴ is read together with the vowel behind it.
WITHOUT_VU = READINGS.filter(lambda reading: not set(reading) & set("ヴヷヸヹヺ"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("サトウ", "サトー"),
        ("サトウ", "サトオ"),
        ("サトウ", "さとう"),
        ("サトウ　タロウ", "ｻﾄｳ ﾀﾛｰ"),
        ("オオノ", "オノ"),
        ("コウノ", "コノ"),
        ("ケイコ", "ケーコ"),
        ("ユウコ", "ユーコ"),
        ("シイナ", "シーナ"),
        ("カアサン", "カーサン"),
        ("ミヅキ", "ミズキ"),
        ("チヂワ", "チジワ"),
        ("カヲル", "カオル"),
        ("フジハラ", "フジワラ"),
        ("マヘダ", "マエダ"),
        ("ナカジマ", "ナカシマ"),
        ("ヤマザキ", "ヤマサキ"),
        ("ハットリ", "ハトリ"),
        ("シヨウヘイ", "ショーヘー"),
        ("ヴァイオレット", "バイオレット"),
        ("ヴィヴィアン", "ビビアン"),
        ("エヴ", "エブ"),
        ("バンドウ", "パントー"),
    ],
)
def test_readings_that_are_taken_for_one_another_have_one_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("サトウ", "カトウ"),
        ("ハラ", "ワラ"),
        ("ヘイ", "エイ"),
        ("アオイ", "アイ"),
        ("ミキ", "ミミ"),
        ("カン", "カム"),
        ("マツイ", "マイ"),
        ("ウエダ", "ウダ"),
    ],
)
def test_readings_that_are_told_apart_have_two_keys(one: str, other: str) -> None:
    assert sound_key(one) != sound_key(other)


def test_what_is_no_kana_stays() -> None:
    assert sound_key("ＡＢＣ") == "abc"
    assert sound_key("佐藤") == "佐藤"
    assert sound_key("") == ""


@given(READINGS)
@example("ハハハ")
@example("オオウウ")
@example("ヘエエ")
def test_the_key_of_a_key_is_itself(reading: str) -> None:
    key = sound_key(reading)
    assert sound_key(key) == key


@given(READINGS)
def test_whoever_is_found_by_the_reading_sounds_alike(reading: str) -> None:
    """Width, kana, marks and spaces that the search key folds make no other sound; small ツ is left out before."""
    hiragana = "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヶ" else one for one in reading)
    assert sound_key(hiragana) == sound_key(reading)
    assert sound_key(f" {reading}・") == sound_key(reading)
    if "ッ" not in reading:
        assert sound_key(search_key(reading)) == sound_key(reading)


@given(WITHOUT_VU, st.integers(1, 12))
def test_the_beginning_of_a_reading_sounds_like_the_beginning(reading: str, length: int) -> None:
    assert sound_key(reading).startswith(sound_key(reading[:length]))


@given(READINGS)
def test_a_long_mark_makes_no_other_sound(reading: str) -> None:
    assert sound_key("ー".join(reading)) == sound_key(reading)


@given(st.text(max_size=20))
def test_any_text_has_a_key(text: str) -> None:
    assert sound_key(sound_key(text)) == sound_key(text)
