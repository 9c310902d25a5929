"""The parts of the benefits: sharing, ceilings, age groups, shares of cost, gathering of claims."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, month_of, months_later
from kyufu.law.kokuho.benefits.ceilings import (
    counts_several,
    monthly_ceiling,
    outpatient_ceiling,
)
from kyufu.law.kokuho.benefits.claims import Claim, Department, Item, Setting, SpecifiedDisease, gather
from kyufu.law.kokuho.benefits.household import (
    AgeGroup,
    age_group,
    has_half_ceiling,
    income_year_for,
    share_tenths,
    turns_75_on,
)
from kyufu.law.kokuho.benefits.parameters import Limit, limit_on, rules_on
from kyufu.law.kokuho.benefits.sharing import share
from kyufu.law.kokuho.benefits.timebar import day_after_months, starts_high_cost

RULES = rules_on(date(2025, 9, 1))
FEW = settings(max_examples=30, deadline=None)
NAMES = st.text(min_size=1, max_size=3)


def limit(code: str, *, table: str = "under_70", on: date = date(2025, 9, 1)) -> Limit:
    found = limit_on(on, table=table, code=code)
    assert found is not None
    return found


# ---- sharing


@FEW
@given(
    st.integers(0, 10**9),
    st.dictionaries(NAMES, st.integers(0, 10**7), min_size=1).filter(lambda d: any(d.values())),
)
def test_shares_come_to_the_total_and_lie_within_a_yen_of_the_proportion(
    total: int, among: dict[str, int]
) -> None:
    shares = share(total, among=among)
    assert sum(shares.values()) == total
    whole = sum(among.values())
    for name, weight in among.items():
        assert abs(shares[name] * whole - total * weight) < whole
        if not weight:
            assert shares[name] == 0


@FEW
@given(st.integers(0, 10**6), st.dictionaries(NAMES, st.integers(1, 10**5), min_size=2), st.randoms())
def test_the_order_of_the_names_decides_nothing(total: int, among: dict[str, int], chance: object) -> None:
    turned = dict(sorted(among.items(), reverse=True))
    assert share(total, among=turned) == share(total, among=among)


@FEW
@given(st.dictionaries(NAMES, st.integers(0, 10**5), min_size=1))
def test_sharing_at_most_the_weights_gives_no_one_more_than_their_weight(among: dict[str, int]) -> None:
    for total in (0, sum(among.values()) // 2, sum(among.values())):
        shares = share(total, among=among)
        assert all(shares[name] <= among[name] for name in among)


def test_equal_fractions_go_by_name() -> None:
    assert share(100, among={"b": 1, "a": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert share(2, among={"c": 1, "b": 1, "a": 1}) == {"a": 1, "b": 1, "c": 0}


def test_nothing_can_be_shared_by_no_weight_but_nothing() -> None:
    assert share(0, among={"a": 0}) == {"a": 0}
    assert share(0, among={}) == {}
    with pytest.raises(ValueError, match="weights"):
        share(1, among={"a": 0, "b": 0})


def test_pairs_are_shared_as_names_are() -> None:
    assert share(3, among={("a", "x"): 1, ("a", "y"): 2}) == {("a", "x"): 1, ("a", "y"): 2}


# ---- ceilings


@FEW
@given(st.sampled_from("aiueo"), st.integers(0, 10**8), st.integers(0, 10**6))
def test_a_ceiling_never_falls_with_the_cost_and_rises_by_1_percent(code: str, cost: int, more: int) -> None:
    def amount(of: int) -> int:
        return monthly_ceiling(limit(code), cost=of, is_several=False, is_half=False, rules=RULES).amount

    assert amount(cost) <= amount(cost + more) <= amount(cost) + more // 100 + 1
    assert amount(cost) >= limit(code).base


@pytest.mark.parametrize(
    ("excess", "added"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (151, 2), (10_000, 100)]
)
def test_one_percent_is_rounded_to_the_nearest_yen(excess: int, added: int) -> None:
    found = monthly_ceiling(limit("u"), cost=267_000 + excess, is_several=False, is_half=False, rules=RULES)
    assert found.amount == 80_100 + added


def test_several_and_half_are_told_with_the_ceiling() -> None:
    several = monthly_ceiling(limit("u"), cost=10**6, is_several=True, is_half=True, rules=RULES)
    assert several == (22_200, True, True)
    half = monthly_ceiling(limit("u"), cost=10**6, is_several=False, is_half=True, rules=RULES)
    assert half == (40_050 + (1_000_000 - 133_500) // 100, False, True)


def test_a_class_without_a_several_times_amount_keeps_its_ceiling() -> None:
    low = limit("low_1", table="from_70")
    found = monthly_ceiling(low, cost=10**6, is_several=True, is_half=False, rules=RULES)
    assert found == (15_000, False, False)


@pytest.mark.parametrize(
    ("code", "whole", "half"),
    [("general", 18_000, 9_000), ("low_2", 8_000, 4_000), ("low_1", 8_000, 4_000), ("active_1", None, None)],
)
def test_the_outpatient_ceiling_of_a_person(code: str, whole: int | None, half: int | None) -> None:
    row = limit(code, table="from_70")
    assert outpatient_ceiling(row, is_half=False, rules=RULES) == whole
    assert outpatient_ceiling(row, is_half=True, rules=RULES) == half


@pytest.mark.parametrize(
    ("earlier", "count"),
    [
        ([], 0),
        ([(2024, 9)], 0),
        ([(2024, 10)], 1),
        ([(2025, 8), (2025, 8)], 1),
        ([(2025, 9)], 0),
        ([(2025, 10)], 0),
        ([(2024, 10), (2025, 1), (2025, 8)], 3),
    ],
)
def test_months_that_count_for_several_times(earlier: list[tuple[int, int]], count: int) -> None:
    months = [YearMonth(*each) for each in earlier]
    assert counts_several(months, month=YearMonth(2025, 9), rules=RULES) == count


# ---- ages


BIRTHS = st.dates(date(1935, 1, 1), date(1965, 12, 31))


@FEW
@given(BIRTHS)
def test_a_person_is_under_70_then_from_70_for_about_five_years_then_gone(birth: date) -> None:
    first = YearMonth(birth.year + 69, 12)
    groups = [age_group(birth, month=months_later(first, months=each), rules=RULES) for each in range(90)]
    assert groups == sorted(groups, key=list(AgeGroup).index)
    assert groups.count(AgeGroup.FROM_70) in (60, 61)


@FEW
@given(BIRTHS)
def test_the_half_month_is_the_last_one_and_there_is_none_for_those_born_on_the_1st(birth: date) -> None:
    day = turns_75_on(birth, rules=RULES)
    month = month_of(day)
    has_half = has_half_ceiling(birth, month=month, rules=RULES)
    assert has_half == (day.day != 1)
    assert (age_group(birth, month=month, rules=RULES) is AgeGroup.LATE_ELDERLY) == (day.day == 1)
    for other in (-1, 1):
        assert not has_half_ceiling(birth, month=months_later(month, months=other), rules=RULES)


@pytest.mark.parametrize(
    ("birth", "day"),
    [
        (date(1950, 5, 10), date(2025, 5, 10)),
        (date(1950, 5, 1), date(2025, 5, 1)),
        (date(1952, 2, 29), date(2027, 3, 1)),
        (date(1949, 3, 1), date(2024, 3, 1)),
    ],
)
def test_the_birthday_on_which_75_is_reached(birth: date, day: date) -> None:
    assert turns_75_on(birth, rules=RULES) == day


@pytest.mark.parametrize(
    ("birth", "month", "is_active", "tenths"),
    [
        (date(2019, 4, 2), YearMonth(2026, 3), False, 2),
        (date(2019, 4, 2), YearMonth(2026, 4), False, 3),
        (date(2019, 4, 1), YearMonth(2025, 4), False, 3),
        (date(1990, 1, 1), YearMonth(2025, 4), True, 3),
        (date(1953, 1, 1), YearMonth(2025, 4), False, 2),
        (date(1953, 1, 1), YearMonth(2025, 4), True, 3),
        (date(1944, 4, 1), YearMonth(2018, 8), False, 1),
        (date(1944, 4, 2), YearMonth(2018, 8), False, 2),
        (date(1944, 4, 1), YearMonth(2018, 8), True, 3),
    ],
)
def test_the_share_of_cost(birth: date, month: YearMonth, is_active: bool, tenths: int) -> None:
    assert share_tenths(birth, month=month, is_active=is_active, rules=RULES) == tenths


@pytest.mark.parametrize(
    ("month", "year"),
    [((2025, 1), 2023), ((2025, 7), 2023), ((2025, 8), 2024), ((2025, 12), 2024), ((2026, 1), 2024)],
)
def test_the_year_of_income(month: tuple[int, int], year: int) -> None:
    assert income_year_for(YearMonth(*month), rules=RULES) == year


# ---- claims


def item(**changes: object) -> Item:
    base = Item("夫", "A", Setting.OUTPATIENT, Department.MEDICAL, 100_000, 30_000, 30_000, 30_000, False)
    return base._replace(**changes)  # type: ignore[arg-type]


def test_claims_of_one_person_at_one_place_are_one_item() -> None:
    claims = (
        Claim("夫", "A", Setting.OUTPATIENT, 40_000),
        Claim("夫", "A", Setting.OUTPATIENT, 60_000),
    )
    assert gather(claims, tenths={"夫": 3}) == (item(),)


@pytest.mark.parametrize(
    "other",
    [
        Claim("妻", "A", Setting.OUTPATIENT, 60_000),
        Claim("夫", "B", Setting.OUTPATIENT, 60_000),
        Claim("夫", "A", Setting.INPATIENT, 60_000),
        Claim("夫", "A", Setting.OUTPATIENT, 60_000, department=Department.DENTAL),
        Claim("夫", "A", Setting.OUTPATIENT, 60_000, specified_disease=SpecifiedDisease.OTHER),
    ],
)
def test_another_person_place_setting_or_department_is_another_item(other: Claim) -> None:
    first = Claim("夫", "A", Setting.OUTPATIENT, 40_000)
    assert len(gather((first, other), tenths={"夫": 3, "妻": 3})) == 2


def test_less_than_a_yen_of_the_sum_is_dropped() -> None:
    claims = (Claim("夫", "A", Setting.OUTPATIENT, 33), Claim("夫", "A", Setting.OUTPATIENT, 33))
    assert gather(claims, tenths={"夫": 3})[0].burden == 19


def test_what_was_paid_is_taken_where_it_is_known() -> None:
    claims = (
        Claim("夫", "A", Setting.OUTPATIENT, 40_000, paid=8_000),
        Claim("夫", "A", Setting.OUTPATIENT, 60_000),
    )
    assert gather(claims, tenths={"夫": 3}) == (item(paid=26_000),)


def test_the_part_shared_with_a_public_scheme_is_an_item_of_its_own() -> None:
    claim = Claim("夫", "A", Setting.OUTPATIENT, 100_000, public_cost=200_000, public_paid=2_500)
    own, public = gather((claim,), tenths={"夫": 3})
    assert own == item()
    assert public == item(cost=200_000, burden=2_500, tested=60_000, paid=2_500, is_public=True)


def test_a_claim_of_nothing_is_no_item() -> None:
    assert gather((Claim("夫", "A", Setting.OUTPATIENT, 0),), tenths={"夫": 3}) == ()


# ---- days


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 1, 15), 6, date(2025, 7, 15)),
        (date(2025, 8, 31), 6, date(2026, 3, 1)),
        (date(2024, 2, 29), 24, date(2026, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 3, 1)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
    ],
)
def test_the_corresponding_day_of_a_later_month(day: date, months: int, later: date) -> None:
    assert day_after_months(day, months=months) == later


@FEW
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(1, 48))
def test_a_later_day_has_a_later_or_the_same_corresponding_day(day: date, months: int) -> None:
    found = day_after_months(day, months=months)
    assert found <= day_after_months(day + timedelta(days=1), months=months)
    assert months_later(month_of(day), months=months) in (
        month_of(found),
        month_of(found - timedelta(days=1)),
    )


@pytest.mark.parametrize(
    ("paid_on", "starts"),
    [
        (None, date(2025, 5, 1)),
        (date(2025, 4, 30), date(2025, 5, 1)),
        (date(2025, 5, 1), date(2025, 5, 2)),
        (date(2025, 9, 9), date(2025, 9, 10)),
    ],
)
def test_from_when_the_time_of_a_high_cost_benefit_runs(paid_on: date | None, starts: date) -> None:
    assert starts_high_cost(YearMonth(2025, 4), paid_on=paid_on) == starts
