"""Properties of premiums that hold for every household: monotone, capped, exact in months, nothing lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.months import YearMonth, months_of_fiscal_year
from kyufu.law.kokuho.premium import Household, municipalities, rules_of
from kyufu.law.kokuho.premium.assessment import assess_under
from kyufu.law.kokuho.premium.instalments import Instalment, InstalmentFacts, due_months, plan, split
from kyufu.law.kokuho.premium.rounding import ROUNDING_RULES
from kyufu.law.kokuho.premium.rules import YearRules
from kyufu.law.kokuho.reading import facts_from_json, to_json
from tests.law.kokuho.premiums import assessed, household, premium_of, rules

FEW = settings(max_examples=40, deadline=None)
YEARS = {
    name: year for name in municipalities() for year in range(2022, 2027) if rules_of(name, fiscal_year=year)
}
TOWNS = st.sampled_from(sorted(YEARS.items()))
INCOMES = st.integers(0, 15_000_000)
DAYS = st.dates(date(2020, 1, 1), date(2027, 3, 31))


@st.composite
def persons(draw: st.DrawFn) -> dict[str, object]:
    """A person in short form, of any age below 75, perhaps bearing, out of work or moving in."""
    since = draw(DAYS)
    given_facts: dict[str, object] = {
        "age": draw(st.integers(0, 74)),
        "total": draw(INCOMES),
        "earner": draw(st.booleans()),
        "asset_tax": draw(st.integers(0, 500_000)),
    }
    if draw(st.booleans()):
        given_facts["since"] = since
    if draw(st.integers(0, 5)) == 0:
        given_facts["birth"] = (draw(st.sampled_from((2025, 2026))), draw(st.integers(1, 12)))
    if draw(st.integers(0, 5)) == 0:
        given_facts.update(eased=min(draw(INCOMES), given_facts["total"]), left_on=draw(DAYS))
    return given_facts


def rules_for(town: tuple[str, int]) -> YearRules:
    found = rules_of(town[0], fiscal_year=town[1])
    assert found is not None
    return found


@FEW
@given(TOWNS, st.lists(persons(), min_size=1, max_size=4), st.data())
def test_more_income_never_lowers_the_premium_within_one_reduction(
    town: tuple[str, int], given_persons: list[dict[str, object]], data: st.DataObject
) -> None:
    for each in given_persons:
        each.pop("left_on", None), each.pop("eased", None)
    facts = household(town[1], *given_persons)
    at = data.draw(st.integers(0, len(given_persons) - 1))
    more = data.draw(st.integers(1, 5_000_000))
    raised = facts.members[at].income
    raised = raised._replace(base_income=(raised.base_income or 0) + more)
    members = tuple(each._replace(income=raised) if n == at else each for n, each in enumerate(facts.members))
    known = rules_for(town)
    before, after = (assessed(each, rules=known) for each in (facts, facts._replace(members=members)))
    assert before.reduction_tenths == after.reduction_tenths
    assert after.total >= before.total


@FEW
@given(TOWNS, st.lists(persons(), min_size=1, max_size=5))
def test_no_ceiling_is_passed_and_nothing_is_negative(
    town: tuple[str, int], given_persons: list[dict[str, object]]
) -> None:
    known = rules_for(town)
    premium = assessed(household(town[1], *given_persons), rules=known)
    for part, rates in zip(premium.parts, known.parts, strict=True):
        assert 0 <= part.amount <= rates.ceiling * part.months // 12
        assert min(part.income, part.asset, part.per_person, part.per_household, part.reduction) >= 0
        assert part.reduction <= part.per_person + part.per_household
        items = part.income + part.asset + part.per_person + part.per_household - part.reduction
        assert abs(items - part.over_ceiling - part.amount) <= 104
    slack = len(premium.parts) if known.rounding.total_unit else 0
    assert 0 <= premium.total - sum(part.amount for part in premium.parts) <= slack


@FEW
@given(st.lists(INCOMES, min_size=1, max_size=4), st.integers(0, 11), st.sampled_from(sorted(ROUNDING_RULES)))
def test_the_months_of_a_year_add_up_to_the_year(incomes: list[int], cut: int, rounding: str) -> None:
    """Insured until a month and insured from it: together the year, within the rounding rule of each part."""
    known = rules_for(("yokohama", 2026))._replace(rounding=ROUNDING_RULES[rounding])
    day = months_of_fiscal_year(2026)[cut].first_day
    whole = [{"age": 45, "total": each} for each in incomes]
    first, second = ([{**each, name: day} for each in whole] for name in ("until", "since"))
    year, before, after = (assessed(household(2026, *each), rules=known) for each in (whole, first, second))
    unit = max(known.rounding.part_unit, known.rounding.total_unit)
    assert before.months + after.months == 12
    if year.reduction_tenths == before.reduction_tenths == after.reduction_tenths:
        assert 0 <= year.total - before.total - after.total <= unit * len(year.parts)


@FEW
@given(st.lists(persons(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_members_and_unrelated_dates_change_nothing(
    given_persons: list[dict[str, object]], random: object
) -> None:
    facts = household(2026, *given_persons)
    turned = facts._replace(members=facts.members[::-1])
    known = rules_for(("yokohama", 2026))
    assert assessed(facts, rules=known) == assessed(turned, rules=known)


@FEW
@given(TOWNS, st.lists(persons(), min_size=1, max_size=3))
def test_facts_survive_their_json_and_hash_alike(
    town: tuple[str, int], given_persons: list[dict[str, object]]
) -> None:
    facts = household(town[1], *given_persons)
    again = facts_from_json(to_json(facts), into=Household)
    known = rules_for(town)
    first, second = assess_under(facts, rules=known), assess_under(again, rules=known)
    assert again == facts
    assert first == second
    assert premium_of(first).total >= 0


@given(
    st.integers(0, 2_000_000),
    st.integers(1, 12),
    st.sampled_from((1, 100, 1_000)),
    st.sampled_from(("first", "last")),
)
def test_no_yen_is_lost_in_instalments(total: int, into: int, unit: int, remainder: str) -> None:
    amounts = split(total, into=into, unit=unit, remainder=remainder)
    assert sum(amounts) == total
    assert len(amounts) == into
    alike = amounts[1:] if remainder == "first" else amounts[:-1]
    assert len(set(alike)) <= 1
    assert all(each % unit == 0 for each in alike)
    taker = amounts[0] if remainder == "first" else amounts[-1]
    assert all(taker >= each for each in alike)


@given(st.integers(0, 1_500_000), st.integers(0, 1_500_000), st.integers(4, 15))
def test_a_correction_leaves_what_was_due_and_collects_the_rest(before: int, after: int, month: int) -> None:
    known = rules_for(("atsugi", 2025)).municipal
    since = YearMonth(2025 + month // 13, (month - 1) % 12 + 1)
    levied = plan(InstalmentFacts(2025, before, YearMonth(2025, 6)), rules=known).instalments
    found = plan(InstalmentFacts(2025, after, since, levied=levied), rules=known)
    assert sum(each.amount for each in found.instalments) - found.refund == after
    assert found.instalments[: sum(each.due < since for each in levied)] == tuple(
        each for each in levied if each.due < since
    )
    assert found.refund == 0 or all(not each.amount for each in found.instalments if each.due >= since)


@pytest.mark.parametrize("town", sorted(YEARS.items()))
def test_the_due_months_of_every_municipality_are_in_order(town: tuple[str, int]) -> None:
    known = rules_for(town).municipal
    months = due_months(known, fiscal_year=town[1])
    assert list(months) == sorted(set(months))
    assert len(months) == known.instalments
    whole = plan(InstalmentFacts(town[1], 123_456, months[0]), rules=known).instalments
    assert [each.number for each in whole] == list(range(1, known.instalments + 1))
    assert isinstance(whole[0], Instalment)


def test_a_town_of_the_tests_is_a_town(tmp_path: Path) -> None:
    """The rates that tests write themselves go through the same reading as the files."""
    given_rates = {
        "medical": ["6.24%", 25_744, 23_575],
        "support": ["2.11%", 8_887, 8_138],
        "care": ["2.12%", 10_123, 6_899],
    }
    made = rules(2025, folder=tmp_path, **given_rates)  # type: ignore[arg-type]
    assert made.parts == rules_for(("atsugi", 2025)).parts
