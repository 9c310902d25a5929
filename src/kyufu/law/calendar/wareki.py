"""Dates in Japanese eras (和暦), from 明治6年1月1日 (1873-01-01, when Japan took the Gregorian calendar) on.

A day on which an era changed belongs to the new era when written; the old era's name for that day is read as
well (明治45年7月30日, 大正15年12月25日). What an era never had (昭和65年) is refused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple


class Era(NamedTuple):
    """An era: name, letter, its first day, and the last day that bore its name (None: the present one)."""

    name: str
    letter: str
    first_day: date
    last_day: date | None


class Wareki(NamedTuple):
    """A date by era; year 1 is written 元年."""

    era: Era
    year: int
    month: int
    day: int


GREGORIAN_FROM = date(1873, 1, 1)
ERAS = (
    Era("令和", "R", date(2019, 5, 1), None),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
)
_ERA_BY_WORD = {word: era for era in ERAS for word in (era.name, era.letter)}
_NAMES = "|".join(_ERA_BY_WORD)
_LONG = re.compile(rf"\s*({_NAMES})\s*(元|\d{{1,2}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日\s*", re.ASCII)
_SHORT = re.compile(rf"\s*({_NAMES})\s*(元|\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{1,2}})\s*", re.ASCII)


def wareki_of(day: date) -> Wareki:
    """A date by its era; raises ValueError before 1873-01-01, when the old lunar calendar was in use."""
    if day < GREGORIAN_FROM:
        raise ValueError("明治6年1月1日より前の日付は和暦（旧暦）に換算できません")
    era = next(era for era in ERAS if era.first_day <= day)
    return Wareki(era, day.year - era.first_day.year + 1, day.month, day.day)


def format_wareki(day: date) -> str:
    """A date as 令和8年6月1日, the first year of an era as 令和元年5月1日."""
    era, year, month, of_month = wareki_of(day)
    return f"{era.name}{'元' if year == 1 else year}年{month}月{of_month}日"


def format_wareki_month(day: date) -> str:
    """The month of a date as 令和8年6月."""
    return format_wareki(day).rpartition("月")[0] + "月"


def parse_wareki(text: str) -> date:
    """Read 令和8年6月1日, 令和元年5月1日 or R8.6.1 (also in full width); raises ValueError saying in Japanese
    why not.
    """
    found = _match(unicodedata.normalize("NFKC", text).upper())
    if found is None:
        raise ValueError("和暦の日付として読めません（例：令和8年6月1日）")
    era = _ERA_BY_WORD[found[1]]
    year = 1 if found[2] == "元" else int(found[2])
    try:
        day = date(era.first_day.year + year - 1, int(found[3]), int(found[4]))
    except ValueError:
        raise ValueError("暦にない日付です") from None
    return _within_era(day, era=era, year=year)


def _match(text: str) -> re.Match[str] | None:
    return _LONG.fullmatch(text) or _SHORT.fullmatch(text)


def _within_era(day: date, *, era: Era, year: int) -> date:
    if year < 1 or day < era.first_day or (era.last_day is not None and day > era.last_day):
        raise ValueError(f"{era.name}にない日付です{_right_name(day)}")
    if day < GREGORIAN_FROM:
        raise ValueError("明治6年1月1日より前の日付（旧暦）は扱えません")
    return day


def _right_name(day: date) -> str:
    return f"（正しくは{format_wareki(day)}）" if day >= GREGORIAN_FROM else ""
