"""The months that are charged (月割), of all parts and of the care part, and the steps of age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kyufu.law.calendar.ages import first_month_start_after_age, first_of_month_after, reaches_age_on
from kyufu.law.calendar.months import YearMonth, month_of, months_of_fiscal_year
from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.calendar.years import first_march_31_from
from kyufu.law.kokuho.enrolment.parameters import AgeRules
from kyufu.law.kokuho.enrolment.spans import BY_OTHER_INSURANCE, Span


def charged_months(spans: Iterable[Span], *, fiscal_year: int) -> tuple[YearMonth, ...]:
    """The months of a fiscal year that are charged: that of the acquisition counts, that of the loss does not.

    Who acquires and loses in one month is charged nothing for it; who is insured again by its end, once. Where
    another insurance begins on the last day of a month, the loss falls on the 1st, and the month before does not
    count either (条例：消滅した日が月の初日であるときは、その前日の属する月の前月まで).
    """
    held = [charged_period(span) for span in spans]
    return tuple(
        month
        for month in months_of_fiscal_year(fiscal_year)
        if any(last_day_of(month) in period for period in held)
    )


def care_months(
    months: Sequence[YearMonth], *, birth_date: date, exempt: Sequence[Period], rules: AgeRules
) -> tuple[YearMonth, ...]:
    """The charged months in which the care part is charged too: from the month in which 40 is reached until the month
    before that in which 65 is reached (達する日 is the day before the birthday); not in exempt institutions.
    """
    start = month_of(reaches_age_on(birth_date, age=rules.care_from_age))
    end = month_of(reaches_age_on(birth_date, age=rules.care_until_age))
    return tuple(
        month
        for month in months
        if start <= month < end and not any(last_day_of(month) in period for period in exempt)
    )


def recipient_from(birth_date: date, *, rules: AgeRules) -> date:
    """The 1st of the month from which the elderly share holds: the month after that in which 70 is reached."""
    return first_month_start_after_age(birth_date, age=rules.senior_age)


def preschool_until(birth_date: date, *, rules: AgeRules) -> date:
    """The last day of the time before school: the first 31 March on or after the day on which 6 is reached."""
    return first_march_31_from(reaches_age_on(birth_date, age=rules.preschool_age))


def last_day_of(month: YearMonth) -> date:
    """The last day of a month."""
    return first_of_month_after(month.first_day) - ONE_DAY


def charged_period(span: Span) -> Period:
    """The days whose ends of month are charged: up to the loss, or to the day on which another insurance begins.

    What the premium takes as the period of being enrolled (月割): the month that holds its end does not count.
    """
    by_event = span.lost_by in BY_OTHER_INSURANCE
    return Period(span.acquired_on, span.ended_on if by_event else span.lost_on)
