"""The log's parameters are dated, sourced and complete; what no document states is marked as assumed."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.audit.parameters import entries, holidays, limits, retention
from kyufu.law.parameters.entries import Certainty

ON = date(2026, 11, 20)


def test_every_row_has_a_source() -> None:
    assert all(one.source.strip() for one in entries())


@pytest.mark.requirement("TKY-253")
@pytest.mark.requirement("YOK-187")
@pytest.mark.requirement("SPR-199")
def test_retention_is_by_kind_with_the_years_of_the_documents() -> None:
    rules = retention(on=ON)
    years = {kind: rule.years for kind, rule in rules.items()}
    assert years["audit_read"] == years["audit_write"] == 5
    assert years["audit_event"] == 7
    assert years["business"] == 6
    assert "横浜市" in rules["audit_read"].source


def test_what_makes_a_reading_odd_is_assumed_and_says_so() -> None:
    assert {one.certainty for one in entries() if one.table in {"signal", "value"}} == {Certainty.ASSUMED}


def test_the_night_is_longer_than_nothing() -> None:
    found = limits(on=ON)
    assert 0 < found.night_to < found.night_from < 24
    assert found.patience.total_seconds() == found.verify_patience_hours * 3600


def test_two_years_of_holidays_are_listed() -> None:
    assert {len([day for day in holidays() if day.year == year]) for year in (2026, 2027)} == {17, 18}
    assert date(2026, 5, 6) in holidays()
