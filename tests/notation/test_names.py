"""Names as stored and as searched."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.notation.text import holds_private_characters, search_key, to_storage_form
from kyufu.notation.variants import FOLDED, GROUPS


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("高崎吉子", "髙﨑　𠮷子"),
        ("渡辺", "渡邊"),
        ("渡邊", "渡邉"),
        ("斉藤", "齋藤"),
        ("斎藤", "齊藤"),
        ("浜沢広国", "濱澤廣國"),
        ("恵真", "惠眞"),
        ("さいとう　しょうご", "サイトウショウゴ"),
        ("ｻｲﾄｳ ｼｮｳｺﾞ", "サイトウ　ショウゴ"),
        ("シヨウコ", "ショウコ"),
        ("ユーコ", "ユウコ".replace("ウ", "ー")),
        ("ユコ", "ユーコ"),
        ("ﾕｰｺ", "ゆーこ"),
        ("zhang yuli", "ＺＨＡＮＧ　ＹＵＬＩ"),
        ("Sample-Maria", "ＳＡＭＰＬＥ　ＭＡＲＩＡ"),
        ("佐佐木", "佐々木"),
        ("保土ケ谷", "保土ヶ谷"),
        ("チズ", "ちづ"),
        ("かおる", "カヲル"),
        ("神田", "神田"),
        ("辻", "辻\U000e0101"),
        ("葛飾", "葛\U000e0100飾"),
        ("1丁目2番地", "１丁目２番地"),
        ("ジョンスミス", "ジョン・スミス"),
    ],
)
def test_what_a_clerk_types_finds_what_the_register_holds(typed: str, registered: str) -> None:
    assert search_key(typed) == search_key(registered)


@pytest.mark.parametrize(
    ("one", "other"), [("見本", "見木"), ("ハナ", "バナ"), ("山田", "山川"), ("陽子", "洋子"), ("太", "大")]
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key


@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x3096), min_size=1))
def test_hiragana_and_katakana_of_a_reading_have_one_key(reading: str) -> None:
    katakana = "".join(chr(ord(letter) + 0x60) for letter in reading)
    assert search_key(reading) == search_key(katakana)


@given(st.sampled_from("見辻葛邊崎"), st.integers(0xE0100, 0xE01EF))
def test_variation_selectors_make_no_difference(character: str, selector: int) -> None:
    assert search_key(character + chr(selector)) == search_key(character)


def test_every_form_of_a_group_has_one_key() -> None:
    for group in GROUPS:
        assert {search_key(form) for form in group} == {search_key(group[0])}, group


def test_no_character_belongs_to_two_groups() -> None:
    forms = [form for group in GROUPS for form in group]
    assert len(forms) == len(set(forms))
    assert len(FOLDED) == len(forms) - len(GROUPS)


@pytest.mark.parametrize("form", "".join(GROUPS))
def test_groups_hold_only_characters_that_width_folding_leaves_alone(form: str) -> None:
    assert unicodedata.normalize("NFKC", form) == form


@pytest.mark.parametrize(
    "name", ["髙﨑　𠮷子", "神田", "辻\U000e0100", "見本\ue000", "ＺＨＡＮＧ　ＹＵＬＩ", "ｶﾞ", ""]
)
def test_names_are_stored_as_given(name: str) -> None:
    assert to_storage_form(name) == name


def test_composed_and_decomposed_kana_are_stored_alike() -> None:
    assert to_storage_form("か\u3099") == "が"
    assert to_storage_form("神か\u3099田") == "神が田", "the old form stays although NFC would replace it"


@given(st.text())
def test_storing_twice_changes_nothing_more(text: str) -> None:
    stored = to_storage_form(text)
    assert to_storage_form(stored) == stored


@given(st.text())
def test_what_is_stored_is_found_by_what_was_given(text: str) -> None:
    assert search_key(to_storage_form(text)) == search_key(text)


def test_private_characters_are_noticed() -> None:
    assert holds_private_characters("見本\ue000")
    assert holds_private_characters("見本\U0010de92"), "行政事務標準明朝 keeps additions in the last plane"
    assert not holds_private_characters("髙﨑　𠮷辻\U000e0100")


def test_two_hundred_thousand_names_are_folded_in_two_seconds() -> None:
    names = [f"髙﨑　𠮷{number}" for number in range(20_000)]
    started = time.perf_counter()
    for name in names:
        search_key(name)
    assert time.perf_counter() - started < 0.2 * 3, "a tenth of the names, with room for a busy machine"
