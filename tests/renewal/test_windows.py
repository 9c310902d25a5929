"""Which days a renewal is about, and which ends age explains."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.ages import first_month_start_after_age, reaches_age_on
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import grade_starts_on
from kyufu.renewal.states import RenewalKind
from kyufu.renewal.windows import is_age_event, window_of

BIRTHS = st.dates(date(2008, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "on", "end"),
    [
        (RenewalKind.YEARLY, date(2026, 8, 1), date(2026, 8, 2)),
        (RenewalKind.CHANGED, date(2026, 8, 1), date(2026, 8, 2)),
        (RenewalKind.REPLAY, date(2026, 8, 1), date(2026, 8, 2)),
        (RenewalKind.MONTHLY, date(2026, 8, 1), date(2026, 9, 1)),
        (RenewalKind.MONTHLY, date(2026, 12, 1), date(2027, 1, 1)),
        (RenewalKind.AGE, date(2026, 12, 15), date(2027, 1, 15)),
        (RenewalKind.AGE, date(2027, 1, 31), date(2027, 2, 28)),
    ],
)
def test_the_window_of_a_kind(kind: RenewalKind, on: date, end: date) -> None:
    assert window_of(kind, on=on) == Period(on, end)


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 1)))
def test_months_from_their_first_day_meet_without_gap(day: date) -> None:
    window = window_of(RenewalKind.MONTHLY, on=day.replace(day=1))
    assert window.end is not None
    assert window.end.day == 1
    assert window_of(RenewalKind.MONTHLY, on=window.end).start == window.end


@settings(max_examples=120)
@given(BIRTHS, st.integers(1, 15))
def test_what_an_age_brings_is_an_age_event(birth: date, age: int) -> None:
    assert is_age_event(birth, ends_on=first_month_start_after_age(birth, age=age))
    assert is_age_event(birth, ends_on=reaches_age_on(birth, age=age) + timedelta(days=1))


@settings(max_examples=60)
@given(BIRTHS, st.integers(1, 13))
def test_a_school_year_is_an_age_event(birth: date, grade: int) -> None:
    assert is_age_event(birth, ends_on=grade_starts_on(birth, grade=grade))


@pytest.mark.parametrize("born", [date(2018, 5, 10), date(2018, 7, 1), date(2018, 8, 2)])
def test_the_end_of_a_certificate_year_is_no_age_event(born: date) -> None:
    assert not is_age_event(born, ends_on=date(2026, 8, 1))


@pytest.mark.parametrize("born", [date(2018, 7, 2), date(2018, 7, 31), date(2018, 8, 1)])
def test_born_in_the_month_before_it_is_one(born: date) -> None:
    """Those born on the 1st reach the age in the month before."""
    assert is_age_event(born, ends_on=date(2026, 8, 1))


def test_somebody_just_born_has_no_birthday_yet() -> None:
    assert not is_age_event(date(2026, 7, 20), ends_on=date(2026, 8, 1))
