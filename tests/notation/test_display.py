"""Values as shown to Japanese readers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.notation.display import format_date, format_postal_code, format_yen, parse_postal_code
from kyufu.notation.errors import NotationError


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0円"), (999, "999円"), (1000, "1,000円"), (1_234_567, "1,234,567円"), (-1_200, "▲1,200円")],
)
def test_yen_has_separators(amount: int, shown: str) -> None:
    assert format_yen(amount) == shown


@given(st.integers(-(10**12), 10**12))
def test_yen_can_be_read_back(amount: int) -> None:
    shown = format_yen(amount)
    assert int(shown.replace("▲", "-").replace(",", "").removesuffix("円")) == amount


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 8, 1), "令和8年8月1日（2026年）"),
        (date(2019, 5, 1), "令和元年5月1日（2019年）"),
        (date(2019, 4, 30), "平成31年4月30日（2019年）"),
        (date(1868, 9, 8), "1868年9月8日"),
    ],
)
def test_dates_show_the_era_and_the_western_year(day: date, shown: str) -> None:
    assert format_date(day) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "2310005",
        "231-0005",
        "〒231-0005",
        "２３１－０００５",
        "〒 231 0005",
        "〒２３１ー０００５".replace("ー", "－"),
    ],
)
def test_postal_codes_are_read_in_any_width(typed: str) -> None:
    assert parse_postal_code(typed) == "2310005"
    assert format_postal_code(typed) == "〒231-0005"


@pytest.mark.parametrize("typed", ["", "231000", "23100055", "2310-005", "231-00O5", "231-0005-1", "〒"])
def test_what_is_no_postal_code_is_refused(typed: str) -> None:
    with pytest.raises(NotationError, match="郵便番号は7桁"):
        parse_postal_code(typed)
