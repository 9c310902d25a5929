"""What a value of a column may be: as one pattern for a whole row, and value by value with the reason in Japanese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache

from kyufu.law.calendar.years import is_sensible
from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.platform.feeds.layout import Column, Kind, Layout

# Control characters, line separators, marks that turn the writing direction, and the sign of a broken character.
UNPRINTABLE = "\\x00-\\x1f\\x7f-\\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd-\uffff"
_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]")
# Every date the calendar surely has, 29 February aside: that one is asked of the calendar.
_SURE_DATE = (
    "(?:(?:19|20)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|9999-12-31)"
)
_OPEN_END = "9999-12-31"
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TWELVE_DIGITS = re.compile("(?:[0-9０-９][ 　－-]?){12}")
_NO_TWELVE_DIGITS = "(?![^,]*?[0-9０-９](?:[ 　－-]?[0-9０-９]){11})"
_COUNT = re.compile("[0-9]+")
_AMOUNT = re.compile("-?[0-9]+")
_HALF_WIDTH = re.compile("[0-9A-Za-z]+")


@cache
def plain_row_pattern(layout: Layout) -> re.Pattern[str]:
    """A pattern for a whole line without quotes in which every value is surely right but for its check digit.

    A line that does not match may still be right; `problem_of` decides on it value by value.
    """
    return re.compile(
        "D,[0-9]+," + ",".join(_value_pattern(column, of=layout) for column in layout.columns) + "\n"
    )


def problem_in(layout: Layout, *, column: Column, value: str) -> tuple[str, str] | None:
    """As `problem_of`, and in a layout with the individual number also: does another text hold one."""
    if layout.my_number_at is None or column.kind is not Kind.TEXT:
        return problem_of(column, value=value)
    if any(is_individual_number(found[0]) for found in _TWELVE_DIGITS.finditer(value)):
        complaint = "に個人番号とみられる 12 桁の数字があります。書けるのは個人番号の項目だけです。"
        return "stray_number", f"「{column.label}」{complaint}"
    return problem_of(column, value=value)


def is_individual_number(text: str) -> bool:
    """Are the digits of the text, of any width and however grouped, an individual number with its check digit?"""
    digits = "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())
    return INDIVIDUAL_NUMBER.is_valid(digits)


def problem_of(column: Column, *, value: str) -> tuple[str, str] | None:
    """Why the value may not stand in the column: a code and a Japanese sentence without the value; None when right."""
    if not value:
        return ("required", f"「{column.label}」が空です。") if column.required else None
    if len(value) > column.length:
        return "too_long", f"「{column.label}」が {column.length} 文字を超えています（{len(value)} 文字）。"
    if column.exact and len(value) != column.length:
        return "length", f"「{column.label}」は {column.length} 文字です（{len(value)} 文字あります）。"
    if column.codes and value not in column.codes:
        return "code", f"「{column.label}」は {'・'.join(column.codes)} のどれかです。"
    return _problem_of_kind(column, value=value)


def _problem_of_kind(column: Column, *, value: str) -> tuple[str, str] | None:
    if column.kind is Kind.MY_NUMBER:
        problem = INDIVIDUAL_NUMBER.problem_with(value)
        return None if problem is None else ("my_number", problem)
    is_right, code, complaint = _CHECKS[column.kind]
    return None if is_right(value) else (code, f"「{column.label}」{complaint}")


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        return is_sensible(date.fromisoformat(value)) or value == _OPEN_END
    except ValueError:
        return False


def _is_printable(value: str) -> bool:
    return _UNPRINTABLE.search(value) is None


def _is_half_width(value: str) -> bool:
    return _HALF_WIDTH.fullmatch(value) is not None


def _is_flag(value: str) -> bool:
    return value in ("0", "1")


def _is_count(value: str) -> bool:
    return _COUNT.fullmatch(value) is not None


def _is_amount(value: str) -> bool:
    return _AMOUNT.fullmatch(value) is not None


# Of each kind: the question, the code of the fault, and what is said of the column.
_CHECKS: dict[Kind, tuple[Callable[[str], bool], str, str]] = {
    Kind.TEXT: (_is_printable, "characters", "に印刷できない制御文字があります。"),
    Kind.CODE: (_is_half_width, "code", "に半角英数字以外の文字があります。"),
    Kind.DATE: (_is_date, "date", "が暦にある年月日（YYYY-MM-DD）ではありません。"),
    Kind.FLAG: (_is_flag, "flag", "は 0 か 1 です。"),
    Kind.INT: (_is_count, "number", "が半角数字の整数ではありません。"),
    Kind.YEN: (_is_amount, "number", "が半角数字の整数ではありません。"),
}


def _value_pattern(column: Column, *, of: Layout) -> str:
    pattern = _filled_pattern(column)
    if column.kind is Kind.TEXT and of.my_number_at is not None:
        pattern = _NO_TWELVE_DIGITS + pattern
    return pattern if column.required else f"(?:{pattern})?"


def _filled_pattern(column: Column) -> str:
    if column.codes:
        return "(?:" + "|".join(re.escape(code) for code in column.codes) + ")"
    least = column.length if column.exact else 1
    size = f"{{{least},{column.length}}}"
    return {
        Kind.TEXT: f'[^,"{UNPRINTABLE}]{size}',
        Kind.CODE: f"[0-9A-Za-z]{size}",
        Kind.INT: f"[0-9]{size}",
        Kind.YEN: f"[0-9]{size}",
        Kind.FLAG: "[01]",
        Kind.DATE: _SURE_DATE,
        Kind.MY_NUMBER: "[0-9]{12}",
    }[column.kind]
