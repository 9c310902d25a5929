"""Dates by era: first and last days, 元年, round trips, and what never was."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.wareki import (
    ERAS,
    GREGORIAN_FROM,
    format_wareki,
    format_wareki_month,
    parse_wareki,
    wareki_of,
)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2026, 6, 1), "令和8年6月1日"),
    ],
)
def test_first_and_last_days_of_the_eras(day: date, text: str) -> None:
    assert format_wareki(day) == text
    assert parse_wareki(text) == day


@given(st.dates(GREGORIAN_FROM, date(2117, 12, 31)))
def test_a_date_comes_back_from_both_ways_of_writing(day: date) -> None:
    era, year, month, of_month = wareki_of(day)
    assert parse_wareki(format_wareki(day)) == day
    assert parse_wareki(f"{era.letter}{year}.{month}.{of_month}") == day


@given(st.dates(GREGORIAN_FROM, date(2117, 12, 31)))
def test_the_first_year_of_an_era_is_gannen_and_no_other_is(day: date) -> None:
    for text in (format_wareki(day), format_wareki_month(day)):
        name, year = text[:2], text[2:].split("年")[0]
        era = next(one for one in ERAS if one.name == name)
        first = day.year == era.first_day.year
        assert year == ("元" if first else str(day.year - era.first_day.year + 1))
        assert era.first_day <= day <= (era.last_day or day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("R8.6.1", date(2026, 6, 1)),
        ("r8/6/1", date(2026, 6, 1)),
        ("Ｒ８．６．１", date(2026, 6, 1)),
        ("令和８年６月１日", date(2026, 6, 1)),
        (" 令和 8年 6月 1日 ", date(2026, 6, 1)),
        ("平成1年1月8日", date(1989, 1, 8)),
        ("明治45年7月30日", date(1912, 7, 30)),  # the day of the change bore the old name as well
        ("大正15年12月25日", date(1926, 12, 25)),
    ],
)
def test_other_ways_of_writing_are_read(text: str, day: date) -> None:
    assert parse_wareki(text) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("昭和65年1月1日", "昭和にない日付です（正しくは平成2年1月1日）"),
        ("平成99年1月1日", "平成にない日付です"),
        ("平成31年5月1日", "正しくは令和元年5月1日"),
        ("令和元年4月30日", "令和にない日付です"),
        ("大正15年12月26日", "大正にない日付です"),
        ("令和0年6月1日", "令和にない日付です"),
        ("明治5年12月2日", "旧暦"),
        ("明治元年1月25日", "旧暦"),
        ("令和8年2月29日", "暦にない"),
        ("令和8年13月1日", "暦にない"),
        ("2026-06-01", "読めません"),
        ("令和", "読めません"),
        ("", "読めません"),
        ("令和100年1月1日", "読めません"),
    ],
)
def test_what_never_was_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_wareki(text)


def test_the_old_calendar_has_no_wareki() -> None:
    with pytest.raises(ValueError, match="旧暦"):
        format_wareki(date(1872, 12, 31))


def test_a_month_is_written_without_its_day() -> None:
    assert format_wareki_month(date(2019, 5, 31)) == "令和元年5月"


def test_the_eras_follow_each_other_from_the_newest() -> None:
    for newer, older in pairwise(ERAS):
        assert older.last_day is not None
        assert 0 <= (newer.first_day - older.last_day).days <= 1
