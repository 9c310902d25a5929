"""Losses within the year and of earlier years: what is set off against what, and in which order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.income.facts import CarriedLosses, Separate
from kyufu.law.kokuho.income.setting_off import Groups, Remaining, carry, set_off

AMOUNT = st.integers(-3_000_000, 3_000_000)
POSITIVE = st.integers(0, 3_000_000)
GROUPS = st.builds(Groups, AMOUNT, AMOUNT, AMOUNT, POSITIVE, POSITIVE)


def groups(
    ordinary: int = 0, *, short: int = 0, long: int = 0, temporary: int = 0, forestry: int = 0
) -> Groups:
    return Groups(ordinary, short, long, temporary, forestry)


@pytest.mark.parametrize(
    ("given_groups", "expected"),
    [
        # Nothing to set off.
        (groups(100), groups(100)),
        (groups(100, short=10, long=20, temporary=30), groups(100, short=10, long=20, temporary=30)),
        # A loss of ordinary income goes against short-term gains, then long-term, then temporary, then forestry.
        (groups(-100, short=150, long=10), groups(0, short=50, long=10)),
        (groups(-100, short=60, long=70), groups(0, short=0, long=30)),
        (groups(-100, long=30, temporary=100), groups(0, long=0, temporary=30)),
        (groups(-100, temporary=40, forestry=90), groups(0, temporary=0, forestry=30)),
        (groups(-100), groups(0)),
        # A loss of sale goes against the other sale, then temporary income, then ordinary income, then forestry.
        (groups(100, short=-30, long=50), groups(100, short=0, long=20)),
        (groups(100, short=50, long=-30), groups(100, short=20, long=0)),
        (groups(100, short=-30, temporary=50), groups(100, short=0, temporary=20)),
        (groups(100, short=-80, temporary=50), groups(70, temporary=0)),
        (groups(100, long=-80), groups(20)),
        (groups(20, long=-80, forestry=100), groups(0, forestry=40)),
        # Losses on both sides.
        (groups(-50, short=-20, temporary=100), groups(0, temporary=30)),
        (groups(-50, short=-20, long=-10, forestry=200), groups(0, forestry=120)),
        (groups(-50, long=-10), groups(0)),
    ],
)
def test_losses_go_against_incomes_in_the_order_of_the_law(given_groups: Groups, expected: Groups) -> None:
    assert set_off(given_groups) == expected


@settings(max_examples=150, deadline=None)
@given(GROUPS)
def test_what_is_left_is_the_sum_or_nothing(given_groups: Groups) -> None:
    """Every loss can reach every income, so that nothing but the sum remains, and never less than zero."""
    left = set_off(given_groups)
    assert min(left) >= 0
    assert sum(left) == max(0, sum(given_groups))


@settings(max_examples=100, deadline=None)
@given(GROUPS)
def test_setting_off_twice_changes_nothing(given_groups: Groups) -> None:
    once = set_off(given_groups)
    assert set_off(once) == once


@settings(max_examples=100, deadline=None)
@given(GROUPS)
def test_no_income_grows_by_setting_off(given_groups: Groups) -> None:
    left = set_off(given_groups)
    assert all(after <= max(0, before) for before, after in zip(given_groups, left, strict=True))


def carried(
    comprehensive: int = 0,
    *,
    separate: Separate | None = None,
    forestry: int = 0,
    losses: CarriedLosses | None = None,
) -> Remaining:
    return carry(
        comprehensive,
        separate=separate or Separate(),
        forestry=forestry,
        losses=losses or CarriedLosses(),
    )


@pytest.mark.parametrize(
    ("net", "comprehensive", "forestry"),
    [(0, 500, 300), (1, 499, 300), (500, 0, 300), (501, 0, 299), (800, 0, 0), (900, 0, 0)],
)
def test_a_net_loss_goes_against_total_income_then_forestry(
    net: int, comprehensive: int, forestry: int
) -> None:
    left = carried(500, forestry=300, losses=CarriedLosses(net=net))
    assert (left.comprehensive, left.forestry) == (comprehensive, forestry)


def test_a_net_loss_does_not_touch_land_shares_or_futures() -> None:
    apart = Separate(land_short=10, land_long=20, stock_unlisted=30, stock_listed=40, futures=50)
    left = carried(0, separate=apart, losses=CarriedLosses(net=1_000))
    assert left == Remaining(0, 0, 10, 20, 70, 50)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (0, (500, 300, 200, 100)),
        (99, (500, 300, 200, 1)),
        (150, (500, 300, 150, 0)),
        (250, (500, 300, 50, 0)),
        (400, (400, 300, 0, 0)),
        (900, (0, 200, 0, 0)),
        (5_000, (0, 0, 0, 0)),
    ],
)
def test_a_loss_on_a_home_goes_against_land_first(home: int, expected: tuple[int, int, int, int]) -> None:
    left = carried(
        500,
        separate=Separate(land_short=200, land_long=100),
        forestry=300,
        losses=CarriedLosses(home=home),
    )
    assert (left.comprehensive, left.forestry, left.land_short, left.land_long) == expected


@pytest.mark.parametrize(("stock", "left_of_listed"), [(0, 700), (300, 400), (700, 0), (701, 0), (9_999, 0)])
def test_a_loss_of_listed_shares_goes_against_their_gains_and_dividends_alone(
    stock: int, left_of_listed: int
) -> None:
    apart = Separate(stock_unlisted=1_000, stock_listed=300, dividend_listed=400, futures=50)
    left = carried(600, separate=apart, losses=CarriedLosses(stock=stock))
    assert left.stocks == 1_000 + left_of_listed
    assert left.comprehensive == 600
    assert left.futures == 50


@pytest.mark.parametrize(("futures", "left_of_it"), [(0, 80), (79, 1), (80, 0), (81, 0)])
def test_a_loss_of_futures_goes_against_futures_alone(futures: int, left_of_it: int) -> None:
    left = carried(600, separate=Separate(stock_listed=70, futures=80), losses=CarriedLosses(futures=futures))
    assert (left.comprehensive, left.stocks, left.futures) == (600, 70, left_of_it)


@pytest.mark.parametrize(
    ("gain", "deduction", "counted"), [(100, 0, 100), (100, 99, 1), (100, 100, 0), (100, 101, 0), (0, 50, 0)]
)
def test_land_counts_after_its_special_deduction(gain: int, deduction: int, counted: int) -> None:
    short = carried(separate=Separate(land_short=gain, land_short_deduction=deduction))
    long = carried(separate=Separate(land_long=gain, land_long_deduction=deduction))
    assert (short.land_short, short.total) == (counted, counted)
    assert (long.land_long, long.total) == (counted, counted)


@settings(max_examples=100, deadline=None)
@given(st.tuples(POSITIVE, POSITIVE, POSITIVE), st.tuples(POSITIVE, POSITIVE, POSITIVE))
def test_losses_of_earlier_years_never_leave_less_than_nothing(
    incomes: tuple[int, int, int], lost: tuple[int, int, int]
) -> None:
    comprehensive, land, stock = incomes
    net, home, stock_loss = lost
    apart = Separate(land_long=land, stock_listed=stock)
    losses = CarriedLosses(net=net, home=home, stock=stock_loss)
    left = carried(comprehensive, separate=apart, losses=losses)
    without = carried(comprehensive, separate=apart)
    assert min(left) >= 0
    assert left.total <= without.total
    assert without.total - left.total <= sum(losses)
