"""The law cases: each day of each case file, judged and compared with what the source says."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.calendar.years import year_from_month
from kyufu.law.child import judge
from kyufu.law.decision import Decision, Outcome
from tests.law.casefile import Check, read_checks

CHECKS = read_checks()


def as_parameter(check: Check) -> object:
    marks = [pytest.mark.requirement(row) for row in check.requirements]
    return pytest.param(check, id=check.id, marks=marks)


def found(decision: Decision, *, name: str) -> object:
    """What a decision says about one key of an expectation."""
    prefecture = decision.findings[0]
    period = decision.period
    return {
        "outcome": decision.outcome.value,
        "class": decision.benefit_class,
        "start": period and period.start,
        "last_day": period and period.last_day,
        "reasons": [reason.code for reason in decision.reasons],
        "prefecture": prefecture.outcome.value,
        "prefecture_reasons": [reason.code for reason in prefecture.reasons],
    }[name]


@pytest.mark.parametrize("check", [as_parameter(check) for check in CHECKS])
def test_the_case_is_answered_as_its_source_says(check: Check) -> None:
    decision = judge(check.facts, municipality="yokohama", on=check.on)
    for name, expected in check.expected.items():
        if name not in ("on", "steps"):
            assert found(decision, name=name) == expected, name
    steps = {step.quantity.name: step.value for step in decision.steps}
    for name, expected in check.expected.get("steps", {}).items():
        assert steps[name] == (None if expected == "unrecorded" else expected), name


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_answer_is_the_same_throughout_its_period_and_other_beyond(check: Check) -> None:
    """The period is maximal: its first and last day answer alike, the days beside it within the year do not."""
    decision = judge(check.facts, municipality="yokohama", on=check.on)
    if decision.period is None:
        return
    start, end = decision.period
    assert check.on in decision.period
    assert end is not None
    assert [answer_on(check, day=day) for day in (start, end - ONE_DAY)] == [
        answer_on(check, day=check.on)
    ] * 2
    year = year_from_month(check.on, first_month=8)
    beyond = [day for day in (start - ONE_DAY, end) if day in year]
    assert all(answer_on(check, day=day) != answer_on(check, day=check.on) for day in beyond)


def answer_on(check: Check, *, day: date) -> tuple[object, ...]:
    """The answer of a day without its figures: outcome, class, the reasons' codes where the child is not entitled."""
    decision = judge(check.facts, municipality="yokohama", on=day)
    codes = [reason.code for reason in decision.reasons]
    return decision.outcome, decision.benefit_class, codes


def test_the_cases_hold_every_outcome_and_class() -> None:
    outcomes = Counter(check.expected["outcome"] for check in CHECKS)
    assert set(outcomes) == {outcome.value for outcome in Outcome}
    assert {check.expected.get("class") for check in CHECKS} >= {"free", "visit_500", "inpatient_only"}
    names = [check.id for check in CHECKS]
    assert len(names) == len(set(names))
