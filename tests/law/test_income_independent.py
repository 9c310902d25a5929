"""判定所得 and its limits, row by row from rules.md A4; judged through the whole judgement, not the single rules."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.child.facts import Deductions, Dependants, Guardian, Incomes
from tests.law.independent import answer_to, child_of, earned, earner, figure, judged

# 5 May 2022: 4歳, judged on the income of 2020 (benefit year from 2021-08), where the city has its limit.
BORN, ON, YEAR = date(2018, 3, 3), date(2022, 5, 15), 2020
LIMITS = [5_320_000, 5_700_000, 6_080_000, 6_460_000, 6_840_000, 7_220_000]
ROWS = [
    (Dependants(total=persons, elderly=elderly, elderly_spouse=spouse), limit + 60_000 * (elderly + spouse))
    for persons, limit in enumerate([*LIMITS, 7_600_000, 7_980_000])
    for elderly in range(min(persons, 3) + 1)
    for spouse in (False, True)
]


def with_income(judged_income: int, *, dependants: Dependants) -> Guardian:
    """A guardian whose income less the uniform 80,000 is the given one."""
    return earner(judged_income + 80_000, dependants=dependants)


@pytest.mark.parametrize(("dependants", "limit"), ROWS)
def test_under_the_limit_is_strictly_less(dependants: Dependants, limit: int) -> None:
    for distance, outcome in ((-1, "eligible"), (0, "not_eligible"), (1, "not_eligible")):
        facts = child_of(with_income(limit + distance, dependants=dependants), born=BORN)
        decision = judged(facts, on=ON)
        assert decision.outcome.value == decision.findings[0].outcome.value == outcome
        assert figure(decision, name="judged_income") == limit + distance
        assert figure(decision, name="city_income_limit") == limit


@pytest.mark.parametrize(("dependants", "limit"), ROWS[::3])
def test_the_prefectures_limit_is_strict_as_well_when_the_city_has_none(
    dependants: Dependants, limit: int
) -> None:
    for distance, outcome in ((-1, "eligible"), (0, "not_eligible")):
        facts = child_of(with_income(limit + distance, dependants=dependants), born=BORN)
        decision = judged(facts, on=date(2024, 5, 15))
        assert (decision.outcome.value, decision.findings[0].outcome.value) == ("eligible", outcome)


# (incomes, deductions, judged income): 1,000,000 and more so that nothing falls below zero.
KINDS = [name for name in Incomes._fields if name not in ("salary", "public_pension")]
JUDGED = [
    *[(Incomes(**{kind: 1_000_000}), Deductions(), 920_000) for kind in KINDS],
    (Incomes(salary=1_000_000), Deductions(), 820_000),
    (Incomes(public_pension=1_000_000), Deductions(), 820_000),
    (Incomes(salary=1_000_000, public_pension=1_000_000), Deductions(), 1_820_000),
    (Incomes(salary=60_000, business=1_000_000), Deductions(), 920_000),
    (Incomes(salary=60_000, public_pension=30_000, business=1_000_000), Deductions(), 920_000),
    (Incomes(salary=60_000, public_pension=50_000, business=1_000_000), Deductions(), 930_000),
    (Incomes(salary=2_000_000, business=-500_000), Deductions(), 1_320_000),
    (Incomes(business=2_000_000), Deductions(casualty_loss=123_456), 1_796_544),
    (Incomes(business=2_000_000), Deductions(medical=54_321), 1_865_679),
    (Incomes(business=2_000_000), Deductions(small_enterprise_mutual_aid=276_000), 1_644_000),
    (Incomes(business=2_000_000), Deductions(disabled_persons=1), 1_650_000),
    (Incomes(business=2_000_000), Deductions(disabled_persons=3), 1_110_000),
    (Incomes(business=2_000_000), Deductions(specially_disabled_persons=1), 1_520_000),
    (Incomes(business=2_000_000), Deductions(specially_disabled_persons=2), 1_120_000),
    (Incomes(business=2_000_000), Deductions(widow=True), 1_650_000),
    (Incomes(business=2_000_000), Deductions(working_student=True), 1_650_000),
    (Incomes(business=2_000_000), Deductions(single_parent=True), 1_570_000),
    (
        Incomes(salary=4_000_000, retirement=1_000_000),
        Deductions(casualty_loss=1, medical=2, small_enterprise_mutual_aid=3, disabled_persons=1, widow=True),
        4_279_994,
    ),
]


@pytest.mark.parametrize(("incomes", "deductions", "expected"), JUDGED)
def test_the_judged_income(incomes: Incomes, deductions: Deductions, expected: int) -> None:
    guardian = Guardian("a", "mother", (earned(YEAR, incomes=incomes, deductions=deductions),))
    decision = judged(child_of(guardian, born=BORN), on=ON)
    assert figure(decision, name="judged_income") == expected
    taken = [step.value for step in decision.steps if step.quantity.name.endswith("_deduction")]
    assert figure(decision, name="total_income") == sum(incomes)
    assert sum(incomes) - sum(value for value in taken if isinstance(value, int)) == expected


def test_one_of_two_guardians_is_judged_and_never_the_sum() -> None:
    a, b = earner(5_399_999, ref="a"), earner(5_000_000, ref="b")
    for guardians in ((a, b), (b, a)):
        decision = judged(child_of(*guardians, born=BORN), on=ON)
        assert decision.outcome.value == "eligible"
        assert figure(decision, name="judged_guardian") == "a"
        assert figure(decision, name="judged_income") == 5_319_999


def test_the_higher_earner_excludes_whoever_is_named_first() -> None:
    a, b = earner(5_400_000, ref="a"), earner(0, ref="b", dependants=Dependants(total=4))
    assert answer_to(child_of(a, b, born=BORN), on=ON).codes == ("income_over",)
    assert answer_to(child_of(b, a, born=BORN), on=ON).codes == ("income_over",)


@pytest.mark.parametrize(
    ("on", "year"),
    [
        # the income year turns on 1 August: to July that of the year before the last, then that of the last year
        (date(2018, 7, 31), 2016),
        (date(2018, 8, 1), 2017),
        (date(2018, 12, 31), 2017),
        (date(2019, 1, 1), 2017),
        (date(2022, 7, 31), 2020),
        (date(2022, 8, 1), 2021),
        (date(2026, 7, 31), 2024),
        (date(2026, 8, 1), 2025),
        (date(2027, 7, 31), 2025),
    ],
)
def test_the_income_year(on: date, year: int) -> None:
    """Each year has an income of its own number, so that the trace shows which was taken."""
    rows = tuple(earned(each, incomes=Incomes(business=each)) for each in range(2013, 2028))
    born = date(on.year - 5, 3, 3)
    decision = judged(child_of(Guardian("a", "father", rows), born=born), on=on)
    assert figure(decision, name="total_income") == year
    assert figure(decision, name="tax_year") == year + 1
    assert figure(decision, name="income_year_start") == date(year, 1, 1)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(0, 9_000_000),
    st.integers(1, 3_000_000),
    st.sampled_from(Incomes._fields),
    st.dates(date(2017, 4, 1), date(2027, 12, 31)),
    st.dates(date(2004, 1, 1), date(2027, 1, 1)),
)
def test_more_income_never_turns_not_eligible_into_eligible(
    income: int, more: int, kind: str, on: date, born: date
) -> None:
    """One guardian, any kind of income, the same family: neither for the city nor for the prefecture."""

    def outcomes(amount: int) -> tuple[str, str]:
        rows = tuple(earned(year, incomes=Incomes(**{kind: amount})) for year in range(2014, 2028))
        decision = judged(child_of(Guardian("a", "other", rows), born=born), on=on)
        return decision.outcome.value, decision.findings[0].outcome.value

    for less_income, more_income in zip(outcomes(income), outcomes(income + more), strict=True):
        assert (less_income, more_income) != ("not_eligible", "eligible")
