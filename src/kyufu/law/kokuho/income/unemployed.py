"""非自発的失業者 (特例対象被保険者等): whose salary income counts at 30/100, and for which months."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.ages import age_at_end_of
from kyufu.law.calendar.months import YearMonth, month_of, months_between
from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.years import fiscal_year
from kyufu.law.decision import Citation, Reason
from kyufu.law.kokuho.income.facts import Leaving
from kyufu.law.kokuho.income.parameters import IncomeTables

UNEMPLOYED = Citation("国民健康保険法施行令", "第29条の7の2", "secondary")
NOT_NOTIFIED = Reason(
    "unemployed.not_notified", "非自発的失業の届出がないため、給与所得を100分の30とみなしません。", UNEMPLOYED
)
SPECIAL = Reason(
    "unemployed.special",
    "特例受給資格者又は高年齢受給資格者のため、給与所得を100分の30とみなしません。",
    UNEMPLOYED,
)
OTHER_REASON = Reason(
    "unemployed.other_reason",
    "離職理由コードが対象（特定受給資格者・特定理由離職者）でないため、給与所得を100分の30とみなしません。",
    UNEMPLOYED,
)
TOO_OLD = Reason(
    "unemployed.too_old", "離職の日に65歳に達しているため、給与所得を100分の30とみなしません。", UNEMPLOYED
)


class Relief(NamedTuple):
    """From the month that begins the relief up to but not including the month that ends it."""

    start: YearMonth
    end: YearMonth

    def months_of(self, year: int) -> tuple[YearMonth, ...]:
        """The months of a fiscal year (年度) for which the relief runs."""
        return tuple(
            each for each in months_between(start=self.start, end=self.end) if each.fiscal_year == year
        )


def relief_period(left_on: date) -> Relief:
    """From the month of the day after leaving to the end of the fiscal year after that day's (令第29条の7の2第2項)."""
    day_after = left_on + ONE_DAY
    return Relief(month_of(day_after), YearMonth(fiscal_year(day_after) + 2, 4))


def relief_of(leaving: Leaving, *, birth_date: date, tables: IncomeTables) -> Relief | Reason:
    """The months of the relief, or why there is none."""
    if leaving.special:
        return SPECIAL
    if leaving.reason_code not in tables.leaving_reasons:
        return OTHER_REASON
    if age_at_end_of(birth_date, day=leaving.left_on) >= tables.rules.unemployed_age:
        return TOO_OLD
    return relief_period(leaving.left_on) if leaving.notified else NOT_NOTIFIED
