"""The reductions for low income: published amounts, both sides of each threshold of each year, who is counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kyufu.law.kokuho.premium import assess
from kyufu.law.kokuho.premium.assessment import assess_under
from tests.law.kokuho.premiums import (
    assessed,
    household,
    member,
    part,
    premium_of,
    read_cases,
    rules,
    step,
)

PER_PERSON = read_cases("premium_per_person.toml", kind="table")
# Of one person in 令和7年度 and 令和8年度: what is judged for each reduction.
JUDGED = {7: 430_000, 5: 735_000, 2: 990_000, 0: 1_500_000}
THREE = {"medical": ["0%", 20_000, 10_000], "support": ["0%", 0, 0], "care": ["0%", 0, 0]}
FOUR = {**THREE, "child": ["0%", 0, 0]}


@pytest.mark.parametrize("table", PER_PERSON, ids=[table["name"] for table in PER_PERSON])
def test_published_amounts_per_person_are_met(table: dict[str, Any], tmp_path: Path) -> None:
    known = rules(
        table["year"], rounding=table.get("rounding", "part_100"), folder=tmp_path, **table["rates"]
    )
    for tenths, *expected in table["rows"]:
        facts = household(table["year"], {"age": table["age"], "total": 0, "judged": JUDGED[tenths]})
        premium = assessed(facts, rules=known)
        assert premium.reduction_tenths == tenths
        shown = [
            part(premium, name).reduction if table["kind"] == "reduction" else part(premium, name).amount
            for name in ("medical", "support", "care")
        ]
        assert shown == expected, tenths


@pytest.mark.parametrize(
    ("year", "five", "two"),
    [
        (2022, 285_000, 520_000),
        (2023, 290_000, 535_000),
        (2024, 295_000, 545_000),
        (2025, 305_000, 560_000),
        (2026, 310_000, 570_000),
    ],
)
def test_both_sides_of_each_limit_of_each_year(year: int, five: int, two: int, tmp_path: Path) -> None:
    known = rules(year, folder=tmp_path, **(FOUR if year >= 2026 else THREE))
    for persons in (1, 3):
        limits = {7: 430_000, 5: 430_000 + five * persons, 2: 430_000 + two * persons}
        for tenths, limit in limits.items():
            below = {7: 5, 5: 2, 2: 0}[tenths]
            for judged, expected in ((limit, tenths), (limit + 1, below)):
                facts = household(year, {"total": judged}, *[{}] * (persons - 1))
                assert assessed(facts, rules=known).reduction_tenths == expected, (persons, judged)


@pytest.mark.parametrize(("earners", "limit"), [(0, 430_000), (1, 430_000), (2, 530_000), (3, 630_000)])
def test_each_earner_after_the_first_raises_the_limits(earners: int, limit: int, tmp_path: Path) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    for judged, expected in ((limit, 7), (limit + 1, 5)):
        persons = [{"total": judged if n == 0 else 0, "earner": n < earners} for n in range(3)]
        answer = assess_under(household(2025, *persons), rules=known)
        assert premium_of(answer).reduction_tenths == expected
        assert step(answer, "reduction.limit_seven") == limit


def test_the_published_limits_of_toyokawa_for_two_earners(tmp_path: Path) -> None:
    """EX-009 豊川市 令和3年度, whose figures are those of 令和4年度: 1,050,000 ≦ 430,000+285,000×2+100,000."""
    known = rules(2022, folder=tmp_path, **THREE)
    facts = household(
        2022,
        {"age": 45, "total": 550_000, "earner": True},
        {"age": 38, "total": 500_000, "earner": True},
    )
    answer = assess_under(facts, rules=known)
    assert (premium_of(answer).reduction_tenths, step(answer, "reduction.limit_five")) == (5, 1_100_000)
    assert [each.income.base_income for each in facts.members] == [120_000, 70_000]


def test_the_income_of_a_head_insured_elsewhere_counts_and_the_head_does_not(tmp_path: Path) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    answer = assess_under(household(2025, {}, companions=[{"head": True, "total": 735_001}]), rules=known)
    assert premium_of(answer).reduction_tenths == 2
    assert step(answer, "reduction.persons") == 1
    assert part(premium_of(answer), "medical").per_person == 20_000


def test_who_moved_to_the_elderly_insurance_counts_with_income_and_as_a_person(tmp_path: Path) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    moved = {"moved": date(2024, 7, 1), "total": 1_040_000}
    for more, tenths in ((0, 5), (1, 2)):
        companions = [{**moved, "total": moved["total"] + more}]  # type: ignore[operator]
        answer = assess_under(household(2025, {"age": 70}, companions=companions), rules=known)
        assert premium_of(answer).reduction_tenths == tenths
        assert step(answer, "reduction.persons") == 2


def test_who_moves_on_within_the_year_is_counted_once(tmp_path: Path) -> None:
    """A head who turns 75 in July was insured on 1 April: counted as a member, not again as one who moved on."""
    known = rules(2025, folder=tmp_path, **THREE)
    head = member("head", year=2025, born=date(1950, 7, 10), total=400_000, until=date(2025, 7, 10))
    alone = household(
        2025, {"age": 70}, companions=[{"head": True, "moved": date(2025, 7, 10), "total": 400_000}]
    )
    facts = alone._replace(
        members=(head, *alone.members), companions=(alone.companions[0]._replace(ref="head"),)
    )
    assert facts.fault() is None
    answer = assess_under(facts, rules=known)
    assert (step(answer, "reduction.income"), step(answer, "reduction.persons")) == (400_000, 2)
    assert step(answer, "household.special_months") == 9


@pytest.mark.requirement("ATG-058")
def test_it_is_judged_as_of_the_first_day_of_being_insured(tmp_path: Path) -> None:
    """Who is born or joins later does not count; a household that begins within the year is judged as it begins."""
    known = rules(2025, folder=tmp_path, **THREE)
    later = household(2025, {"total": 800_000}, {"born": date(2025, 6, 5)})
    assert step(assess_under(later, rules=known), "reduction.persons") == 1
    both = household(
        2025,
        {"total": 800_000, "since": date(2025, 6, 5)},
        {"age": 20, "since": date(2025, 6, 5)},
        {"age": 20, "since": date(2025, 6, 6)},
    )
    answer = assess_under(both, rules=known)
    assert (step(answer, "reduction.persons"), premium_of(answer).reduction_tenths) == (2, 5)
    gone = household(2025, {"total": 0}, {"total": 5_000_000, "until": date(2025, 4, 1)})
    assert premium_of(assess_under(gone, rules=known)).reduction_tenths == 7


@pytest.mark.parametrize(("born", "counted"), [(date(1950, 4, 1), 1), (date(1950, 4, 2), 2)])
def test_who_is_75_does_not_count_as_a_member_even_where_the_period_was_not_ended(
    born: date, counted: int, tmp_path: Path
) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    answer = assess_under(household(2025, {"total": 0}, {"born": born, "total": 0}), rules=known)
    assert step(answer, "reduction.persons") == counted


def test_undeclared_income_is_not_reduced_and_not_zero(tmp_path: Path) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    answer = assess_under(household(2025, {"total": 0, "declared": "no"}), rules=known)
    assert premium_of(answer).reduction_tenths == 0
    assert [reason.code for reason in answer.reasons] == ["premium", "reduction.undeclared"]
    unknown = assess_under(household(2025, {"total": None, "declared": "no"}), rules=known)
    assert not unknown.decided
    assert [reason.code for reason in unknown.reasons] == ["income.base_unknown"]
    elsewhere = household(2025, {}, companions=[{"head": True, "total": None, "declared": "no"}])
    assert premium_of(assess_under(elsewhere, rules=known)).reduction_tenths == 0


@pytest.mark.parametrize("declared", ["yes", "unknown"])
def test_an_unknown_income_of_a_companion_leaves_it_undecided(declared: str, tmp_path: Path) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    total = None if declared == "yes" else 0
    facts = household(2025, {}, companions=[{"head": True, "total": total, "declared": declared}])
    answer = assess_under(facts, rules=known)
    assert not answer.decided
    assert answer.reasons[0].code == "income.reduction_unknown"
    assert "c1" in answer.reasons[0].text


def test_the_income_of_another_year_is_refused(tmp_path: Path) -> None:
    known = rules(2025, folder=tmp_path, **THREE)
    facts = household(2025, {})
    wrong = facts.members[0]._replace(income=facts.members[0].income._replace(income_year=2023))
    answer = assess_under(facts._replace(members=(wrong,)), rules=known)
    assert (answer.decided, answer.reasons[0].code) == (False, "income.wrong_year")
    with_head = household(2025, {}, companions=[{"head": True}])
    head = with_head.companions[0]
    head = head._replace(income=head.income._replace(income_year=2025))
    answer = assess_under(with_head._replace(companions=(head,)), rules=known)
    assert (answer.decided, answer.reasons[0].code) == (False, "income.wrong_year")


def test_a_year_without_rates_is_not_guessed() -> None:
    answer = assess(household(2024, {}), municipality="atsugi")
    assert (answer.decided, answer.reasons[0].code) == (False, "rates.missing")
    assert "令和6年度" in answer.reasons[0].text
