"""Notification within 14 days, and the last day on which a levy can still be decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.enrolment.facts import FirstDue, LevyKind, Notification
from kyufu.law.kokuho.enrolment.notices import Notice, barred_from, levyable_years, notice_of, time_bar_years
from tests.law.kokuho.enrolment.people import day, rules

ABOUT = day("2025-04-01")
# 足立区: 令和4年度の最初の納期は令和4年6月30日, 令和6年7月1日以降は増額も減額もできない.
DUE = (
    FirstDue(2021, day("2021-06-30")),
    FirstDue(2022, day("2022-06-30")),
    FirstDue(2023, day("2023-06-30")),
    FirstDue(2024, day("2024-07-01")),
)


@pytest.mark.parametrize(
    ("notified_on", "late"),
    [
        ("2025-03-20", 0),
        ("2025-04-01", 0),
        ("2025-04-15", 0),
        ("2025-04-16", 1),
        ("2025-05-15", 30),
        ("2026-04-15", 365),
    ],
)
def test_the_term_of_14_days_begins_the_day_after(notified_on: str, late: int) -> None:
    notice = notice_of(ABOUT, notifications=[Notification(ABOUT, day(notified_on))], rules=rules())
    assert notice == Notice(ABOUT, day("2025-04-15"), day(notified_on), late)


def test_the_first_of_several_notifications_counts() -> None:
    given_in = [Notification(ABOUT, day("2025-06-01")), Notification(ABOUT, day("2025-04-20"))]
    assert notice_of(ABOUT, notifications=given_in, rules=rules()).days_late == 5


def test_a_notification_about_another_day_does_not_count() -> None:
    given_in = [Notification(day("2025-04-02"), day("2025-04-10"))]
    assert notice_of(ABOUT, notifications=given_in, rules=rules()) == Notice(
        ABOUT, day("2025-04-15"), None, None
    )


@pytest.mark.parametrize(
    ("due", "years", "expected"),
    [
        ("2022-06-30", 2, "2024-07-01"),
        ("2024-07-01", 2, "2026-07-02"),
        ("2022-06-30", 3, "2025-07-01"),
        ("2022-06-30", 5, "2027-07-01"),
        ("2024-02-28", 2, "2026-03-01"),
        ("2023-12-31", 2, "2026-01-01"),
    ],
)
def test_the_time_bar_runs_from_the_day_after_the_due_date(due: str, years: int, expected: str) -> None:
    assert barred_from(day(due), years=years) == day(expected)


@pytest.mark.parametrize(
    ("levy", "reduction", "years"),
    [
        (LevyKind.PREMIUM, False, 2),
        (LevyKind.PREMIUM, True, 5),
        (LevyKind.TAX, False, 3),
        (LevyKind.TAX, True, 5),
    ],
)
def test_premium_and_tax_have_other_time_bars(levy: LevyKind, reduction: bool, years: int) -> None:
    assert time_bar_years(levy, rules=rules(), reduction=reduction) == years


@pytest.mark.parametrize(
    ("decided_on", "levy", "expected"),
    [
        ("2024-06-30", LevyKind.PREMIUM, (2022, 2023, 2024)),
        ("2024-07-01", LevyKind.PREMIUM, (2023, 2024)),
        ("2025-06-30", LevyKind.PREMIUM, (2023, 2024)),
        ("2025-07-01", LevyKind.PREMIUM, (2024,)),
        ("2026-07-01", LevyKind.PREMIUM, (2024,)),
        ("2026-07-02", LevyKind.PREMIUM, ()),
        ("2024-06-30", LevyKind.TAX, (2021, 2022, 2023, 2024)),
        ("2024-07-01", LevyKind.TAX, (2022, 2023, 2024)),
        ("2025-06-30", LevyKind.TAX, (2022, 2023, 2024)),
        ("2025-07-01", LevyKind.TAX, (2023, 2024)),
    ],
)
def test_the_years_that_can_still_be_levied(
    decided_on: str, levy: LevyKind, expected: tuple[int, ...]
) -> None:
    assert levyable_years(DUE, levy=levy, decided_on=day(decided_on), rules=rules()) == expected


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2018, 1, 1), date(2030, 12, 31)), st.integers(1, 5))
def test_a_levy_is_possible_for_whole_years_after_the_due_date(due: date, years: int) -> None:
    barred = barred_from(due, years=years)
    assert 365 * years <= (barred - due).days - 1 <= 366 * years
    only = [FirstDue(2024, due)]
    before = levyable_years(
        only, levy=LevyKind.PREMIUM, decided_on=barred_from(due, years=2) - timedelta(days=1), rules=rules()
    )
    assert before == (2024,)
