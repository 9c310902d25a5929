"""The life of a child along the bands, and the trace as a sequence."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.law.calendar.period import Period
from kyufu.law.child import judge
from kyufu.law.child.bands import boundary_day, index_on, lay_out
from kyufu.law.decision import Quantity, Step
from kyufu.law.parameters.overlay import NOTHING
from kyufu.law.tracing import Trace
from tests.law.casefile import Check, read_checks
from tests.law.yokohama import load_parameters, rulebook

BIRTHS = st.dates(date(1999, 1, 1), date(2027, 12, 31))
BOOK = rulebook(NOTHING)
life_of, rules_on = BOOK.life_of, BOOK.rules_on
PARAMETERS = load_parameters()


@dataclass(frozen=True, slots=True)
class Plain:
    """A band of nothing but its place."""

    era: Period
    starts: str
    ends: str


ERA = Period(date(2017, 4, 1), None)


@pytest.mark.parametrize(
    ("boundary", "day"),
    [
        ("birth", date(2020, 7, 2)),
        ("age:1", date(2021, 8, 1)),
        ("age:3", date(2023, 8, 1)),
        ("grade:1", date(2027, 4, 1)),
        ("grade:10", date(2036, 4, 1)),
        ("grade:13", date(2039, 4, 1)),
    ],
)
def test_boundaries(boundary: str, day: date) -> None:
    assert boundary_day(date(2020, 7, 2), boundary=boundary) == day


def test_an_unknown_boundary_is_refused() -> None:
    with pytest.raises(ValueError, match="moon"):
        boundary_day(date(2020, 7, 2), boundary="moon")


def test_a_life_is_cut_by_the_era() -> None:
    bands = (Plain(ERA, "birth", "age:1"), Plain(ERA, "age:1", "grade:10"))
    life = lay_out(date(2016, 10, 10), bands=bands)
    assert [span.period for span in life.spans] == [
        Period(date(2017, 4, 1), date(2017, 11, 1)),
        Period(date(2017, 11, 1), date(2032, 4, 1)),
    ]
    assert life.runs == (Period(date(2017, 4, 1), date(2032, 4, 1)),)
    assert index_on(life, day=date(2017, 3, 31)) is None
    assert index_on(life, day=date(2017, 10, 31)) == 0
    assert index_on(life, day=date(2017, 11, 1)) == 1
    assert index_on(life, day=date(2032, 4, 1)) is None


def test_who_was_too_old_before_the_rules_has_no_life_in_them() -> None:
    life = lay_out(date(1980, 1, 1), bands=(Plain(ERA, "birth", "grade:10"),))
    assert (life.spans, life.runs) == ((), ())
    assert index_on(life, day=date(2020, 1, 1)) is None


@given(BIRTHS)
def test_the_spans_of_a_life_never_overlap_and_each_lies_in_its_era(born: date) -> None:
    for life in (life_of(born).city, life_of(born).prefecture):
        for earlier, later in pairwise(life.spans):
            assert earlier.period.end is not None
            assert earlier.period.end <= later.period.start
        for span in life.spans:
            assert span.period.start >= max(span.band.era.start, born)
            assert index_on(life, day=span.period.start) == life.spans.index(span)


@given(BIRTHS, st.integers(0, 6600))
def test_at_every_age_up_to_15_there_is_a_band_of_the_city(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    life = life_of(born)
    until = boundary_day(born, boundary="grade:10")
    if PARAMETERS.known.start <= day < until:
        assert index_on(life.city, day=day) is not None
        assert index_on(life.prefecture, day=day) is not None


def test_the_rules_of_a_day_are_those_of_its_certificate_year() -> None:
    july, august = rules_on(date(2026, 7, 31)), rules_on(date(2026, 8, 1))
    assert july is not None
    assert august is not None
    assert (july.tax_year, august.tax_year) == (2025, 2026)
    assert july.income_year == Period(date(2024, 1, 1), date(2025, 1, 1))
    assert (july.fiscal_year, rules_on(date(2017, 3, 31))) == (2026, None)


NAMES = (Quantity("a", "あ", "円"), Quantity("b", "い", "日付"))
TRACE = Trace(((NAMES, (1, date(2026, 6, 1))), (NAMES[:1], (None,))))


def test_a_trace_is_the_sequence_of_its_steps() -> None:
    steps = (Step(NAMES[0], 1), Step(NAMES[1], date(2026, 6, 1)), Step(NAMES[0], None))
    assert tuple(TRACE) == steps
    assert (len(TRACE), TRACE[1], TRACE[-1], TRACE[1:]) == (3, steps[1], steps[2], steps[1:])
    assert TRACE.__eq__(steps)
    assert (steps == TRACE) is True
    assert steps[:2] != TRACE
    assert TRACE != "steps"
    assert hash(TRACE) == hash(steps)
    assert pickle.loads(pickle.dumps(TRACE)) == TRACE
    assert "2026" not in repr(TRACE)


def test_a_block_with_a_value_too_few_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        tuple(Trace(((NAMES, (1,)),)))


@pytest.mark.parametrize("check", read_checks()[::4], ids=lambda check: check.id)
def test_every_trace_is_complete(check: Check) -> None:
    decision = judge(check.facts, municipality="yokohama", on=check.on)
    steps = list(decision.steps)
    assert len(steps) == len(decision.steps)
    dates = [step for step in steps if isinstance(step.value, date)]
    assert all(step.quantity.unit == "日付" for step in dates)
    assert all(
        step.value is None or isinstance(step.value, date) for step in steps if step.quantity.unit == "日付"
    )
