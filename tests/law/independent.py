"""What the independent law tests share: short forms of facts and answers, and facts of any kind for hypothesis.

Written from rules.md A1, A4, D/E and examples.md section 4, by another hand than the rules and their oracle.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
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

CITY = "141003"
UNDER, OVER = 3_000_000, 10_000_000
TAXED, EXEMPT = (100_000, 5_000), (0, 0)
FIRST_RULES = date(2017, 4, 1)


def earned(
    year: int,
    *,
    incomes: Incomes,
    levies: tuple[int | None, int | None] = TAXED,
    deductions: Deductions = Deductions(),  # noqa: B008 - an immutable record
    dependants: Dependants = Dependants(),  # noqa: B008 - an immutable record
) -> IncomeEvidence:
    """The declared income of a calendar year, from the city's ledger of the next year."""
    return IncomeEvidence(
        tax_year=year + 1,
        covers=Period(date(year, 1, 1), date(year + 1, 1, 1)),
        declared=Declared.YES,
        source=IncomeSource.TAX_LEDGER,
        obtained_on=date(year + 1, 6, 10),
        incomes=incomes,
        deductions=deductions,
        dependants=dependants,
        income_levy=levies[0],
        per_capita_levy=levies[1],
    )


def earner(
    income: int,
    *,
    ref: str = "a",
    levies: tuple[int | None, int | None] = TAXED,
    dependants: Dependants = Dependants(),  # noqa: B008 - an immutable record
) -> Guardian:
    """A guardian with the same business income every year (no salary, so that no deduction hangs on it)."""
    years = range(2014, 2036)
    incomes = Incomes(business=income)
    return Guardian(
        ref,
        "other",
        tuple(earned(year, incomes=incomes, levies=levies, dependants=dependants) for year in years),
    )


def child_of(*guardians: Guardian, born: date) -> ChildFacts:
    """A child in the city and insured since birth, applied for on the day of birth."""
    ever = Period(born, None)
    return ChildFacts(
        birth_date=born,
        residences=(Residence(CITY, ever),),
        insurances=(InsuranceCoverage("06140012", ever),),
        public_assistance=(),
        other_schemes=(),
        guardians=guardians,
        applied_on=born,
    )


def judged(facts: ChildFacts, *, on: date) -> Decision:
    """The decision of Yokohama."""
    return judge(facts, municipality="yokohama", on=on)


class Answer(NamedTuple):
    """What a day is answered with, without the figures."""

    outcome: str
    benefit_class: str | None
    codes: tuple[str, ...]


def answer_to(facts: ChildFacts, *, on: date) -> Answer:
    """The answer of a day; the codes of the reasons only where the child is not entitled."""
    decision = judged(facts, on=on)
    return Answer(
        decision.outcome.value, decision.benefit_class, tuple(reason.code for reason in decision.reasons)
    )


def figure(decision: Decision, *, name: str) -> object:
    """The value of a step of the trace, by its name."""
    return next(step.value for step in decision.steps if step.quantity.name == name)


# ---- facts of any kind ----------------------------------------------------------------------------------------

Kind = TypeVar("Kind")
EVER = Period(date(1999, 1, 1), None)


def mostly(usual: st.SearchStrategy[Kind], seldom: st.SearchStrategy[Kind]) -> st.SearchStrategy[Kind]:
    """The usual nine times of ten: facts in which nothing is ordinary never come to a class of benefit."""
    return st.integers(0, 9).flatmap(lambda n: seldom if n == 9 else usual)


ANY_DAY = st.dates(date(2017, 1, 1), date(2027, 12, 31))
_RULED = st.dates(FIRST_RULES, date(2023, 7, 31)) | st.dates(FIRST_RULES, date(2027, 12, 31))
_TURNS = [
    date(y, m, d) for y in range(2017, 2028) for m, d in ((3, 31), (4, 1), (5, 31), (6, 1), (7, 31), (8, 1))
]
ON = mostly(st.sampled_from(_TURNS[1:]) | _RULED, ANY_DAY)
_EDGE_BIRTHS = [
    date(y, m, d) for y in range(2004, 2026, 4) for m, d in ((2, 29), (4, 1), (4, 2), (8, 1), (9, 2))
]
BIRTHS = mostly(
    st.sampled_from(_EDGE_BIRTHS) | st.dates(date(2005, 1, 1), date(2021, 12, 31)),
    st.dates(date(1999, 1, 1), date(2027, 12, 31)),
)
_INCOMES = st.tuples(
    st.sampled_from([3_000_000, 0, 99_999, 5_499_999, 5_500_000, 5_880_000, 10_000_000]),
    st.sampled_from([0, 0, -800_000, 1, 5_400_000]),
    st.sampled_from([0, 0, 1_200_000]),
).map(lambda drawn: Incomes(salary=drawn[0], business=drawn[1], public_pension=drawn[2]))
_DEDUCTIONS = st.sampled_from(
    [
        Deductions(),
        Deductions(medical=54_000),
        Deductions(disabled_persons=2, specially_disabled_persons=1),
        Deductions(widow=True),
        Deductions(single_parent=True, casualty_loss=1),
    ]
)
_DEPENDANTS = st.sampled_from(
    [
        Dependants(),
        Dependants(1, under_sixteen=1),
        Dependants(3, elderly=1),
        Dependants(5, elderly_spouse=True),
    ]
)
_LEVIES = mostly(
    st.sampled_from([TAXED, EXEMPT, (0, 5_000)]), st.sampled_from([(None, 5_000), (0, None), (None, None)])
)
_DECLARED = mostly(st.just(Declared.YES), st.sampled_from([Declared.NO, Declared.UNKNOWN]))


@st.composite
def evidence(draw: st.DrawFn, *, year: int | None = None) -> IncomeEvidence:
    """Evidence of a year; now and then undeclared, of a part of the year or taxed in another tax year."""
    if year is None:
        year = draw(st.integers(2013, 2027))
    row = earned(
        year,
        incomes=draw(_INCOMES),
        levies=draw(_LEVIES),
        deductions=draw(_DEDUCTIONS),
        dependants=draw(_DEPENDANTS),
    )
    shifted = Period(date(year, 4, 1), date(year + 1, 4, 1))
    return row._replace(
        tax_year=year + draw(mostly(st.just(1), st.just(0))),
        covers=draw(mostly(st.just(row.covers), st.just(shifted))),
        declared=draw(_DECLARED),
        source=draw(st.sampled_from(IncomeSource)),
        obtained_on=date(year + 1, 6, draw(st.integers(1, 2))),
    )


@st.composite
def _same_every_year(draw: st.DrawFn) -> tuple[IncomeEvidence, ...]:
    row = earned(
        2014,
        incomes=draw(_INCOMES),
        levies=draw(_LEVIES),
        deductions=draw(_DEDUCTIONS),
        dependants=draw(_DEPENDANTS),
    )
    every = (earned(year, incomes=row.incomes) for year in range(2014, 2028))
    return tuple(
        row._replace(tax_year=each.tax_year, covers=each.covers, obtained_on=each.obtained_on)
        for each in every
    )


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Any period that touches the years of the rules, open or from a day to some years."""
    start = draw(st.dates(date(2010, 1, 1), date(2027, 12, 31)))
    length = draw(st.none() | st.integers(1, 2500))
    return Period(start, None if length is None else start + timedelta(days=length))


def _some(most: int) -> st.SearchStrategy[tuple[Period, ...]]:
    return st.lists(periods(), max_size=most).map(tuple)


_MOSTLY_EVER = mostly(st.just((EVER,)), _some(3))
_SELDOM = mostly(st.just(()), _some(2))


@st.composite
def guardians(draw: st.DrawFn) -> tuple[Guardian, ...]:
    """One or two guardians, seldom none, with the same income every year or with evidence of any years."""
    refs = draw(mostly(st.sampled_from([("a",), ("a", "b")]), st.just(())))
    rows = _same_every_year() | st.lists(evidence(), max_size=14).map(tuple)
    return tuple(
        Guardian(ref, draw(st.sampled_from(["father", "mother", "other"])), draw(rows)) for ref in refs
    )


@st.composite
def any_facts(draw: st.DrawFn) -> ChildFacts:
    """Facts that the facts file would accept, with everything that may lack or disagree."""
    here = mostly(st.just(CITY), st.just("131016"))
    kinds = st.sampled_from(OtherSchemeKind)
    return ChildFacts(
        birth_date=draw(mostly(BIRTHS, st.none())),
        residences=tuple(Residence(draw(here), period) for period in draw(_MOSTLY_EVER)),
        insurances=tuple(InsuranceCoverage("06140012", period) for period in draw(_MOSTLY_EVER)),
        public_assistance=draw(_SELDOM),
        other_schemes=tuple(OtherScheme(draw(kinds), period) for period in draw(_SELDOM)),
        guardians=draw(guardians()),
        applied_on=draw(mostly(st.just(date(1999, 1, 1)) | ANY_DAY, st.none())),
        died_on=draw(mostly(st.none(), ANY_DAY)),
    )
