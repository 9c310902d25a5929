"""Until when a subsidy can be applied for that is paid afterwards (償還払い)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child.cities import city_of
from kyufu.law.child.claims import claim_period
from kyufu.law.decision import Reason

KAWASAKI, SAPPORO, YOKOHAMA = (city_of(name) for name in ("kawasaki", "sapporo", "yokohama"))


@pytest.mark.parametrize(
    ("treated", "first", "last"),
    [
        (date(2026, 8, 1), date(2026, 9, 1), date(2031, 8, 31)),
        (date(2026, 8, 31), date(2026, 9, 1), date(2031, 8, 31)),
        (date(2026, 9, 1), date(2026, 10, 1), date(2031, 9, 30)),
        (date(2025, 12, 31), date(2026, 1, 1), date(2030, 12, 31)),
        (date(2024, 1, 31), date(2024, 2, 1), date(2029, 1, 31)),
        (date(2024, 2, 29), date(2024, 3, 1), date(2029, 2, 28)),
    ],
)
def test_in_kawasaki_from_the_month_after_for_five_years(treated: date, first: date, last: date) -> None:
    """川崎市 FAQ 12871: 受診月の翌月から5年間."""
    found = claim_period(treated, city=KAWASAKI)
    assert isinstance(found, Period)
    assert (found.start, found.last_day) == (first, last)


def test_what_is_not_known_is_no_period() -> None:
    found = claim_period(date(2026, 8, 1), city=YOKOHAMA)
    assert isinstance(found, Reason)
    assert found.code == "claim.rules_unknown"
    before = claim_period(date(2019, 3, 31), city=SAPPORO)
    assert isinstance(before, Reason)
    assert isinstance(claim_period(date(2019, 4, 1), city=SAPPORO), Period)


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2019, 4, 1), date(2090, 1, 1)))
def test_the_period_begins_after_the_treatment_and_never_moves_back(treated: date) -> None:
    found = claim_period(treated, city=SAPPORO)
    later = claim_period(treated + timedelta(days=1), city=SAPPORO)
    assert isinstance(found, Period)
    assert isinstance(later, Period)
    assert timedelta(days=0) < found.start - treated <= timedelta(days=31)
    assert later.start >= found.start
    assert found.end is not None
    assert found.end.year == found.start.year + 5
