"""What a clerk mistypes: facts that cannot be are refused with their place, and nothing is taken for granted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.law.kokuho.conftest import Counter

ON = ("--on", "2026-09-01")
ATSUGI = ("--municipality", "atsugi")
INCOME: dict[str, Any] = {
    "income_year": 2024,
    "declared": "yes",
    "total_income": 1_430_000,
    "reduction_income": 1_430_000,
    "base_income": 1_000_000,
    "counts_as_earner": True,
}
ADULT: dict[str, Any] = {
    "ref": "a",
    "birth_date": "1980-05-01",
    "enrolled": [{"start": "2022-04-01", "end": None}],
    "income": INCOME,
}
SHARE_A: dict[str, Any] = {
    "ref": "a",
    "birth_date": "1952-03-03",
    "tax_year": 2026,
    "taxable_income": 1_500_000,
    "base_income": 2_300_000,
    "revenue": 6_000_000,
}
SHARE: dict[str, Any] = {"person": "a", "head": "a", "members": [SHARE_A]}
ADDRESS = {"municipality": "142123", "period": {"start": "2010-04-01", "end": None}}
PERSON: dict[str, Any] = {"birth_date": "1980-06-15", "residences": [ADDRESS], "other_insurances": []}
ALWAYS = {"start": "2010-04-01", "end": None}
HOME: dict[str, Any] = {
    "municipality": "142123",
    "headships": [{"head": "a", "period": ALWAYS}],
    "members": [{"ref": "a", "belongs": ALWAYS, "person": PERSON}],
}
EARNED: dict[str, Any] = {
    "ref": "a",
    "birth_date": "1980-06-01",
    "income_year": 2024,
    "declaration": "declared",
}


def with_income(**changes: object) -> dict[str, Any]:
    return {"fiscal_year": 2025, "members": [{**ADULT, "income": {**INCOME, **changes}}]}


def with_member(**changes: object) -> dict[str, Any]:
    return {"fiscal_year": 2025, "members": [{**ADULT, **changes}]}


IMPOSSIBLE: list[tuple[str, dict[str, Any], tuple[str, ...], str]] = [
    ("premium", with_income(base_income=-1), ATSUGI, "$.members[0].income.base_income"),
    ("premium", with_income(reduction_income=-1), ATSUGI, "$.members[0].income.reduction_income"),
    ("premium", with_income(base_income=1_430_001), ATSUGI, "$.members[0].income.base_income"),
    (
        "premium",
        with_member(unemployment={"left_on": "2025-03-31", "income": {**INCOME, "base_income": 1_000_001}}),
        ATSUGI,
        "$.members[0].unemployment",
    ),
    ("share", {**SHARE, "head": "x"}, ON, "$.head"),
    ("share", {**SHARE, "former_revenues": [-1]}, ON, "$.former_revenues"),
    ("share", {**SHARE, "members": [{**SHARE_A, "taxable_income": -1}]}, ON, "$.members[0].taxable_income"),
    ("share", {**SHARE, "members": [{**SHARE_A, "revenue": -1}]}, ON, "$.members[0].revenue"),
    (
        "enrolment",
        {"municipality": "142123", "person": {**PERSON, "birth_date": "2010-04-02"}},
        ON,
        "$.person.residences",
    ),
    (
        "enrolment",
        {
            "municipality": "142123",
            "person": {
                **PERSON,
                "residences": [],
                "other_insurances": [
                    {"kind": "dependant", "period": {"start": "1980-06-14", "end": "2020-01-01"}}
                ],
            },
        },
        ON,
        "$.person.other_insurances",
    ),
    ("household", {**HOME, "headships": [{"head": "x", "period": ALWAYS}]}, ON, "$.headships"),
    ("income", {**EARNED, "salary": {"revenue": 499_999, "income": 500_000}}, (), "$.salary.income"),
]


@pytest.mark.parametrize(("rule", "facts", "options", "place"), IMPOSSIBLE)
def test_facts_that_cannot_be_are_refused_with_their_place(
    counter: Counter, rule: str, facts: dict[str, Any], options: tuple[str, ...], place: str
) -> None:
    code, told = counter.ask(rule, facts, *options)
    assert code == 2
    assert f"facts.json {place}: " in told


POSSIBLE: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("premium", with_income(base_income=1_430_000), ATSUGI),
    (
        "premium",
        with_member(unemployment={"left_on": "2025-03-31", "income": INCOME}),
        ATSUGI,
    ),
    ("share", {**SHARE, "head": None}, ON),
    ("enrolment", {"municipality": "142123", "person": {**PERSON, "birth_date": "2010-04-01"}}, ON),
    ("household", HOME, ON),
    ("income", {**EARNED, "salary": {"revenue": 500_000, "income": 500_000}}, ()),
]


@pytest.mark.parametrize(("rule", "facts", "options"), POSSIBLE)
def test_facts_at_the_edge_of_the_possible_are_judged(
    counter: Counter, rule: str, facts: dict[str, Any], options: tuple[str, ...]
) -> None:
    code, told = counter.ask(rule, facts, *options)
    assert code == 0
    assert "判定できません" not in told


@pytest.mark.parametrize("declaration", ["declared", "dependant"])
def test_the_income_of_a_child_born_after_the_year_is_nothing(counter: Counter, declaration: str) -> None:
    facts = {**EARNED, "birth_date": "2025-02-10", "declaration": declaration}
    code, told = counter.ask("income", facts)
    assert code == 0
    assert "旧ただし書所得 0円" in told
    assert "前年12月31日現在で65歳以上か：いいえ" in told


def test_the_income_of_who_was_not_born_is_a_contradiction(counter: Counter) -> None:
    facts = {**EARNED, "birth_date": "2025-01-01", "pension_revenue": 1}
    assert "令和6年中に生まれていない人に、収入又は所得の資料があります。" in counter.ask("income", facts)[1]
    told = counter.ask("income", {**facts, "birth_date": "2024-12-31"})[1]
    assert "生まれていない" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"enrolled": []},
        {"enrolled": [{"start": "2026-04-01", "end": None}]},
        {"birth_date": "1940-05-01"},
    ],
)
def test_a_year_without_a_month_owed_is_said_and_not_called_a_premium_of_nothing(
    counter: Counter, changes: dict[str, Any]
) -> None:
    code, told = counter.ask("premium", with_member(**changes), *ATSUGI)
    assert code == 0
    assert "令和7年度に保険料のかかる月がありません" in told
    assert "軽減しました" not in told


def test_three_tenths_are_told_with_their_own_reason(counter: Counter) -> None:
    told = counter.ask("share", SHARE, *ON)[1]
    assert "一部負担金の割合は3割です（70歳以上で現役並み所得者に当たるため）。" in told


def test_a_year_of_tax_that_lacks_is_named_by_era(counter: Counter) -> None:
    told = counter.ask("share", {**SHARE, "members": [{**SHARE_A, "tax_year": 2025}]}, *ON)[1]
    assert "足りないもの：令和8年度の住民税の資料（a）" in told


@pytest.mark.parametrize(("since", "is_judged"), [("2045-04-29", False), ("2045-04-30", True)])
def test_a_former_dependant_is_65_by_the_figure_in_force(
    counter: Counter, since: str, is_judged: bool
) -> None:
    code, told = counter.ask("premium", with_member(former_dependant_since=since), *ATSUGI)
    assert code == 0
    assert ("a は65歳に達する前に資格を取得しているため" not in told) is is_judged
    assert ("判定できません" not in told) is is_judged


def test_the_month_of_a_birthday_on_the_last_day_is_named(counter: Counter) -> None:
    """75 on 30 April, lost on 1 May: April is the first month of the household that is left with one insured."""
    old = {**PERSON, "birth_date": "1950-04-30"}
    young = {"ref": "b", "belongs": ALWAYS, "person": {**PERSON, "birth_date": "1955-03-03"}}
    facts = {**HOME, "members": [{"ref": "a", "belongs": ALWAYS, "person": old}, young]}
    assert (
        "特定世帯に当たります（特定月は令和7年4月）。"
        in counter.ask("household", facts, "--on", "2025-05-01")[1]
    )
