"""Every premium against the oracle that computes month by month with fractions: random and picked households."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.kokuho.premium import Household, municipalities, rules_of
from kyufu.law.kokuho.premium.assessment import assess_under
from kyufu.law.kokuho.premium.rounding import ROUNDING_RULES
from kyufu.law.kokuho.premium.rules import YearRules
from tests.law.kokuho import oracle
from tests.law.kokuho.premiums import amounts, household, member, premium_of

SOME = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KNOWN = [
    made
    for name in municipalities()
    for year in range(2022, 2027)
    if (made := rules_of(name, fiscal_year=year))
]
RULES = st.sampled_from(KNOWN)
# Days near which something begins or ends: the ends of months, birthdays of April and the years before.
EDGES = st.sampled_from([-1, 0, 1])


@st.composite
def days(draw: st.DrawFn, *, since: date, until: date) -> date:
    """A day, often beside the first of a month."""
    day = draw(st.dates(since, until))
    return day if draw(st.booleans()) else day.replace(day=1) + timedelta(days=draw(EDGES))


@st.composite
def births(draw: st.DrawFn, *, year: int) -> date:
    """A birth date, often beside that of an age that decides something."""
    if draw(st.booleans()):
        return draw(st.dates(date(year - 76, 1, 1), date(year + 1, 3, 1)))
    age = draw(st.sampled_from((6, 18, 40, 65, 75)))
    return draw(days(since=date(year - age, 3, 1), until=date(year - age + 1, 4, 30)))


@st.composite
def spells(draw: st.DrawFn, *, year: int, born: date) -> list[list[date | None]]:
    """One or two periods of being insured, of which some lie beyond the year."""
    found: list[list[date | None]] = []
    for _ in range(draw(st.integers(1, 2))):
        start = max(draw(days(since=date(year - 2, 1, 1), until=date(year + 1, 4, 2))), born)
        end = draw(st.none() | days(since=date(year - 1, 6, 1), until=date(year + 1, 6, 1)))
        found.append([start, end if end is None or end > start else None])
    return found


@st.composite
def persons(draw: st.DrawFn, *, year: int) -> dict[str, Any]:
    """A person in short form with everything that can ease a premium."""
    born = draw(births(year=year))
    person: dict[str, Any] = {
        "born": born,
        "enrolled": draw(spells(year=year, born=born)),
        "total": draw(st.integers(0, 2_500_000) | st.integers(0, 20_000_000)),
        "earner": draw(st.booleans()),
        "declared": draw(st.sampled_from(("yes", "yes", "yes", "yes", "no"))),
        "asset_tax": draw(st.integers(0, 300_000)),
    }
    if draw(st.integers(0, 3)) == 0:
        person.update(birth=(draw(st.integers(year - 1, year + 1)), draw(st.integers(1, 12))))
        person.update(multiple=draw(st.booleans()))
    if draw(st.integers(0, 3)) == 0:
        left_on = draw(days(since=date(year - 3, 1, 1), until=date(year + 1, 4, 1)))
        person.update(left_on=left_on, eased=draw(st.integers(0, 2_000_000)))
    if draw(st.integers(0, 4)) == 0 and oracle.is_of_age(born, age=65, by=date(year - 2, 4, 1)):
        person.update(
            former_dependant_since=draw(days(since=date(year - 2, 4, 2), until=date(year + 1, 3, 1)))
        )
    if draw(st.integers(0, 5)) == 0:
        person.update(
            care_exempt=[(date(year, 5, 31), draw(days(since=date(year, 6, 2), until=date(year + 1, 3, 1))))]
        )
    return person


@st.composite
def households(draw: st.DrawFn, *, year: int) -> Household:
    """Up to four members and up to two companions."""
    members = draw(st.lists(persons(year=year), min_size=1, max_size=4))
    companions = []
    for number in range(draw(st.integers(0, 2))):
        moved = draw(st.none() | days(since=date(year - 9, 1, 1), until=date(year + 1, 3, 1)))
        companions.append(
            {
                "head": number == 0,
                "moved": moved or (None if number == 0 else date(year - 1, 4, 1)),
                "total": draw(st.integers(0, 3_000_000)),
            }
        )
    return household(year, *members, companions=companions)


def check(facts: Household, *, rules: YearRules) -> None:
    answer = assess_under(facts, rules=rules)
    total, parts = oracle.premium(facts, rules=rules)
    found = premium_of(answer)
    assert list(amounts(found).values()) == parts
    assert found.total == total


@SOME
@given(st.data(), RULES, st.sampled_from(sorted(ROUNDING_RULES)))
def test_any_household_of_any_town_and_year(data: st.DataObject, rules: YearRules, rounding: str) -> None:
    facts = data.draw(households(year=rules.fiscal_year))
    check(facts, rules=rules._replace(rounding=ROUNDING_RULES[rounding]))


def town(name: str, year: int) -> YearRules:
    found = rules_of(name, fiscal_year=year)
    assert found is not None
    return found


PICKED: dict[str, list[dict[str, Any]]] = {
    "a single of middle age": [{"age": 45, "total": 2_020_000, "earner": True}],
    "a couple with two children": [
        {"age": 41, "total": 4_360_000, "earner": True},
        {"age": 39, "total": 500_000, "earner": True},
        {"age": 9},
        {"age": 3},
    ],
    "poor, with children below 18 and above": [
        {"age": 44, "total": 430_000},
        {"age": 19},
        {"age": 16},
        {"age": 2},
    ],
    "above every ceiling": [{"age": 50, "total": 30_000_000}, {"age": 50, "total": 30_000_000}],
    "one who turns 40 and one who turns 65": [
        {"born": date(1986, 8, 1), "total": 3_000_000},
        {"born": date(1961, 11, 2), "total": 2_000_000},
    ],
    "one who turns 75 in autumn": [
        {"born": date(1951, 10, 1), "total": 1_900_000},
        {"age": 71, "total": 700_000},
    ],
    "a birth at the turn of the year": [
        {"age": 33, "total": 3_560_000, "earner": True},
        {"age": 31, "total": 1_200_000, "earner": True, "birth": (2027, 1), "multiple": True},
    ],
    "work lost in the middle": [
        {"age": 52, "total": 3_560_000, "eased": 1_068_000, "left_on": date(2026, 8, 31), "earner": True},
        {"age": 50},
    ],
    "two who lost work one after the other": [
        {"age": 52, "total": 3_000_000, "eased": 900_000, "left_on": date(2026, 5, 15), "earner": True},
        {"age": 50, "total": 2_000_000, "eased": 600_000, "left_on": date(2026, 11, 30), "earner": True},
    ],
    "joined in the year and left again": [
        {
            "age": 28,
            "total": 1_500_000,
            "enrolled": [[date(2026, 7, 20), date(2026, 9, 1)], [date(2026, 12, 31)]],
        }
    ],
    "former dependants alone": [
        {"age": 68, "total": 800_000, "former_dependant_since": date(2025, 2, 3)},
        {"age": 67, "former_dependant_since": date(2024, 8, 31)},
    ],
    "a former dependant with another": [
        {"age": 68, "total": 800_000, "former_dependant_since": date(2025, 2, 3)},
        {"age": 40, "total": 2_500_000},
    ],
    "one former dependant alone": [
        {"age": 69, "total": 2_500_000, "former_dependant_since": date(2025, 6, 30)}
    ],
    "somebody who did not declare": [{"age": 30, "total": 200_000, "declared": "no"}, {"age": 29}],
    "nobody for any month": [{"age": 30, "total": 900_000, "until": date(2026, 4, 20)}],
}
COMPANIONS: dict[str, list[dict[str, Any]]] = {
    "nobody": [],
    "a head insured elsewhere": [{"head": True, "total": 3_000_000}],
    "a head who moved on two years ago": [{"head": True, "moved": date(2024, 6, 30), "total": 900_000}],
    "one whose 60 months end in the year": [{"head": True, "moved": date(2021, 9, 2)}],
    "one whose 96 months end in the year": [{"head": True, "moved": date(2018, 12, 1)}],
    "one who moves on in the year": [{"head": True, "moved": date(2026, 10, 1), "total": 500_000}],
}


@pytest.mark.parametrize("members", PICKED.values(), ids=PICKED)
@pytest.mark.parametrize("companions", COMPANIONS.values(), ids=COMPANIONS)
def test_picked_households_with_picked_companions(
    members: list[dict[str, Any]], companions: list[dict[str, Any]]
) -> None:
    """By the rates of a town without an item for the household, and of one with it."""
    for name in ("yokohama", "chiba"):
        check(household(2026, *members, companions=companions), rules=town(name, 2026))


@pytest.mark.parametrize("rules", KNOWN, ids=lambda made: f"{made.municipality} {made.fiscal_year}")
def test_the_same_household_in_every_town_and_year(rules: YearRules) -> None:
    year = rules.fiscal_year
    members = [
        {"age": 45, "total": 2_345_678, "earner": True, "asset_tax": 54_321},
        {"age": 42, "total": 543_210, "earner": True, "asset_tax": 0, "since": date(year, 8, 15)},
        {"age": 5, "asset_tax": 0},
    ]
    check(household(year, *members), rules=rules)


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("day", [1, 2, 28])
def test_each_birthday_of_each_age_that_decides_something(month: int, day: int) -> None:
    rules = town("yokohama", 2026)
    for age in (6, 18, 40, 65, 75):
        for year in (2025, 2026, 2027):
            born = date(year - age, month, day)
            facts = household(
                2026, {"born": born, "total": 2_000_000, "since": max(born, date(2020, 1, 1))}, {"age": 30}
            )
            if born <= date(2026, 12, 31):
                check(facts, rules=rules)


def test_the_29th_of_february_in_and_out_of_leap_years() -> None:
    rules = town("yokohama", 2026)
    for year in (1952, 1960, 1964, 1984, 1988, 2008, 2020, 2024):
        facts = household(2026, {"born": date(year, 2, 29), "total": 2_000_000, "since": date(2024, 3, 1)})
        check(facts, rules=rules)


def test_the_oracle_knows_what_the_published_examples_say() -> None:
    """伊勢崎市 計算例1 and 鹿島市, so that the oracle itself is held against what was published."""
    isesaki = household(
        2023,
        {"age": 45, "total": 2_020_000, "earner": True},
        {"age": 43, "total": 500_000, "earner": True},
        {"age": 14},
    )
    assert oracle.premium(isesaki, rules=town("isesaki", 2023)) == (356_500, [213_000, 80_600, 62_900])
    kashima = household(
        2023,
        {"age": 48, "total": 1_800_000},
        {"age": 45, "total": 450_000, "earner": True},
        {"age": 69, "total": 900_000, "earner": True},
        {"age": 12},
    )
    assert oracle.premium(kashima, rules=town("kashima_saga", 2023)) == (478_300, [344_300, 64_200, 69_800])


def test_a_stretch_before_anybody_is_insured_is_not_judged() -> None:
    """Insured since June and out of work since August: two stretches, none of the months before."""
    worker = {"age": 50, "total": 2_000_000, "eased": 600_000, "left_on": date(2026, 7, 31), "earner": True}
    facts = household(2026, {**worker, "since": date(2026, 6, 10)})
    found = assess_under(facts, rules=town("chiba", 2026))
    months = [step.value for step in found.steps if step.quantity.name == "reduction.months"]
    assert months == [2, 8]
    assert [reason.code for reason in found.reasons][1:3] == ["reduction.none", "reduction"]
    check(facts, rules=town("chiba", 2026))


def test_who_is_eased_in_every_month_of_being_insured_is_not_eased_after_leaving() -> None:
    """The reduction of the months after the unemployed person left counts the income as it was (as the page says)."""
    worker = {"age": 50, "total": 3_000_000, "eased": 900_000, "left_on": date(2026, 3, 31), "earner": True}
    facts = household(2026, {**worker, "until": date(2026, 5, 1)}, {"age": 48})
    found = assess_under(facts, rules=town("chiba", 2026))
    months = [step.value for step in found.steps if step.quantity.name == "reduction.months"]
    assert sorted(months) == [1, 11]
    check(facts, rules=town("chiba", 2026))


def test_a_person_who_is_member_and_companion_is_counted_once_by_both() -> None:
    head = member("head", year=2026, born=date(1951, 9, 9), total=1_234_567, until=date(2026, 9, 9))
    facts = household(
        2026, {"age": 70}, companions=[{"head": True, "moved": date(2026, 9, 9), "total": 1_234_567}]
    )
    companion = facts.companions[0]._replace(ref="head")
    check(
        facts._replace(members=(head, *facts.members), companions=(companion,)), rules=town("yokohama", 2026)
    )
