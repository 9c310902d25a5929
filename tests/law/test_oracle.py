"""The judgement against a second, slow reading of the sources: any facts, any day, and the period day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import calendar_year
from kyufu.law.child import judge
from kyufu.law.child.facts import (
    ChildFacts,
    Declared,
    Deductions,
    Dependants,
    Guardian,
    IncomeEvidence,
    Incomes,
    IncomeSource,
    InsuranceCoverage,
    OtherScheme,
    OtherSchemeKind,
    Residence,
)
from kyufu.law.decision import Decision
from tests.law.oracle import judge_day, last_day_of_month, reached_on, school_year

# Some hundred drawn lives each: half a minute in all, which bin/check does not have.
pytestmark = pytest.mark.slow

FIRST, LAST = date(2017, 4, 1), date(2027, 7, 31)
DAYS = st.dates(FIRST, LAST)
# Days on which something turns, so that random facts meet the edges.
EDGES = [
    date(year, month, day) for year in range(2017, 2028) for month, day in ((4, 1), (3, 31), (8, 1), (7, 31))
]
CHANGES = [date(2026, 5, 31), date(2026, 6, 1), FIRST]
ASKED = st.sampled_from([*(day for day in EDGES if FIRST <= day <= LAST), *CHANGES]) | DAYS
BIRTHS = st.dates(date(1999, 1, 1), date(2027, 1, 1)) | st.builds(
    date, st.integers(2000, 2026), st.sampled_from([3, 4, 7, 8]), st.sampled_from([1, 2])
)
NEAR_THE_LIMIT = st.sampled_from(
    [0, 3_000_000, 5_399_999, 5_400_000, 5_499_999, 5_500_000, 5_880_000, 12_000_000]
)


@st.composite
def evidence(draw: st.DrawFn) -> IncomeEvidence:
    year = draw(st.integers(2015, 2026))
    return IncomeEvidence(
        tax_year=year + 1,
        covers=calendar_year(year),
        declared=draw(st.sampled_from([Declared.YES] * 9 + [Declared.NO])),
        source=draw(st.sampled_from(IncomeSource)),
        obtained_on=date(year + 1, 6, draw(st.integers(1, 2))),
        incomes=Incomes(salary=draw(NEAR_THE_LIMIT), business=draw(st.sampled_from([0, 0, -500_000]))),
        deductions=Deductions(medical=draw(st.sampled_from([0, 1])), widow=draw(st.booleans())),
        dependants=Dependants(total=draw(st.integers(1, 2)), elderly_spouse=draw(st.booleans())),
        income_levy=draw(st.sampled_from([0, 0, 100_000, None])),
        per_capita_levy=draw(st.sampled_from([0, 5_000])),
    )


def every_year(given_evidence: IncomeEvidence) -> tuple[IncomeEvidence, ...]:
    """The same figures for each year, so that most days can be decided."""
    return tuple(
        given_evidence._replace(
            tax_year=year + 1, covers=calendar_year(year), obtained_on=date(year + 1, 6, 1)
        )
        for year in range(2015, 2027)
    )


GUARDIANS = st.lists(
    st.builds(
        Guardian,
        ref=st.just("g"),
        relation=st.just("other"),
        incomes=evidence().map(every_year) | st.lists(evidence(), max_size=12).map(tuple),
    ),
    max_size=2,
).map(lambda some: tuple(each._replace(ref=f"g{n}") for n, each in enumerate(some)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.dates(date(2000, 1, 1), LAST))
    length = draw(st.none() | st.integers(1, 4000))
    return Period(start, None if length is None else start + timedelta(days=length))


OFTEN_ALWAYS = st.just((Period(date(1999, 1, 1), None),)) | st.lists(periods(), max_size=3).map(tuple)
SELDOM = st.just(()) | st.lists(periods(), max_size=2).map(tuple)


@st.composite
def in_time(draw: st.DrawFn) -> ChildFacts:
    """Facts whose application came before everything else, so that it never delays."""
    return ChildFacts(
        birth_date=draw(st.none() | BIRTHS | BIRTHS),
        residences=tuple(
            Residence(draw(st.sampled_from(["141003", "141003", "131016"])), period)
            for period in draw(OFTEN_ALWAYS)
        ),
        insurances=tuple(InsuranceCoverage("06140012", period) for period in draw(OFTEN_ALWAYS)),
        public_assistance=draw(SELDOM),
        other_schemes=tuple(
            OtherScheme(draw(st.sampled_from(OtherSchemeKind)), period) for period in draw(SELDOM)
        ),
        guardians=draw(GUARDIANS),
        applied_on=draw(st.sampled_from([date(1999, 1, 1)] * 9 + [None])),
    )


def answer_of(decision: Decision) -> tuple[str, str | None]:
    return decision.outcome.value, decision.benefit_class


@pytest.mark.requirement("YOK-017")
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(in_time(), ASKED)
def test_every_day_is_answered_as_the_second_reading_does(facts: ChildFacts, on: date) -> None:
    expected = judge_day(facts, on=on)
    decision = judge(facts, municipality="yokohama", on=on)
    assert answer_of(decision) == (expected.outcome, expected.benefit_class)


@pytest.mark.requirement("YOK-030")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(in_time(), ASKED)
def test_the_second_reading_agrees_on_every_day_of_the_period(facts: ChildFacts, on: date) -> None:
    decision = judge(facts, municipality="yokohama", on=on)
    assert decision.period is not None
    start, end = decision.period
    assert end is not None
    assert (end - start).days <= 366
    expected = judge_day(facts, on=on)
    for n in range((end - start).days):
        assert judge_day(facts, on=start + timedelta(days=n)) == expected


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(in_time(), ASKED, st.integers(0, 60))
def test_an_application_only_delays_and_never_changes_the_class(
    facts: ChildFacts, on: date, days: int
) -> None:
    late = facts._replace(applied_on=on + timedelta(days=days))
    before, after = judge(facts, municipality="yokohama", on=on), judge(late, municipality="yokohama", on=on)
    if facts.applied_on is None or before.outcome.value != "eligible":
        return
    if after.outcome.value == "eligible":
        assert answer_of(after) == answer_of(before)
        assert after.period is not None
        assert before.period is not None
        assert after.period.start >= before.period.start
        assert after.period.end == before.period.end
    else:
        assert [reason.code for reason in after.reasons] == ["before_application"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(in_time(), ASKED)
def test_nobody_is_subsidised_by_the_prefecture_whom_the_city_does_not_entitle(
    facts: ChildFacts, on: date
) -> None:
    decision = judge(facts, municipality="yokohama", on=on)
    (finding,) = decision.findings
    if decision.outcome.value != "eligible":
        assert finding.outcome.value == decision.outcome.value
        return
    assert finding.period is not None
    assert on in finding.period
    assert decision.period is not None
    assert finding.period.start >= decision.period.start


@given(BIRTHS)
def test_the_second_reading_counts_ages_and_grades_as_published(born: date) -> None:
    """A check of the check: EX-401, EX-403 and the first grade at 6."""
    assert reached_on(born, age=6) <= date(school_start(born), 3, 31)
    assert reached_on(born, age=6) > date(school_start(born) - 1, 3, 31)
    assert school_year(date(2008, 4, 2), on=date(2023, 9, 1)) == 9
    assert school_year(date(2011, 4, 1), on=date(2023, 9, 1)) == 7
    assert school_year(date(2011, 4, 2), on=date(2023, 9, 1)) == 6
    assert last_day_of_month(reached_on(date(2020, 10, 2), age=1)) == date(2021, 10, 31)


def school_start(born: date) -> int:
    """The year in whose April the first grade begins."""
    return next(
        year for year in range(born.year + 6, born.year + 8) if school_year(born, on=date(year, 4, 1)) == 1
    )
