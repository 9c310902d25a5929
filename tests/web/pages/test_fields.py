"""Fields: days by era or western year in any width, and lines that cannot forge lines of a log."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.wareki import GREGORIAN_FROM
from kyufu.web.pages.fields import DayField, LineField, PickField, ReasonField

DAY = date(2026, 8, 1)


@pytest.mark.parametrize(
    "text", ["2026-08-01", "2026/08/01", "令和8年8月1日", "R8.8.1", "r8-8-1", "２０２６－０８－０１".replace("－", "-"),
             "令和８年８月１日", " 2026-08-01 ", "令和8年8月1日（2026年）"],
)  # fmt: skip
def test_a_day_is_read_as_clerks_write_it(text: str) -> None:
    assert DayField().clean(text) == DAY


@given(st.dates(min_value=GREGORIAN_FROM, max_value=date(2100, 12, 31)))
def test_every_day_is_read_back_as_the_form_wrote_it(day: date) -> None:
    assert DayField().clean(DayField().prepare_value(day)) == day
    assert DayField().clean(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "あす",
        "2026-13-01",
        "20260801x",
        "令和8年2月30日",
        "昭和65年1月1日",
        "8/1",
        "=1",
        "令和8年8月1日（2025年）",
        "（2026年）",
    ],
)
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DayField().clean(text)
    assert caught.value.messages[0].endswith(("。", "）。"))
    assert text not in caught.value.messages[0]


def test_a_missing_day_is_none_or_refused() -> None:
    assert DayField(required=False).clean("") is None
    with pytest.raises(ValidationError, match="入力してください"):
        DayField().clean("")


@pytest.mark.parametrize("mark", ["\n", "\r", "\x00", "\x1b", "\u2028", "\u2029", "\x85", "\x7f"])
def test_a_line_with_a_control_character_is_refused(mark: str) -> None:
    with pytest.raises(ValidationError):
        LineField(max_length=50).clean(f"正当な{mark}2026-08-01 監査: 何もない")


def test_a_line_of_any_script_is_taken_whole() -> None:
    name = "渡邉\U000e0101　花子<script>\"'&"
    assert LineField(max_length=50).clean(name) == name


def test_too_long_a_line_says_how_long_it_may_be() -> None:
    with pytest.raises(ValidationError, match="5文字以内"):
        LineField(max_length=5).clean("あいうえおか")


def test_a_reason_is_asked_for_in_words_of_its_own() -> None:
    with pytest.raises(ValidationError, match="理由を入力してください"):
        ReasonField().clean("   ")


@pytest.mark.parametrize(("value", "words"), [("", "選んでください"), ("c", "一覧から選び直して")])
def test_a_pick_must_be_made_from_the_list(value: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        PickField(choices=[("a", "甲"), ("b", "乙")]).clean(value)
