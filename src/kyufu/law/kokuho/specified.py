"""The month from which 特定世帯 is counted (特定月): one decision for enrolment and premium."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.months import YearMonth, month_of


def specified_month(joined_on: date) -> YearMonth:
    """特定月: the month of the day on which a person became insured with the late elderly's medical care.

    That day (the 75th birthday, or that of the recognition) is the day before the loss of this insurance. For a
    birthday on the last day of a month the loss itself falls into the next: the month in which the person pays here no
    more is the first of 特定世帯 all the same. 国民健康保険法施行令第29条の7第2項第9号; 鎌倉市 kokuho-fuka-iryokouki
    (後期高齢者医療の資格を取得した月から5年間).
    """
    return month_of(joined_on)
