"""Counts that identify nobody, against counts made by hand from the stored decisions."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from kyufu.cases import api as cases
from tests.cases.test_judgement import fetch
from tests.cases.world import AT, CLERK, World, filing, judge, receive
from tests.evidence.files import INCOME


@pytest.fixture
def city(world: World) -> World:
    """Nine judged children: entitled, under assistance, uninsured, grown up; incomes that differ."""
    for number in range(9):
        birth = "2004-01-01" if number == 8 else f"20{15 + number}-05-1{number}"
        family = world.family(insured=number not in (3, 4), birth=birth, since="2025-04-01")
        if number == 5:
            world.assist(family, since="2026-06-01")
        if number == 6:
            world.assist(family, since="2026-05-01")
        if number < 3:
            row = {**INCOME, "kyuyo": 3_000_000 + number * 4_567_891, "atenabango": family.father_no}
            world.send("tax", [row])
        judge(receive(family))
    return world


def contents() -> list[dict[str, object]]:
    """The latest decisions of all applications as they are stored."""
    rows = fetch(
        "SELECT c.content FROM cases_application a JOIN cases_decision_content c ON c.decision_id = a.decision_id"
    )
    return [json.loads(row[0]) for row in rows]


def blanked(text: str) -> str:
    """A sentence without sums and days, by other means than the code."""
    sums = re.sub(r"\d[\d,]*円", "○円", text)
    return re.sub(r"(明治|大正|昭和|平成|令和)(元|\d+)年\d+月\d+日", "○年○月○日", sums)


def by_hand(answers: list[dict[str, object]]) -> Counter[tuple[str, str]]:
    """Outcome and first reason of each, counted."""
    found: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        reasons = answer["reasons"]
        assert isinstance(reasons, list)
        found[str(answer["outcome"]), blanked(reasons[0]["text"])] += 1
    return found


def as_counter(rows: tuple[cases.ReasonCount, ...]) -> Counter[tuple[str, str]]:
    counted = Counter({(row.outcome, row.reason): row.applications for row in rows})
    assert len(counted) == len(rows), "one sentence is counted in two lines"
    return counted


def test_outcomes_are_counted_as_by_hand(city: World) -> None:
    counted = as_counter(cases.outcomes_by_reason())
    assert counted == by_hand(contents())
    assert counted.total() == 9
    assert len({outcome for outcome, _ in counted}) == 3


def test_findings_are_counted_as_by_hand(city: World) -> None:
    findings = [
        finding
        for answer in contents()
        for finding in answer["findings"]  # type: ignore[attr-defined]
        if finding["name"] == "prefecture"
    ]
    counted = as_counter(cases.findings_by_reason("prefecture"))
    assert counted == by_hand(findings)
    assert counted.total() == len(findings) > 0


def test_counts_show_no_sum_and_no_day_of_anybody(city: World) -> None:
    rows = (*cases.outcomes_by_reason(), *cases.findings_by_reason("prefecture"))
    text = "".join(row.reason for row in rows)
    assert "○円" in text
    assert not re.search(r"\d円|年\d+月", text)


def test_the_most_frequent_reason_of_an_outcome_comes_first(city: World) -> None:
    rows = cases.outcomes_by_reason()
    assert [row.outcome for row in rows] == sorted(row.outcome for row in rows)
    for outcome in {row.outcome for row in rows}:
        counts = [row.applications for row in rows if row.outcome == outcome]
        assert counts == sorted(counts, reverse=True)


def test_a_finding_that_no_decision_has_is_counted_nowhere(city: World) -> None:
    assert cases.findings_by_reason("nothing") == ()
    assert cases.findings_by_reason("' OR true --") == ()


def test_only_the_latest_decision_of_an_application_counts(world: World) -> None:
    family = world.family(insured=False)
    one = receive(family)
    judge(one)
    assert [row.outcome for row in cases.outcomes_by_reason()] == ["cannot_decide"]
    world.insure(family.number + 1)
    judge(one)
    (row,) = cases.outcomes_by_reason()
    assert (row.outcome, row.applications) == ("eligible", 1)


def test_what_is_not_judged_yet_is_not_counted(world: World) -> None:
    cases.receive_application(filing(world.family()), by=CLERK, at=AT)
    assert cases.outcomes_by_reason() == ()
    assert cases.outcome_counts() == ()
    assert cases.state_counts() == {"received": 1}


def test_every_count_of_the_same_city_ties(city: World) -> None:
    total = len(cases.applications(limit=100))
    assert sum(row.applications for row in cases.outcomes_by_reason()) == total
    assert sum(row.total for row in cases.outcome_counts()) == total
    assert sum(cases.state_counts().values()) == total
    assert len(list(cases.undecided_to_notify())) == cases.state_counts()["undecided"]
    assert cases.wards_in_charge(row.application_id for row in cases.applications()) == dict.fromkeys(
        (row.application_id for row in cases.applications()), "141011"
    )
