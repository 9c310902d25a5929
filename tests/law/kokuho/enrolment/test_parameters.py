"""The file of the figures of enrolment and of the share: sourced, dated, bound."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.common import COMMON_FILE, load_common_entries, with_common
from kyufu.law.kokuho.enrolment.months import recipient_from
from kyufu.law.kokuho.enrolment.parameters import (
    BOUND,
    ENROLMENT_FILE,
    ENROLMENT_TABLES,
    AgeRules,
    EnrolmentRules,
    ShareRules,
    known_from,
    load_enrolment_entries,
    rules_on,
)
from kyufu.law.kokuho.enrolment.spans import late_elderly_on
from kyufu.law.parameters.catalogue import list_entries
from kyufu.law.parameters.entries import Certainty, ParameterError
from kyufu.law.parameters.overlay import Change, Overlay
from tests.law.kokuho.enrolment.people import day


def test_every_figure_has_a_source() -> None:
    assert all(each.source.strip() for each in load_enrolment_entries())
    assert len(list_entries({ENROLMENT_FILE: ENROLMENT_TABLES})) == len(load_enrolment_entries())


def test_what_is_assumed_is_known_by_name() -> None:
    assumed = {each.key for each in load_enrolment_entries() if each.certainty is Certainty.ASSUMED}
    assert assumed == set()
    shared = {each.key for each in load_common_entries() if each.certainty is Certainty.ASSUMED}
    assert shared == {"tax_reduction_time_bar_years", "former_dependant_months"}


@pytest.mark.parametrize("into", list(BOUND))
def test_every_field_is_bound_from_its_first_day_on(into: type[Any]) -> None:
    first = known_from(into)
    rules = rules_on(first, into=into)
    assert {each.name for each in fields(into)} == {
        each.key
        for each in with_common(
            [row for row in load_enrolment_entries() if row.table == BOUND[into]], into=into
        )
    }
    assert rules is not None
    with pytest.raises(ParameterError):
        rules_on(date.fromordinal(first.toordinal() - 1), into=into)


@pytest.mark.parametrize(
    ("into", "first"),
    [(EnrolmentRules, "2018-04-01"), (AgeRules, "2018-04-01"), (ShareRules, "2019-04-01")],
)
def test_from_when_the_figures_are_kept(into: type[Any], first: str) -> None:
    assert known_from(into) == day(first)


@pytest.mark.parametrize(
    ("on", "waived", "salary_deduction"),
    [
        ("2021-07-31", False, 0),
        ("2021-08-01", False, 100_000),
        ("2021-12-31", False, 100_000),
        ("2022-01-01", True, 100_000),
    ],
)
def test_figures_change_on_their_day(on: str, waived: bool, salary_deduction: int) -> None:
    rules = rules_on(day(on), into=ShareRules)
    assert rules.application_waived is waived
    assert rules.minor_salary_deduction == salary_deduction


@pytest.mark.requirement("ATG-020")
def test_the_band_of_the_elderly_goes_by_the_figures() -> None:
    """70 to 74 are two dated figures: a decided change of either moves the band."""
    changes = tuple(
        Change(
            file=COMMON_FILE,
            table="common",
            key=key,
            column="value",
            value=value,
            period=Period(day("2026-04-01"), None),
            source="試し",
            certainty=Certainty.ASSUMED,
            origin="試し",
        )
        for key, value in (("senior_age", 71), ("late_elderly_age", 76))
    )
    born = day("1952-06-15")
    today = rules_on(day("2026-04-01"), into=AgeRules)
    moved = rules_on(day("2026-04-01"), into=AgeRules, overlay=Overlay(changes))
    assert (recipient_from(born, rules=today), late_elderly_on(born, rules=today)) == (
        day("2022-07-01"),
        day("2027-06-15"),
    )
    assert (recipient_from(born, rules=moved), late_elderly_on(born, rules=moved)) == (
        day("2023-07-01"),
        day("2028-06-15"),
    )


def test_a_decided_change_is_laid_over_the_file() -> None:
    change = Change(
        file=COMMON_FILE,
        table="common",
        key="active_1",
        column="value",
        value=1_500_000,
        period=Period(day("2026-08-01"), None),
        source="試し",
        certainty=Certainty.ASSUMED,
        origin="試し",
    )
    overlay = Overlay((change,))
    before = rules_on(day("2026-07-31"), into=ShareRules, overlay=overlay)
    after = rules_on(day("2026-08-01"), into=ShareRules, overlay=overlay)
    assert (before.active_1, after.active_1) == (1_450_000, 1_500_000)
