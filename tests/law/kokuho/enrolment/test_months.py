"""Months: acquired in the month counts, lost in the month does not; the steps of age by the day before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, months_of_fiscal_year
from kyufu.law.calendar.period import Period
from kyufu.law.kokuho.enrolment.facts import InsuranceKind, OtherInsurance
from kyufu.law.kokuho.enrolment.months import care_months, last_day_of, preschool_until, recipient_from
from tests.law.kokuho.enrolment.people import (
    ATSUGI,
    EBINA,
    TOKYO,
    ages,
    day,
    found,
    insured,
    lived,
    months,
    person,
)

HERE = lived((ATSUGI, "2010-04-01", None))
ALL_YEAR = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def test_who_is_enrolled_all_year_is_charged_twelve_months() -> None:
    assert months(person(residences=HERE), year=2025) == ALL_YEAR


@pytest.mark.parametrize(
    ("acquired", "expected"),
    [
        ("2025-04-01", ALL_YEAR),
        ("2025-04-30", ALL_YEAR),
        ("2025-05-01", ALL_YEAR[1:]),
        ("2026-03-01", [3]),
        ("2026-03-31", [3]),
        ("2026-04-01", []),
    ],
)
def test_the_month_of_acquisition_counts(acquired: str, expected: list[int]) -> None:
    assert months(person(residences=lived((ATSUGI, acquired, None))), year=2025) == expected


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ("2025-04-01", []),
        ("2025-04-30", []),
        ("2025-05-01", [4]),
        ("2026-03-31", ALL_YEAR[:-1]),
        ("2026-04-01", ALL_YEAR),
    ],
)
def test_the_month_of_moving_out_does_not(moved: str, expected: list[int]) -> None:
    facts = person(residences=lived((ATSUGI, "2010-04-01", moved), (TOKYO, moved, None)))
    assert months(facts, year=2025) == expected


@pytest.mark.parametrize(
    ("kind", "start", "expected"),
    [
        ("employees", "2025-09-01", [4, 5, 6, 7, 8]),
        ("employees", "2025-09-30", [4, 5, 6, 7, 8]),
        ("employees", "2025-10-01", [4, 5, 6, 7, 8, 9]),
        ("dependant", "2025-09-30", [4, 5, 6, 7, 8]),
        ("guild", "2025-09-30", [4, 5, 6, 7, 8]),
        ("guild", "2025-10-01", [4, 5, 6, 7, 8, 9]),
    ],
)
def test_the_month_in_which_another_insurance_begins_does_not(
    kind: str, start: str, expected: list[int]
) -> None:
    facts = person(residences=HERE, insurances=insured((kind, start, None)))
    assert months(facts, year=2025) == expected


@pytest.mark.parametrize(
    ("died", "expected"), [("2025-09-29", [4, 5, 6, 7, 8]), ("2025-09-30", [4, 5, 6, 7, 8, 9])]
)
def test_the_month_of_death_counts_only_where_it_was_the_last_day(died: str, expected: list[int]) -> None:
    """Lost the day after: on the 1st of the next month, so that the month before counts (月割)."""
    assert months(person(residences=HERE, died=died), year=2025) == expected


@pytest.mark.parametrize(
    ("left", "expected"), [("2025-09-29", [4, 5, 6, 7, 8]), ("2025-09-30", [4, 5, 6, 7, 8, 9])]
)
def test_the_month_of_leaving_the_country_counts_only_where_it_was_the_last_day(
    left: str, expected: list[int]
) -> None:
    assert months(person(residences=lived((ATSUGI, "2010-04-01", left))), year=2025) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1950-09-01", [4, 5, 6, 7, 8]),
        ("1950-09-30", [4, 5, 6, 7, 8]),
        ("1950-10-01", [4, 5, 6, 7, 8, 9]),
        ("1950-04-01", []),
        ("1951-03-31", ALL_YEAR[:-1]),
    ],
)
def test_the_month_of_the_75th_birthday_does_not(born: str, expected: list[int]) -> None:
    assert months(person(born=day(born), residences=HERE), year=2025) == expected


def test_acquired_and_lost_in_one_month_is_not_charged() -> None:
    facts = person(residences=lived((ATSUGI, "2025-07-05", "2025-07-25"), (TOKYO, "2025-07-25", None)))
    assert months(facts, year=2025) == []
    assert months(facts, year=2025, code=TOKYO) == ALL_YEAR[3:]


def test_acquired_and_lost_in_one_month_and_acquired_again_is_charged_once() -> None:
    facts = person(
        residences=HERE,
        insurances=insured(
            ("employees", "2009-04-01", "2025-07-05"), ("employees", "2025-07-10", "2025-07-20")
        ),
    )
    assert months(facts, year=2025) == ALL_YEAR[3:]


def test_work_within_a_month_changes_no_month() -> None:
    facts = person(residences=HERE, insurances=insured(("employees", "2025-07-05", "2025-07-20")))
    assert months(facts, year=2025) == ALL_YEAR


def test_work_over_the_end_of_a_month_takes_it_away() -> None:
    facts = person(residences=HERE, insurances=insured(("employees", "2025-07-31", "2025-08-01")))
    assert months(facts, year=2025) == [4, 5, 6, 8, 9, 10, 11, 12, 1, 2, 3]


# ---- ages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1985-04-01", ALL_YEAR),
        ("1985-04-02", ALL_YEAR),
        ("1985-05-01", ALL_YEAR),
        ("1985-05-02", ALL_YEAR[1:]),
        ("1986-04-01", [3]),
        ("1986-04-02", []),
        ("1960-04-01", []),
        ("1960-04-02", []),
        ("1960-05-01", []),
        ("1960-05-02", [4]),
        ("1961-04-01", ALL_YEAR[:-1]),
        ("1961-04-02", ALL_YEAR),
    ],
)
def test_care_runs_from_the_month_of_40_to_the_month_before_65(born: str, expected: list[int]) -> None:
    answer = found(person(born=day(born), residences=HERE), on="2025-06-01")
    assert [month.month for month in answer.care_months] == expected


def test_care_is_charged_only_for_months_that_are_charged() -> None:
    facts = person(residences=HERE, insurances=insured(("employees", "2025-07-31", "2025-10-01")))
    answer = found(facts, on="2025-06-01")
    assert answer.care_months == answer.charged_months


@pytest.mark.parametrize(
    ("exempt", "expected"),
    [
        (("2025-07-01", "2025-09-01"), [4, 5, 6, 9, 10, 11, 12, 1, 2, 3]),
        (("2025-07-31", "2025-08-31"), [4, 5, 6, 8, 9, 10, 11, 12, 1, 2, 3]),
        (("2025-07-02", "2025-07-30"), ALL_YEAR),
        (("2020-01-01", None), []),
    ],
)
def test_care_is_not_charged_in_exempt_institutions(
    exempt: tuple[str, str | None], expected: list[int]
) -> None:
    answer = found(person(residences=HERE, exempt=(exempt,)), on="2025-06-01")
    assert [month.month for month in answer.care_months] == expected
    assert [month.month for month in answer.charged_months] == ALL_YEAR


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        # 出雲市条例第4条: the month after that in which 70 is reached; 堺市: born on the 1st, from that month.
        ("1955-10-01", "2025-10-01"),
        ("1955-10-02", "2025-11-01"),
        ("1955-10-31", "2025-11-01"),
        ("1955-12-31", "2026-01-01"),
        ("1956-02-29", "2026-03-01"),
        ("1956-03-01", "2026-03-01"),
    ],
)
def test_the_elderly_share_begins_the_month_after_70(born: str, expected: str) -> None:
    assert recipient_from(day(born), rules=ages()) == day(expected)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        # 湖南市: for 令和7年度 those born from 平成31年4月2日 on.
        ("2019-04-01", "2025-03-31"),
        ("2019-04-02", "2026-03-31"),
        ("2020-04-01", "2026-03-31"),
        ("2020-04-02", "2027-03-31"),
    ],
)
def test_the_time_before_school_ends_on_31_march(born: str, expected: str) -> None:
    assert preschool_until(day(born), rules=ages()) == day(expected)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (YearMonth(2025, 1), "2025-01-31"),
        (YearMonth(2024, 2), "2024-02-29"),
        (YearMonth(2025, 2), "2025-02-28"),
        (YearMonth(2025, 12), "2025-12-31"),
    ],
)
def test_the_last_day_of_a_month(month: YearMonth, expected: str) -> None:
    assert last_day_of(month) == day(expected)


DAY_OF_YEAR = st.integers(0, 364)


@settings(max_examples=60, deadline=None)
@given(st.sets(DAY_OF_YEAR, max_size=5))
def test_moves_part_the_year_between_the_municipalities(cuts: set[int]) -> None:
    """Whoever is enrolled all year is charged each month once, wherever they lived, and for care alike."""
    starts = [
        date(2010, 4, 1),
        *(date(2025, 4, 1) + timedelta(days=each) for each in sorted(cuts)),
    ]
    codes = [(ATSUGI, EBINA, TOKYO)[number % 3] for number in range(len(starts))]
    ends = [*(each.isoformat() for each in starts[1:]), None]
    residences = lived(
        *((code, start.isoformat(), end) for code, start, end in zip(codes, starts, ends, strict=True))
    )
    facts = person(residences=residences)
    charged = [
        month
        for code in (ATSUGI, EBINA, TOKYO)
        for month in found(facts, on="2025-06-01", code=code).charged_months
    ]
    assert sorted(charged) == list(months_of_fiscal_year(2025))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DAY_OF_YEAR, st.integers(1, 120)), max_size=3))
def test_a_month_is_charged_by_the_insurance_of_its_last_day(works: list[tuple[int, int]]) -> None:
    """Work that covers the last day of a month takes the month away, and nothing else does."""
    first = date(2025, 4, 1)
    insurances = tuple(
        OtherInsurance(
            InsuranceKind.EMPLOYEES,
            Period(first + timedelta(days=start), first + timedelta(days=start + length)),
        )
        for start, length in works
    )
    answer = found(person(residences=HERE, insurances=insurances), on="2025-06-01")
    assert list(answer.charged_months) == [
        month
        for month in months_of_fiscal_year(2025)
        if not any(last_day_of(month) in each.period for each in insurances)
    ]


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1955, 1, 1), date(1995, 12, 31)), st.integers(2018, 2035))
def test_a_life_has_300_months_of_care(born: date, year: int) -> None:
    months_of_year = months_of_fiscal_year(year)
    charged = care_months(months_of_year, birth_date=born, exempt=(), rules=ages())
    assert list(charged) == sorted(charged)
    total = [
        month
        for each in range(born.year + 38, born.year + 68)
        for month in care_months(months_of_fiscal_year(each), birth_date=born, exempt=(), rules=ages())
    ]
    assert len(total) == 25 * 12
