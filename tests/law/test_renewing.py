"""What each municipality expects of its renewals: dated, assumed, and no part of what decisions name."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.child import MUNICIPALITIES, check_overlay, list_parameters
from kyufu.law.child.cities import city_of
from kyufu.law.child.renewing import ExpectationRules, expectation_rules
from kyufu.law.parameters.entries import Certainty, ParameterError
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay

DELIVERED = ("yokohama", "kawasaki", "sapporo")
ON = date(2027, 8, 1)


def change(municipality: str, key: str, value: int, *, since: date = ON) -> Overlay:
    """A confirmed change of one bound."""
    file = city_of(municipality).files.renewal
    return Overlay(
        (
            Change(
                file,
                "expectation",
                key,
                "value",
                value,
                Period(since, None),
                "起案",
                Certainty.OFFICIAL,
                "変更",
            ),
        )
    )


@pytest.mark.parametrize("municipality", DELIVERED)
def test_every_bound_is_there_and_marked_assumed(municipality: str) -> None:
    rules = expectation_rules(city_of(municipality), on=ON)
    assert min(rules.renewed_points, rules.changed_points, rules.lost_points, rules.undecided_points) > 0
    assert 0 < rules.left_out_percent < 100
    rows = [one for one in list_parameters(municipality) if one.table == "expectation"]
    assert {one.key for one in rows} == set(ExpectationRules.__dataclass_fields__)
    assert {one.certainty for one in rows} == {Certainty.ASSUMED}
    assert all(one.source for one in rows)


@pytest.mark.parametrize("municipality", DELIVERED)
def test_a_change_is_dated_and_names_no_other_version(municipality: str) -> None:
    city, overlay = city_of(municipality), change(municipality, "lost_points", 9)
    assert expectation_rules(city, on=ON, overlay=overlay).lost_points == 9
    before = expectation_rules(city, on=date(2027, 7, 31), overlay=overlay)
    assert before == expectation_rules(city, on=ON)
    assert check_overlay(municipality, overlay=overlay) == check_overlay(municipality, overlay=NOTHING)


def test_a_day_without_bounds_is_said() -> None:
    with pytest.raises(ParameterError, match="値がありません"):
        expectation_rules(city_of("sapporo"), on=date(2001, 4, 1))


@pytest.mark.parametrize("municipality", sorted(MUNICIPALITIES))
def test_every_registered_city_has_a_file(municipality: str) -> None:
    assert expectation_rules(city_of(municipality), on=ON)
