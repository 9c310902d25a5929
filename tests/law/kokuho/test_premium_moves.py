"""What happens within a year: moves between towns, births, deaths, marriages, heads who change, late notices."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kyufu.law.calendar.months import YearMonth
from kyufu.law.kokuho.premium import Premium, assess
from kyufu.law.kokuho.premium.correction import Correction, CorrectionFacts, judge_correction
from kyufu.law.kokuho.premium.instalments import InstalmentFacts, InstalmentPlan, judge_instalments
from tests.law.kokuho.premiums import amounts, household, part, premium_of, steps

YEAR = 2025


def premium(town: str, *members: dict[str, Any], year: int = YEAR, **more: Any) -> Premium:
    return premium_of(assess(household(year, *members, **more), municipality=town))


def plan_of(facts: InstalmentFacts) -> InstalmentPlan:
    value = judge_instalments(facts, municipality="atsugi").value
    assert isinstance(value, InstalmentPlan)
    return value


@pytest.mark.parametrize("day", [date(2025, 4, 20), date(2025, 9, 1), date(2025, 9, 30), date(2026, 3, 31)])
def test_who_moves_owes_every_month_once_in_one_of_two_towns(day: date) -> None:
    """The month of moving is owed where the person is insured at its end."""
    person = {"age": 45, "total": 2_020_000, "earner": True}
    old, new = premium("atsugi", {**person, "until": day}), premium("sagamihara", {**person, "since": day})
    whole = premium("atsugi", person), premium("sagamihara", person)
    assert old.months + new.months == 12
    assert old.months == (day.month - 4) % 12
    for found, year in ((old, whole[0]), (new, whole[1])):
        for share, full in zip(found.parts, year.parts, strict=True):
            assert 0 <= full.income * found.months / 12 - share.income < 1
            assert 0 <= full.per_person * found.months / 12 - share.per_person < 1


def test_the_ceilings_of_two_towns_make_one_years_ceiling() -> None:
    """Each town's ceiling is of its months, so that moving neither raises nor lowers what is owed at most."""
    person = {"age": 50, "total": 40_000_000}
    day = date(2025, 8, 1)
    old, new = premium("atsugi", {**person, "until": day}), premium("sagamihara", {**person, "since": day})
    assert [a + b for a, b in zip(amounts(old).values(), amounts(new).values(), strict=True)] == [
        660_000,
        259_900,
        169_900,
    ]


def test_who_joins_a_household_adds_own_items_and_no_second_household_item() -> None:
    alone = premium("atsugi", {"age": 45, "total": 3_000_000})
    joined = premium(
        "atsugi", {"age": 45, "total": 3_000_000}, {"age": 30, "total": 1_430_000, "since": date(2025, 10, 1)}
    )
    medical, before = part(joined, "medical"), part(alone, "medical")
    assert medical.income - before.income == 1_000_000 * 6_240 // 100_000 // 2
    assert medical.per_person - before.per_person == 25_744 // 2
    assert medical.per_household == before.per_household == 23_575


def test_a_child_born_in_the_year_owes_half_from_the_month_of_birth() -> None:
    parents = [{"age": 33, "total": 3_000_000}, {"age": 31}]
    born = {"born": date(2025, 12, 24)}
    before, after = premium("atsugi", *parents), premium("atsugi", *parents, born)
    medical = part(after, "medical")
    assert medical.per_person - part(before, "medical").per_person == 25_744 * 4 // 12
    assert medical.reduction == 25_744 * 4 // 24
    assert after.reduction_tenths == before.reduction_tenths == 0


def test_who_dies_owes_until_the_month_before() -> None:
    """Loss on the day after death; a death on the last of a month leaves that month owed."""
    person = {"age": 70, "total": 2_000_000}
    for lost, months in ((date(2025, 7, 2), 3), (date(2025, 7, 31), 3), (date(2025, 8, 1), 4)):
        assert premium("atsugi", {**person, "until": lost}).months == months


def test_two_heads_of_one_year_are_two_premiums_of_their_months() -> None:
    """The head changes on 1 November: the same member is assessed under each, and pays no more than for the year."""
    member = {"age": 45, "total": 2_020_000, "earner": True}
    first = premium("atsugi", {**member, "until": date(2025, 11, 1)})
    second = premium(
        "atsugi", {**member, "since": date(2025, 11, 1)}, companions=[{"head": True, "total": 5_000_000}]
    )
    year = premium("atsugi", member)
    assert (first.months, second.months) == (7, 5)
    assert 0 <= year.total - first.total - second.total <= 600


def test_a_new_head_with_income_ends_the_reduction_of_the_rest_of_the_year() -> None:
    poor = {"age": 45, "total": 0}
    first = premium("atsugi", {**poor, "until": date(2025, 11, 1)})
    second = premium(
        "atsugi", {**poor, "since": date(2025, 11, 1)}, companions=[{"head": True, "total": 5_000_000}]
    )
    assert (first.reduction_tenths, second.reduction_tenths) == (7, 0)


def test_one_who_turns_75_leaves_a_special_household_from_that_month_on() -> None:
    """He of 1950-09-15 leaves in September: the household item of his wife is halved from then on, for 7 months."""
    him = {"born": date(1950, 9, 15), "total": 3_000_000, "until": date(2025, 9, 15)}
    found = assess(
        household(
            YEAR,
            him,
            {"age": 70},
            companions=[{"head": True, "moved": date(2025, 9, 15), "total": 3_000_000}],
        ),
        municipality="atsugi",
    )
    medical = part(premium_of(found), "medical")
    assert medical.per_household == 23_575 * 5 // 12 + 23_575 * 7 // 24
    assert medical.per_person == 25_744 * 17 // 12
    assert steps(found)["household.special_months"].value == 7


def test_a_late_notice_is_levied_for_each_year_on_its_own() -> None:
    """Insured since January and notified in June: last year's three months at last year's rates, owed at once."""
    member = {"age": 45, "since": date(2025, 1, 10)}
    last = premium("konan_shiga", {**member, "total": 1_800_000}, year=2024)
    this = premium("konan_shiga", {**member, "total": 2_000_000}, year=2025)
    assert (last.months, this.months) == (3, 12)
    assert part(last, "medical").income == 1_370_000 * 6_400 // 100_000 * 3 // 12
    assert part(this, "medical").income == 1_570_000 * 6_740 // 100_000


def test_a_correction_in_winter_is_decided_and_collected() -> None:
    """A household of June that loses a member in December: less is owed, and the rest of the instalments shrink."""
    worker = {"age": 45, "total": 3_560_000, "earner": True}
    before = premium("atsugi", worker, {"age": 40})
    after = premium("atsugi", worker, {"age": 40, "until": date(2025, 12, 8)})
    assert before.total > after.total
    decided = judge_correction(
        CorrectionFacts(YEAR, before.total, after.total, date(2025, 6, 30), date(2026, 1, 15)),
        municipality="atsugi",
    ).value
    assert isinstance(decided, Correction)
    assert (decided.allowed, decided.difference) == (True, after.total - before.total)
    first = plan_of(InstalmentFacts(YEAR, before.total, YearMonth(2025, 6)))
    second = plan_of(InstalmentFacts(YEAR, after.total, YearMonth(2026, 1), levied=first.instalments))
    assert sum(each.amount for each in second.instalments) == after.total
    assert second.instalments[:7] == first.instalments[:7]
    assert all(
        new.amount < old.amount
        for new, old in zip(second.instalments[7:], first.instalments[7:], strict=True)
    )


def test_a_correction_of_income_below_what_was_paid_is_given_back() -> None:
    worker = {"age": 45, "earner": True}
    before, after = (
        premium("atsugi", {**worker, "total": 6_000_000}),
        premium("atsugi", {**worker, "total": 430_000}),
    )
    first = plan_of(InstalmentFacts(YEAR, before.total, YearMonth(2025, 6)))
    second = plan_of(InstalmentFacts(YEAR, after.total, YearMonth(2026, 3), levied=first.instalments))
    due = sum(each.amount for each in first.instalments[:9])
    assert second.refund == due - after.total
    assert second.instalments[-1].amount == 0


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_months_of_one_birth_are_exempt_in_the_years_they_lie_in(year: int) -> None:
    """Expected in March 2025: February and March are of 令和6年度, April and May of 令和7年度."""
    mother = {"age": 30, "total": 1_500_000, "birth": (2025, 3)}
    found = assess(household(year, mother), municipality="konan_shiga")
    assert steps(found)["member1.maternity_months"].value == 2
    rates = {2024: (6_400 + 2_200, 26_200 + 8_900), 2025: (6_740 + 2_440, 27_900 + 9_900)}[year]
    expected = (1_070_000 * rates[0] // 100_000 + rates[1]) * 2 // 12
    assert premium_of(found).maternity_exempted == pytest.approx(expected, abs=1)


def test_the_loss_of_work_is_eased_in_two_years() -> None:
    """Left on 31 December 2024: from January 2025 until March 2026."""
    worker = {"age": 50, "total": 3_000_000, "eased": 900_000, "left_on": date(2024, 12, 31), "earner": True}
    first = assess(household(2024, worker), municipality="konan_shiga")
    second = assess(household(2025, worker), municipality="konan_shiga")
    assert [steps(each)["member1.relieved_months"].value for each in (first, second)] == [3, 12]
    assert part(premium_of(first), "medical").income == (2_570_000 * 9 + 470_000 * 3) * 6_400 // 100_000 // 12
    assert part(premium_of(second), "medical").income == 470_000 * 6_740 // 100_000


def test_each_year_has_its_own_limits_for_the_same_household() -> None:
    """成田市's household of 1,320,000 and three persons: 2割 in 令和6年度, 5割 in 令和7年度 (EX-001, EX-002)."""
    members = [{"age": 45, "total": 1_320_000, "earner": True}, {"age": 43}, {"age": 17}]
    found = [premium("konan_shiga", *members, year=year).reduction_tenths for year in (2024, 2025)]
    assert found == [2, 5]
