"""How old somebody is and what school year they are in, in a clerk's words, by the calendar of the law."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.ages import age_on
from kyufu.law.calendar.years import school_grade_on

LAST_GRADE = 12
_SCHOOLS = ((0, ""), (6, "小学校{}年"), (9, "中学校{}年"), (LAST_GRADE, "高校{}年相当"))
_MONTHS = 12

# The items of the register's feed that hold names and addresses, as a clerk calls them.
ITEMS = {
    "shimei": "氏名", "shimei_yomigana": "フリガナ", "shimei_gaikokujinarufuabetto": "ローマ字の氏名", "tsusho": "通称",
    "seinengappi_fushohyoki": "生年月日の不詳の表記", "jusho_todofuken": "住所", "jusho_shikugunchosonmei": "住所",
    "jusho_choaza": "住所", "jusho_banchigohyoki": "住所", "jusho_katagaki": "方書",
}  # fmt: skip


def say_age(birth_date: date | None, *, on: date) -> str:
    """The age on a day: 8歳, of babies with the months; in words where it is not known."""
    if birth_date is None:
        return "年齢不明"
    if on < birth_date:
        return "出生前"
    years = age_on(birth_date, on=on)
    if years:
        return f"{years}歳"
    months = (on.year - birth_date.year) * _MONTHS + on.month - birth_date.month - (on.day < birth_date.day)
    return f"0歳{months}か月"


def say_school_year(birth_date: date | None, *, on: date) -> str:
    """The school year on a day; 就学前 before school, and nothing after the school year in which 18 is reached."""
    if birth_date is None or on < birth_date:
        return ""
    grade = school_grade_on(birth_date, on=on)
    if grade <= 0:
        return "就学前"
    lowest = 0
    for last, words in _SCHOOLS:
        if grade <= last:
            return words.format(grade - lowest)
        lowest = last
    return ""


def is_of_child_age(birth_date: date | None, *, on: date) -> bool:
    """Is somebody of an age for which there is a child subsidy: up to the school year in which 18 is reached?

    True where the date of birth is not known.
    """
    return birth_date is None or school_grade_on(birth_date, on=on) <= LAST_GRADE


def say_items(fields: tuple[str, ...]) -> str:
    """Items of the feed in words, each once."""
    return "、".join(dict.fromkeys(ITEMS.get(one, one) for one in fields))
