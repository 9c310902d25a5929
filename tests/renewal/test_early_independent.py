"""The real day of a loss against a walk through every day: the first of the days before on which nothing is held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.child import judge
from kyufu.law.child.facts import ChildFacts, OtherScheme, OtherSchemeKind
from kyufu.law.decision import Outcome
from kyufu.law.parameters.overlay import NOTHING
from kyufu.renewal.early import KINDS, began_on
from kyufu.renewal.states import RenewalKind
from tests.law.independent import child_of, earner

DAY, BORN = date(2027, 8, 1), date(2018, 5, 10)
YEAR_BEFORE = date(2026, 8, 1)
DAYS = st.dates(date(2026, 8, 2), date(2027, 9, 30))
CITIES = {"yokohama": DAY, "kawasaki": date(2027, 9, 1), "sapporo": DAY}


def whole(born: date = BORN) -> ChildFacts:
    """A child that is entitled all the time."""
    return child_of(earner(3_000_000), born=born)


def left(facts: ChildFacts, *, on: date) -> ChildFacts:
    """The same child, out of the city from a day on."""
    first = facts.residences[0]
    return facts._replace(residences=(first._replace(period=Period(first.period.start, on)),))


def walked(facts: ChildFacts, *, judged_for: date) -> date | None:
    """The first day of the run of days before on which the child is not entitled, by asking for each day."""
    day = judged_for
    while day > YEAR_BEFORE:
        answer = judge(facts, municipality="yokohama", on=day - ONE_DAY)
        if answer.outcome is not Outcome.NOT_ELIGIBLE:
            break
        day -= ONE_DAY
    return None if day == judged_for else day


def found(facts: ChildFacts, *, judged_for: date = DAY) -> date | None:
    """What the renewal says."""
    return began_on(facts, municipality="yokohama", judged_for=judged_for, overlay=NOTHING)


@settings(max_examples=25)
@given(moved=DAYS)
def test_who_moved_out_on_any_day(moved: date) -> None:
    facts = left(whole(), on=moved)
    assert found(facts) == walked(facts, judged_for=DAY)
    assert found(facts) == (moved if moved < DAY else None)


@settings(max_examples=25)
@given(since=DAYS, moved=DAYS)
def test_of_two_reasons_the_first_counts(since: date, moved: date) -> None:
    facts = left(whole(), on=moved)._replace(public_assistance=(Period(since, None),))
    assert found(facts) == walked(facts, judged_for=DAY)
    assert found(facts) == (min(since, moved) if min(since, moved) < DAY else None)


@settings(max_examples=25)
@given(since=DAYS, days=st.integers(1, 200), moved=DAYS)
def test_a_reason_that_ended_in_between_is_another(since: date, days: int, moved: date) -> None:
    """Assisted for a while, entitled again, then away: the second reason is what the loss of today rests on."""
    assisted = Period(since, since + timedelta(days=days))
    facts = left(whole(), on=moved)._replace(public_assistance=(assisted,))
    assert found(facts) == walked(facts, judged_for=DAY)


@settings(max_examples=15)
@given(died=DAYS)
def test_who_died(died: date) -> None:
    facts = whole()._replace(died_on=died)
    assert found(facts) == walked(facts, judged_for=DAY)


def test_another_scheme_counts_from_its_first_day() -> None:
    facts = whole()._replace(
        other_schemes=(OtherScheme(OtherSchemeKind.SINGLE_PARENT, Period(date(2027, 2, 1), None)),)
    )
    assert found(facts) == walked(facts, judged_for=DAY) == date(2027, 2, 1)


def test_who_grows_out_of_it_does_not_lose_it_before() -> None:
    born = date(2012, 3, 1)
    assert found(whole(born), judged_for=date(2027, 4, 1)) is None


def test_who_is_entitled_all_the_time_has_no_such_day() -> None:
    assert found(whole()) is None


@pytest.mark.parametrize("city", CITIES)
def test_every_city_tells_the_day(city: str) -> None:
    facts = left(whole(), on=date(2027, 5, 1))
    moved = facts._replace(residences=tuple(one for one in facts.residences))
    day = began_on(moved, municipality=city, judged_for=CITIES[city], overlay=NOTHING)
    if city == "yokohama":
        assert day == date(2027, 5, 1)
    else:
        # A child of Yokohama was never entitled there: the year of the certificate is as far as it reaches.
        assert day is not None
        assert day <= CITIES[city].replace(year=2026) + timedelta(days=1)


def test_only_the_renewals_of_the_calendar_ask() -> None:
    assert {RenewalKind.YEARLY, RenewalKind.MONTHLY, RenewalKind.AGE} == KINDS
