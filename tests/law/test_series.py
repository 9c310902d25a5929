"""The stretches of an application: in order, without a day twice, and the same however late they are asked."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.law.child import judge_stretches
from kyufu.law.child.facts import ChildFacts
from kyufu.law.decision import Decision, Outcome
from tests.law.independent import ON, any_facts, judged

# Some hundred drawn lives each: half a minute in all, which bin/check does not have.
pytestmark = pytest.mark.slow

WIDE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def stretches(facts: ChildFacts, *, on: date) -> tuple[Decision, ...]:
    return judge_stretches(facts, municipality="yokohama", on=on)


def eligible_days(found: tuple[Decision, ...], *, until: date) -> set[date]:
    """The days up to a day that some answer says the child is entitled on."""
    days: set[date] = set()
    for one in found:
        if one.outcome is Outcome.ELIGIBLE and one.period is not None and one.period.end is not None:
            last = min(one.period.end - timedelta(days=1), until)
            days |= {one.period.start + timedelta(days=n) for n in range((last - one.period.start).days + 1)}
    return days


@settings(WIDE, max_examples=200)
@given(any_facts(), ON)
def test_the_last_answer_is_that_of_the_day_and_no_day_is_answered_twice(facts: ChildFacts, on: date) -> None:
    found = stretches(facts, on=on)
    assert found[-1] == judged(facts, on=on)
    assert all(one == judged(facts, on=one.judged_for) for one in found)
    for earlier, later in pairwise(found):
        assert earlier.period is not None
        assert later.period is not None
        assert earlier.period.end is not None
        assert earlier.period.end <= later.period.start
    assert len(found) == 1 or found[0].outcome is Outcome.ELIGIBLE


@settings(WIDE, max_examples=200)
@given(any_facts(), ON, st.integers(0, 900))
def test_asking_later_gives_the_same_days(facts: ChildFacts, on: date, later: int) -> None:
    first = eligible_days(stretches(facts, on=on), until=on)
    second = eligible_days(stretches(facts, on=on + timedelta(days=later)), until=on)
    if facts.applied_on is not None and facts.applied_on <= on:
        assert first == second
