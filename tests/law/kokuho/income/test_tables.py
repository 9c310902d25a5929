"""Salary and pension income, adjustments and the basic deduction on both sides of every line of the tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.income.parameters import tables_of
from kyufu.law.kokuho.income.tables import (
    adjustment_for_both,
    adjustment_for_children,
    basic_deduction,
    pension_income,
    salary_income,
)
from tests.law.kokuho.income.people import tables

YEARS_BEFORE = (2020, 2021, 2022, 2023, 2024)
REVENUE = st.integers(0, 30_000_000)

# 彦根市・八戸市: the table of 令和2年分 to 令和6年分 (令和3年度から令和7年度).
BEFORE = [
    (0, 0),
    (550_999, 0),
    (551_000, 1_000),
    (1_618_999, 1_068_999),
    (1_619_000, 1_069_000),
    (1_619_999, 1_069_000),
    (1_620_000, 1_070_000),
    (1_621_999, 1_070_000),
    (1_622_000, 1_072_000),
    (1_623_999, 1_072_000),
    (1_624_000, 1_074_000),
    (1_627_999, 1_074_000),
    (1_628_000, 1_076_800),
    (1_631_999, 1_076_800),
    (1_632_000, 1_079_200),
    (1_799_999, 1_177_600),
    (1_800_000, 1_180_000),
    (1_803_999, 1_180_000),
    (1_804_000, 1_182_800),
    (3_599_999, 2_437_200),
    (3_600_000, 2_440_000),
    (3_603_999, 2_440_000),
    (3_604_000, 2_443_200),
    (6_599_999, 4_836_800),
    (6_600_000, 4_840_000),
    (6_600_001, 4_840_000),
    (6_600_002, 4_840_001),
    (8_499_999, 6_549_999),
    (8_500_000, 6_550_000),
    (20_000_000, 18_050_000),
]
# 彦根市: the table from 令和8年度 on (令和7年分).
FROM_2025 = [
    (0, 0),
    (650_999, 0),
    (651_000, 1_000),
    (1_628_000, 978_000),
    (1_899_999, 1_249_999),
    (1_900_000, 1_250_000),
    (1_903_999, 1_250_000),
    (1_904_000, 1_252_800),
    (3_599_999, 2_437_200),
    (3_600_000, 2_440_000),
    (6_599_999, 4_836_800),
    (6_600_000, 4_840_000),
    (8_499_999, 6_549_999),
    (8_500_000, 6_550_000),
    (20_000_000, 18_050_000),
]
# 愛西市・彦根市: where other income is at most 10 million.
YOUNGER = [
    (0, 0),
    (600_000, 0),
    (600_001, 1),
    (1_299_999, 699_999),
    (1_300_000, 700_000),
    (1_300_001, 700_000),
    (1_300_002, 700_001),
    (4_099_999, 2_799_999),
    (4_100_000, 2_800_000),
    (7_699_999, 5_859_999),
    (7_700_000, 5_860_000),
    (9_999_999, 8_044_999),
    (10_000_000, 8_045_000),
    (12_000_000, 10_045_000),
]
ELDERLY = [
    (0, 0),
    (1_100_000, 0),
    (1_100_001, 1),
    (3_299_999, 2_199_999),
    (3_300_000, 2_200_000),
    (4_099_999, 2_799_999),
    (4_100_000, 2_800_000),
    (7_699_999, 5_859_999),
    (7_700_000, 5_860_000),
    (9_999_999, 8_044_999),
    (10_000_000, 8_045_000),
]
OTHER_INCOME = [
    (10_000_000, 0),
    (10_000_001, 100_000),
    (20_000_000, 100_000),
    (20_000_001, 200_000),
]
# 葉山町: 43万円, 29万円, 15万円, 0円.
BASIC = [
    (0, 430_000),
    (24_000_000, 430_000),
    (24_000_001, 290_000),
    (24_500_000, 290_000),
    (24_500_001, 150_000),
    (25_000_000, 150_000),
    (25_000_001, 0),
    (90_000_000, 0),
]


@pytest.mark.parametrize(("revenue", "expected"), BEFORE)
@pytest.mark.parametrize("year", YEARS_BEFORE)
def test_salary_until_2024(year: int, revenue: int, expected: int) -> None:
    assert salary_income(revenue, tables=tables(year)) == expected


@pytest.mark.parametrize(("revenue", "expected"), FROM_2025)
def test_salary_of_2025(revenue: int, expected: int) -> None:
    assert salary_income(revenue, tables=tables(2025)) == expected


@pytest.mark.parametrize(("revenue", "expected"), YOUNGER)
def test_pension_of_who_is_not_65(revenue: int, expected: int) -> None:
    assert pension_income(revenue, elderly=False, other_income=0, tables=tables()) == expected


@pytest.mark.parametrize(("revenue", "expected"), ELDERLY)
def test_pension_of_who_is_65(revenue: int, expected: int) -> None:
    assert pension_income(revenue, elderly=True, other_income=0, tables=tables()) == expected


@pytest.mark.parametrize(("other", "more"), OTHER_INCOME)
@pytest.mark.parametrize("elderly", [True, False])
@pytest.mark.parametrize("revenue", [3_500_000, 5_000_000, 8_000_000, 11_000_000])
def test_other_income_lowers_the_deduction_from_the_pension(
    revenue: int, elderly: bool, other: int, more: int
) -> None:
    plain = pension_income(revenue, elderly=elderly, other_income=0, tables=tables())
    assert pension_income(revenue, elderly=elderly, other_income=other, tables=tables()) == plain + more


@pytest.mark.parametrize(("other", "free"), [(0, 600_000), (10_000_001, 500_000), (20_000_001, 400_000)])
def test_the_pension_that_is_free_falls_with_other_income(other: int, free: int) -> None:
    assert pension_income(free, elderly=False, other_income=other, tables=tables()) == 0
    assert pension_income(free + 1, elderly=False, other_income=other, tables=tables()) == 1


@pytest.mark.parametrize(("total", "expected"), BASIC)
@pytest.mark.parametrize("year", [2020, 2024, 2025])
def test_basic_deduction_falls_with_the_total(year: int, total: int, expected: int) -> None:
    assert basic_deduction(total, tables=tables(year)) == expected


@pytest.mark.parametrize(
    ("revenue", "expected"),
    [
        (8_500_000, 0),
        (8_500_001, 1),
        (8_500_010, 1),
        (8_500_011, 2),
        (9_000_000, 50_000),
        (10_000_000, 150_000),
        (15_000_000, 150_000),
    ],
)
def test_adjustment_for_children_counts_a_part_of_a_yen(revenue: int, expected: int) -> None:
    rules = tables().rules
    assert adjustment_for_children(revenue, adjustable=True, rules=rules) == expected
    assert adjustment_for_children(revenue, adjustable=False, rules=rules) == 0


@pytest.mark.parametrize(
    ("salary", "pension", "expected"),
    [
        (0, 0, 0),
        (100_000, 0, 0),
        (0, 100_000, 0),
        (50_000, 50_000, 0),
        (50_001, 50_000, 1),
        (100_000, 1, 1),
        (100_000, 100_000, 100_000),
        (9_000_000, 9_000_000, 100_000),
    ],
)
def test_adjustment_for_salary_and_pension(salary: int, pension: int, expected: int) -> None:
    assert adjustment_for_both(salary=salary, pension=pension, rules=tables().rules) == expected


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([2020, 2024, 2025]), REVENUE, REVENUE)
def test_more_salary_is_never_less_income(year: int, one: int, other: int) -> None:
    less, more = sorted((one, other))
    low, high = (salary_income(each, tables=tables(year)) for each in (less, more))
    assert low <= high
    assert 0 <= low <= less


@settings(max_examples=150, deadline=None)
@given(st.booleans(), st.sampled_from([0, 15_000_000, 25_000_000]), REVENUE, REVENUE)
def test_more_pension_is_never_less_income(elderly: bool, other: int, one: int, another: int) -> None:
    less, more = sorted((one, another))
    low, high = (
        pension_income(each, elderly=elderly, other_income=other, tables=tables()) for each in (less, more)
    )
    assert low <= high
    assert 0 <= low <= less


@settings(max_examples=100, deadline=None)
@given(REVENUE)
def test_the_tables_of_two_eras_meet_from_1_900_000_on(revenue: int) -> None:
    before, after = (salary_income(revenue, tables=tables(year)) for year in (2024, 2025))
    if revenue >= 1_900_000:
        assert after == before
    else:
        # Up to 650,999 yen nothing is left, where the yen above 650,000 would be.
        assert max(0, before - 100_000) <= after <= before or (revenue < 651_000 and after == 0)


@settings(max_examples=100, deadline=None)
@given(REVENUE)
def test_who_is_65_has_never_more_pension_income(revenue: int) -> None:
    younger, elderly = (
        pension_income(revenue, elderly=each, other_income=0, tables=tables()) for each in (False, True)
    )
    assert elderly <= younger


@pytest.mark.parametrize("year", [1990, 2019, 2026, 2100])
def test_no_table_is_made_up_for_a_year_that_is_not_kept(year: int) -> None:
    assert tables_of(year) is None
