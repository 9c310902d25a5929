"""What the words typed into the one box are taken for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki
from kyufu.registry.sought import Sought, read_box, typed_day, typed_number

DAYS = st.dates(min_value=GREGORIAN_FROM, max_value=date(2099, 12, 31))
WIDE = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("佐藤", Sought(text="佐藤")),
        ("サトウ タロウ", Sought(text="サトウ タロウ")),
        ("SMITH", Sought(text="SMITH")),
        ("1234567", Sought(number="1234567")),
        ("１２３-４５６７", Sought(number="1234567")),
        ("N20261129000010", Sought(number="N20261129000010")),
        ("n20261129000010", Sought(number="N20261129000010")),
        ("19900115", Sought(number="19900115", or_born=date(1990, 1, 15))),
        ("19901315", Sought(number="19901315")),
        ("1990-01-15", Sought(birth_date=date(1990, 1, 15))),
        ("H2.1.15", Sought(birth_date=date(1990, 1, 15))),
        ("平成2年1月15日", Sought(birth_date=date(1990, 1, 15))),
        ("駒岡1-1", Sought(address="駒岡1-1")),
        ("鶴見区駒岡", Sought(address="鶴見区駒岡")),
        ("", Sought()),
    ],
)
def test_the_box_is_taken_for_what_it_looks_like(typed: str, meant: Sought) -> None:
    assert read_box(typed) == meant


@given(DAYS)
def test_a_day_is_read_however_it_is_written(day: date) -> None:
    for written in (
        format_wareki(day), day.isoformat(), f"{day.year:04}/{day.month}/{day.day}",
        f"{day:%Y}年{day.month}月{day.day}日",
    ):  # fmt: skip
        assert typed_day(written) == typed_day(written.translate(WIDE)) == day


@given(st.text(max_size=25))
def test_anything_may_be_typed(text: str) -> None:
    meant = read_box(text)
    assert meant.text in ("", text)
    assert isinstance(meant.is_empty, bool)


@given(st.from_regex(r"[0-9]{1,15}", fullmatch=True))
def test_digits_are_a_number_in_any_width(digits: str) -> None:
    assert typed_number(digits) == typed_number(digits.translate(WIDE)) == digits
    assert digits in Sought(number=digits).numbers
    assert all(len(one) >= len(digits) for one in Sought(number=digits).numbers)


@pytest.mark.parametrize("typed", ["", "佐藤", "12a", "AB1", "1.5", "第1"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert typed_number(typed) == ""


@pytest.mark.parametrize(
    "typed", ["", "佐藤", "1990-13-01", "令和0年1月1日", "1600-01-01", "9999-12-31", "5月5日"]
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert typed_day(typed) is None


def test_nothing_to_look_by_is_empty() -> None:
    for nothing in (
        Sought(),
        Sought(text=" ー"),
        Sought(address="横浜市"),
        Sought(address="緑"),
        Sought(near=True),
    ):
        assert nothing.is_empty
    for something in (
        Sought(text="あ"),
        Sought(birth_date=date(1990, 1, 1)),
        Sought(persons=(1,)),
        Sought(number="1"),
    ):
        assert not something.is_empty


def test_a_reading_is_kana_alone() -> None:
    assert Sought(text="さとう たろう").reading == "サトウタロウ"
    assert Sought(text="佐藤").reading == ""
    assert Sought(text="佐藤", kana="サトー").sound == "サト"
