"""The figures of a year: what counts for 総所得金額等, for 合計所得金額, and what is left after the basic deduction."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.income.facts import CarriedLosses, IncomeFacts, Separate
from kyufu.law.kokuho.income.figures import FIGURE_QUANTITIES, Figures, figures_of, is_elderly
from tests.law.kokuho.income.people import BORN, OLD, tables, year_of

AMOUNT = st.integers(0, 20_000_000)


def figures(facts: IncomeFacts, *, elderly: bool = False, salary_percent: int = 100) -> Figures:
    return figures_of(facts, elderly=elderly, tables=tables(facts.income_year), salary_percent=salary_percent)


def test_every_figure_has_a_name_of_its_own() -> None:
    names = [quantity.name for quantity in FIGURE_QUANTITIES]
    assert tuple(names) == Figures._fields
    assert len({quantity.label for quantity in FIGURE_QUANTITIES}) == len(names)


@pytest.mark.parametrize(
    "kind", ["business", "real_estate", "interest", "dividend", "miscellaneous", "capital_gain_short"]
)
def test_each_kind_counts_whole(kind: str) -> None:
    found = figures(year_of(**{kind: 1_000_001}))
    assert found.total_income == 1_000_001
    assert found.gross_total == 1_000_001
    assert found.base_income == 570_001


@pytest.mark.parametrize("kind", ["capital_gain_long", "temporary"])
def test_long_term_gains_and_temporary_income_count_half(kind: str) -> None:
    found = figures(year_of(**{kind: 1_000_001}))
    assert found.gains_and_temporary == 500_000
    assert found.total_income == 500_000


def test_half_is_taken_of_the_sum() -> None:
    assert figures(year_of(capital_gain_long=1, temporary=1)).total_income == 1


@pytest.mark.parametrize(
    "kind",
    ["land_short", "land_long", "stock_unlisted", "stock_listed", "dividend_listed", "futures", "forestry"],
)
def test_each_kind_taxed_apart_counts_whole(kind: str) -> None:
    found = figures(year_of(separate=Separate(**{kind: 2_000_000})))
    assert found.total_income == 2_000_000
    assert found.base_income == 1_570_000
    assert found.comprehensive_income == 0


def test_retirement_income_counts_nowhere() -> None:
    """防府市: 退職所得は含めない。"""
    assert figures(year_of(separate=Separate(retirement=50_000_000))) == figures(year_of())


def test_a_loss_of_business_lowers_a_salary() -> None:
    found = figures(year_of(salary=4_000_000, business=-760_000))
    assert found.salary_income == 2_760_000
    assert found.ordinary_income == 2_000_000
    assert found.base_income == 1_570_000


def test_a_loss_larger_than_all_income_leaves_nothing() -> None:
    found = figures(year_of(salary=4_000_000, business=-9_000_000))
    assert (found.ordinary_income, found.total_income, found.base_income) == (0, 0, 0)


def test_a_loss_of_business_does_not_touch_land() -> None:
    found = figures(year_of(business=-9_000_000, separate=Separate(land_long=1_000_000)))
    assert found.total_income == 1_000_000


def test_special_deductions_lower_the_total_but_not_the_gross_total() -> None:
    apart = Separate(
        land_short=3_000_000,
        land_short_deduction=1_000_000,
        land_long=24_000_000,
        land_long_deduction=24_000_001,
    )
    found = figures(year_of(separate=apart))
    assert found.special_deductions == 25_000_000
    assert found.carried_losses == 0
    assert found.gross_total == 27_000_000
    assert found.total_income == 2_000_000
    assert found.basic_deduction == 0
    assert found.base_income == 2_000_000


def test_a_net_loss_lowers_the_total_but_not_the_gross_total() -> None:
    found = figures(year_of(business=25_000_000, losses=CarriedLosses(net=20_000_000)))
    assert found.carried_losses == 20_000_000
    assert found.gross_total == 25_000_000
    assert found.total_income == 5_000_000
    assert found.basic_deduction == 150_000
    assert found.base_income == 4_850_000


def test_a_loss_of_casualties_lowers_neither() -> None:
    """防府市・杉並区: 雑損失の繰越控除は控除しない。"""
    found = figures(year_of(business=3_000_000, losses=CarriedLosses(casualty=2_000_000)))
    assert found.carried_losses == 0
    assert found.base_income == 2_570_000


@pytest.mark.parametrize(
    ("business", "deduction"),
    [(24_000_000, 430_000), (24_000_001, 290_000), (24_500_001, 150_000), (25_000_001, 0)],
)
def test_the_basic_deduction_falls_with_the_gross_total(business: int, deduction: int) -> None:
    found = figures(year_of(business=business))
    assert found.basic_deduction == deduction
    assert found.base_income == business - deduction


@pytest.mark.parametrize(("business", "base"), [(430_000, 0), (430_001, 1), (429_999, 0), (0, 0)])
def test_nothing_is_left_below_the_basic_deduction(business: int, base: int) -> None:
    assert figures(year_of(business=business)).base_income == base


def test_the_ledger_goes_before_the_table() -> None:
    """特定支出控除: the tax ledger knows a lower salary income than the table."""
    found = figures(year_of(salary=4_000_000, ledger=2_500_000))
    assert found.salary_table_income == 2_500_000
    assert found.total_income == 2_500_000


def test_a_high_salary_with_children_is_adjusted() -> None:
    found = figures(year_of(salary=10_000_000, adjustable=True))
    assert found.adjustment_children == 150_000
    assert found.salary_income == 10_000_000 - 1_950_000 - 150_000


def test_both_adjustments_together() -> None:
    found = figures(year_of(salary=9_000_000, adjustable=True, pension=2_000_000, born=OLD), elderly=True)
    assert (found.adjustment_children, found.adjustment_both) == (50_000, 100_000)
    assert found.salary_income == 9_000_000 - 1_950_000 - 150_000
    assert found.total_income == 6_900_000 + 900_000


def test_the_pension_sees_other_income_without_itself() -> None:
    """Of 10 million and a yen besides the pension, the deduction from the pension falls by 100,000 yen."""
    under = figures(year_of(pension=3_500_000, business=10_000_000, born=OLD), elderly=True)
    over = figures(year_of(pension=3_500_000, business=10_000_001, born=OLD), elderly=True)
    assert over.pension_income == under.pension_income + 100_000


def test_land_counts_as_other_income_of_the_pension() -> None:
    apart = Separate(land_long=20_000_001, land_long_deduction=20_000_001)
    found = figures(year_of(pension=3_500_000, separate=apart, born=OLD), elderly=True)
    plain = figures(year_of(pension=3_500_000, born=OLD), elderly=True)
    assert found.pension_income == plain.pension_income + 200_000


@pytest.mark.parametrize(("percent", "expected"), [(100, 1_320_000), (30, 396_000)])
def test_a_share_of_the_salary_income_counts(percent: int, expected: int) -> None:
    found = figures(year_of(salary=2_000_000), salary_percent=percent)
    assert found.salary_income == expected
    assert found.salary_table_income == 1_320_000


def test_the_share_is_cut_to_a_yen_and_leaves_other_income_alone() -> None:
    found = figures(year_of(salary=561_001, business=1_000_000), salary_percent=30)
    assert found.salary_income == 3_300
    assert found.total_income == 1_003_300


@pytest.mark.parametrize(
    ("year", "born", "expected"),
    [
        (2024, "1960-01-01", True),
        (2024, "1960-01-02", False),
        (2024, "1959-12-31", True),
        (2023, "1960-01-01", False),
        (2025, "1960-12-31", True),
        (2025, "1961-01-01", True),
        (2025, "1961-01-02", False),
    ],
)
def test_65_is_told_at_the_end_of_the_income_year(year: int, born: str, expected: bool) -> None:
    assert is_elderly(BORN.fromisoformat(born), income_year=year, tables=tables(year)) is expected


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(["business", "miscellaneous", "dividend", "temporary"]), AMOUNT, AMOUNT, AMOUNT)
def test_more_income_is_never_less_base(kind: str, salary: int, one: int, other: int) -> None:
    less, more = sorted((one, other))
    low = figures(year_of(salary=salary, **{kind: less}))
    high = figures(year_of(salary=salary, **{kind: more}))
    assert low.total_income <= high.total_income
    assert low.base_income <= high.base_income


@settings(max_examples=120, deadline=None)
@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_the_figures_add_up(salary: int, pension: int, land: int, stock: int) -> None:
    apart = Separate(land_long=land, stock_listed=stock)
    found = figures(year_of(salary=salary, pension=pension, separate=apart))
    assert found.ordinary_income == found.salary_income + found.pension_income
    assert found.comprehensive_income == found.ordinary_income + found.gains_and_temporary
    assert found.gross_total == (found.comprehensive_income + found.forestry_income + found.separate_income)
    assert found.total_income == found.gross_total - found.special_deductions - found.carried_losses
    assert found.base_income == max(0, found.total_income - found.basic_deduction)
