"""How values are shown to Japanese readers: yen, dates in wareki beside the western year, postal codes."""

from __future__ import annotations

import unicodedata
from datetime import date

from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki
from kyufu.notation.errors import NotationError


def format_yen(amount: int) -> str:
    """An amount as 1,234,567円; below nought as ▲1,234円, as ledgers of municipalities write it."""
    return f"{'▲' if amount < 0 else ''}{abs(amount):,}円"


def format_date(day: date) -> str:
    """A date as 令和8年8月1日（2026年）; 1868年9月8日 where the lunar calendar was in use."""
    if day < GREGORIAN_FROM:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{format_wareki(day)}（{day.year}年）"


def parse_postal_code(text: str) -> str:
    """Read a postal code of any width, with or without 〒 and hyphen, into its 7 digits; raises NotationError."""
    plain = unicodedata.normalize("NFKC", text).replace("〒", "").replace(" ", "")
    head, hyphen, tail = plain.partition("-")
    digits = head + tail
    if not (len(digits) == 7 and digits.isascii() and digits.isdigit()) or (hyphen and len(head) != 3):
        raise NotationError("郵便番号は7桁の数字で入力してください（例：231-0005）。")
    return digits


def format_postal_code(code: str) -> str:
    """A postal code as 〒231-0005; raises NotationError when it has not 7 digits."""
    digits = parse_postal_code(code)
    return f"〒{digits[:3]}-{digits[3:]}"
