"""Notification within 14 days (届出), and how far back a premium may still be levied (遡及の限度)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.kokuho.enrolment.facts import FirstDue, LevyKind, Notification
from kyufu.law.kokuho.enrolment.parameters import EnrolmentRules


class Notice(NamedTuple):
    """What became of the duty to notify of one day: when it was due, when it was done, how many days late.

    `notified_on` is None and `days_late` too where nothing was notified.
    """

    about: date
    due_on: date
    notified_on: date | None
    days_late: int | None


def notice_of(about: date, *, notifications: Sequence[Notification], rules: EnrolmentRules) -> Notice:
    """The first notification about a day; the term of 14 days begins the day after it (民法第140条).

    Source: 国民健康保険法第9条、同法施行規則第2条・第11条.
    """
    due_on = about + timedelta(days=rules.notification_days)
    days = [each.notified_on for each in notifications if each.about == about]
    if not days:
        return Notice(about, due_on, None, None)
    first = min(days)
    return Notice(about, due_on, first, max(0, (first - due_on).days))


def barred_from(levy_possible_on: date, *, years: int) -> date:
    """The first day on which a levy can no longer be decided: years after the day that follows the due date.

    `levy_possible_on` is the first due date of the fiscal year, or the later day on which the levy became possible
    (国民健康保険法第110条の2第1項、地方税法第17条の5).
    """
    day = levy_possible_on + ONE_DAY
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def time_bar_years(levy: LevyKind, *, rules: EnrolmentRules, reduction: bool) -> int:
    """Years of the time bar: 2 for a premium, other for a tax; `reduction` for a decision that lowers the levy.

    A premium is lowered after 2 years only for overlaps with other insurance that are not the insured's fault.
    """
    if levy is LevyKind.PREMIUM:
        return rules.premium_reduction_time_bar_years if reduction else rules.premium_time_bar_years
    return rules.tax_reduction_time_bar_years if reduction else rules.tax_time_bar_years


def levyable_years(
    first_due: Sequence[FirstDue], *, levy: LevyKind, decided_on: date, rules: EnrolmentRules
) -> tuple[int, ...]:
    """The fiscal years for which a levy can still be decided on a day, in order."""
    years = time_bar_years(levy, rules=rules, reduction=False)
    return tuple(
        sorted(each.fiscal_year for each in first_due if decided_on < barred_from(each.due_on, years=years))
    )
