"""The cases of Kawasaki and Sapporo: each day judged as its source says, and both sides of every change covered."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from kyufu.law.calendar.period import ONE_DAY
from kyufu.law.child import judge, judge_stretches
from kyufu.law.child.cities import city_of
from kyufu.law.child.day import rulebook
from kyufu.law.child.labels import benefit_classes
from kyufu.law.child.parameters import load_parameters
from kyufu.law.decision import Decision, Outcome
from kyufu.law.parameters.overlay import NOTHING
from tests.law.casefile import CASES, Check, read_checks

CITIES = ("kawasaki", "sapporo")
CHECKS = {name: read_checks(CASES / name, city=city_of(name).code) for name in CITIES}
ALL = [
    pytest.param(
        name,
        check,
        id=f"{name} {check.id}",
        marks=[pytest.mark.requirement(row) for row in check.requirements],
    )
    for name in CITIES
    for check in CHECKS[name]
]


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


def answer_on(city: str, *, check: Check, day: date) -> tuple[object, ...]:
    """The answer of a day without its figures."""
    decision = judge(check.facts, municipality=city, on=day)
    codes = [reason.code for reason in decision.reasons]
    return decision.outcome, decision.benefit_class, codes


@pytest.mark.parametrize(("city", "check"), ALL)
def test_the_case_is_answered_as_its_source_says(city: str, check: Check) -> None:
    decision = judge(check.facts, municipality=city, on=check.on)
    for name, expected in check.expected.items():
        if name not in ("on", "steps"):
            assert found(decision, name=name) == expected, name
    steps = {step.quantity.name: step.value for step in decision.steps}
    for name, expected in check.expected.get("steps", {}).items():
        assert steps[name] == expected, name


@pytest.mark.parametrize(("city", "check"), ALL)
def test_the_answer_is_the_same_throughout_its_period(city: str, check: Check) -> None:
    decision = judge(check.facts, municipality=city, on=check.on)
    if decision.period is None:
        return
    start, end = decision.period
    assert check.on in decision.period
    assert end is not None
    here = answer_on(city, check=check, day=check.on)
    assert [answer_on(city, check=check, day=day) for day in (start, end - ONE_DAY)] == [here] * 2
    assert judge(check.facts, municipality=city, on=end - ONE_DAY).period == decision.period


@pytest.mark.parametrize("city", CITIES)
def test_the_cases_hold_every_outcome_and_class(city: str) -> None:
    expected = [check.expected for check in CHECKS[city]]
    assert {one["outcome"] for one in expected} == {outcome.value for outcome in Outcome}
    assert {one.get("class") for one in expected} - {None} == set(benefit_classes(city))


@pytest.mark.parametrize("city", CITIES)
def test_every_change_of_the_rules_has_a_case_on_both_sides(city: str) -> None:
    days = {check.on for check in CHECKS[city]}
    for start in {band.era.start for band in load_parameters(city=city_of(city)).bands}:
        assert {start - ONE_DAY, start} <= days, start


@pytest.mark.parametrize("city", CITIES)
def test_every_class_of_every_band_is_reached_on_a_day_of_its_era(city: str) -> None:
    reached = defaultdict(set)
    for check in CHECKS[city]:
        reached[check.expected.get("class")].add(check.on)
    for band in load_parameters(city=city_of(city)).bands:
        for code in {band.answer.benefit_class, band.class_exempt, band.class_over} - {None}:
            assert reached[code], (band.label, code)


@pytest.mark.parametrize(("city", "first_month"), [("kawasaki", 9), ("sapporo", 8)])
def test_the_certificate_year_and_the_income_of_each_day(city: str, first_month: int) -> None:
    book = rulebook(NOTHING, city=city_of(city))
    day = book.parameters.known.start
    while day < date(2030, 1, 1):
        rules = book.rules_on(day)
        assert rules is not None
        started = day.year if day.month >= first_month else day.year - 1
        assert rules.year == (date(started, first_month, 1), date(started + 1, first_month, 1))
        assert rules.income_year == (date(started - 1, 1, 1), date(started, 1, 1))
        day += timedelta(days=17)


def test_an_application_of_kawasaki_reaches_back_over_the_certificate_years() -> None:
    check = next(one for one in CHECKS["kawasaki"] if "however late" in one.id and one.expected.get("class"))
    stretches = judge_stretches(check.facts, municipality="kawasaki", on=date(2026, 9, 20))
    assert [one.period for one in stretches] == [
        (date(2024, 11, 10), date(2025, 9, 1)),
        (date(2025, 9, 1), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2027, 9, 1)),
    ]
    assert {one.benefit_class for one in stretches} == {"free"}
