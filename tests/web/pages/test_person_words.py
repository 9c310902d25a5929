"""Ages and school years in a clerk's words, by the law's calendar."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.registry.glyphs import FIELDS
from kyufu.web.pages.person_words import ITEMS, is_of_child_age, say_age, say_items, say_school_year

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2018, 5, 10), "8歳"),
        (date(2018, 11, 29), "8歳"),
        (date(2018, 11, 30), "7歳"),
        (date(2025, 11, 30), "0歳11か月"),
        (date(2025, 11, 29), "1歳"),
        (date(2026, 11, 29), "0歳0か月"),
        (date(2026, 10, 30), "0歳0か月"),
        (date(2026, 10, 29), "0歳1か月"),
        (date(2026, 12, 1), "出生前"),
        (None, "年齢不明"),
    ],
)
def test_an_age_is_said(born: date | None, words: str) -> None:
    assert say_age(born, on=TODAY) == words


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 1, 1), "就学前"),
        (date(2020, 4, 2), "就学前"),
        (date(2020, 4, 1), "小学校1年"),
        (date(2019, 4, 2), "小学校1年"),
        (date(2014, 4, 2), "小学校6年"),
        (date(2014, 4, 1), "中学校1年"),
        (date(2011, 4, 2), "中学校3年"),
        (date(2011, 4, 1), "高校1年相当"),
        (date(2008, 4, 2), "高校3年相当"),
        (date(2008, 4, 1), ""),
        (date(1990, 1, 15), ""),
        (date(2027, 1, 1), ""),
        (None, ""),
    ],
)
def test_a_school_year_is_said_those_of_the_first_of_april_a_year_earlier(
    born: date | None, words: str
) -> None:
    assert say_school_year(born, on=TODAY) == words


@pytest.mark.parametrize(
    ("born", "is_child"),
    [(date(2008, 4, 2), True), (date(2008, 4, 1), False), (None, True), (date(2026, 11, 29), True)],
)
def test_of_child_age_is_who_may_have_a_subsidy(born: date | None, is_child: bool) -> None:
    assert is_of_child_age(born, on=TODAY) is is_child


def test_every_item_that_may_not_be_printable_has_a_word() -> None:
    assert set(ITEMS) == set(FIELDS)
    assert say_items(("jusho_choaza", "jusho_banchigohyoki", "shimei")) == "住所、氏名"
    assert say_items(()) == ""
