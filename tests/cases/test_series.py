"""Judging later does not change the right: every stretch from the first day on is granted, lost, or confirmed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period, union
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    LATER,
    Family,
    World,
    approve,
    issue,
    judge,
    quiet,
    receive,
    state,
)
from tests.evidence.files import INSURANCE

MOVED_IN = date(2026, 6, 20)


def newcomer(world: World) -> Family:
    """A family that moved in on 20 June."""
    return world.family(since=str(MOVED_IN))


def decide(family: Family, *, received_on: date, on: date) -> int:
    """Receive and judge on a day, and approve what was judged."""
    one = receive(family, received_on=received_on)
    judge(one, on=on)
    if state(one) == "judged":
        approve(one)
    return one


def held(family: Family) -> list[Period]:
    return [one.valid for one in cases.entitlements_of([family.child]).get(family.child, ())]


def events(family: Family) -> list[tuple[str, date, str]]:
    return fetch(
        "SELECT event, effective_on, reason_code FROM cases_entitlement_change WHERE child_id = %s ORDER BY id",
        family.child,
    )


@pytest.mark.parametrize("on", [date(2026, 7, 25), date(2026, 8, 3), date(2027, 8, 20)])
def test_the_first_day_does_not_move_with_the_day_of_judging(world: World, on: date) -> None:
    family = world.family(birth="2026-07-01", since="2026-07-01")
    one = decide(family, received_on=date(2026, 7, 20), on=on)
    assert state(one) == "approved"
    (whole,) = union(held(family))
    assert whole.start == date(2026, 7, 1)
    assert on in whole
    assert events(family)[0] == ("acquired", date(2026, 7, 1), "eligible")
    assert {event for event, _, _ in events(family)[1:]} <= {"changed"}
    issue(one, on=on)
    (card,) = cases.certificates_to_print()
    assert on in card.valid
    assert card.valid.start in (date(2026, 7, 1), date(2026, 8, 1), date(2027, 8, 1))


def test_who_left_before_the_judgement_keeps_the_days_before_and_is_not_rejected(world: World) -> None:
    family = newcomer(world)
    world.move_out(family, on="2026-07-10")
    one = decide(family, received_on=date(2026, 7, 1), on=date(2026, 7, 15))
    assert held(family) == [Period(MOVED_IN, date(2026, 7, 10))]
    assert events(family) == [("acquired", MOVED_IN, "eligible"), ("lost", date(2026, 7, 10), "not_resident")]
    history = cases.application_history(one)
    assert [step.to_state for step in history] == ["received", "judged", "approved", "closed"]
    assert history[1].why.startswith("過去の期間に資格があります（令和8年7月9日まで）")
    assert "過去の期間の資格" in history[-1].why
    assert not list(cases.rejections_to_notify())
    (loss,) = cases.losses_to_notify()
    assert (loss.effective_on, loss.certificate_no) == (date(2026, 7, 10), None)
    assert cases.refuse_if_stale([loss.decision_id]) == {}


def test_who_was_never_entitled_is_rejected_as_before(world: World) -> None:
    family = newcomer(world)
    world.assist(family, since=str(MOVED_IN))
    one = decide(family, received_on=date(2026, 7, 1), on=date(2026, 8, 3))
    assert (state(one), held(family)) == ("rejected", [])
    assert fetch("SELECT count(*), count(principal_id) FROM cases_decision") == [(1, 0)]


def test_a_gap_in_between_is_lost_and_acquired_again(world: World) -> None:
    family = newcomer(world)
    world.assist(family, since="2026-07-05")
    world.send(
        "assistance",
        [{"hogo_kubun": "1", "rirekibango": 1, "rirekieda": 1, "torikeshi": "0", "atenabango": family.child_no,
          "kaishi": "2026-07-05", "haishi": "2026-07-15"}],
    )  # fmt: skip
    decide(family, received_on=date(2026, 7, 1), on=date(2026, 8, 3))
    assert events(family) == [
        ("acquired", MOVED_IN, "eligible"),
        ("lost", date(2026, 7, 5), "public_assistance"),
        ("acquired", date(2026, 7, 15), "eligible"),
        ("changed", date(2026, 8, 1), "eligible"),
    ]
    assert union(held(family)) == (
        Period(MOVED_IN, date(2026, 7, 5)),
        Period(date(2026, 7, 15), date(2027, 8, 1)),
    )


def test_the_whole_series_hangs_on_the_decision_of_the_day(world: World) -> None:
    one = decide(newcomer(world), received_on=date(2026, 7, 1), on=date(2026, 8, 3))
    row = cases.applications()[0]
    assert row.application_id == one
    rows = fetch("SELECT id, principal_id, judged_for FROM cases_decision ORDER BY id")
    assert [(principal, day) for _, principal, day in rows] == [
        (row.decision_id, MOVED_IN),
        (None, date(2026, 8, 3)),
    ]
    assert fetch("SELECT count(*) FROM cases_approval") == [(2,)]
    assert cases.refuse_if_stale([number for number, _, _ in rows]) == {}


def test_a_change_of_facts_makes_the_whole_series_stale(world: World) -> None:
    family = newcomer(world)
    one = receive(family, received_on=date(2026, 7, 1))
    judge(one, on=date(2026, 8, 3))
    world.send("insurance", [{**INSURANCE, "atenabango": family.child_no, "rirekieda": 1, "kigo": "変更"}])
    numbers = [row[0] for row in fetch("SELECT id FROM cases_decision ORDER BY id")]
    assert sorted(cases.refuse_if_stale(numbers)) == numbers
    with pytest.raises(Refused, match="事実が変わりました"):
        approve(one)


def test_a_second_judgement_of_the_same_facts_grants_nothing_twice(world: World) -> None:
    family = newcomer(world)
    one = decide(family, received_on=date(2026, 7, 1), on=date(2026, 8, 3))
    before, recorded = held(family), events(family)
    judge(one, on=date(2026, 8, 4))
    approve(one)
    assert (held(family), events(family)) == (before, recorded)


def test_a_loss_before_the_first_day_of_the_entitlement_ends_all_of_it(world: World) -> None:
    family = newcomer(world)
    decide(family, received_on=date(2026, 8, 1), on=date(2026, 8, 3))
    assert held(family) == [Period(date(2026, 8, 1), date(2027, 8, 1))]
    world.move_out(family, on="2026-07-25")
    report = receive(
        family,
        kind=cases.Kind.LOSS,
        matter="moved_out",
        event_on=date(2026, 7, 25),
        received_on=date(2026, 8, 5),
    )
    judge(report, on=date(2026, 8, 5))
    approve(report)
    assert (state(report), held(family)) == ("closed", [])
    assert events(family)[-1] == ("lost", date(2026, 7, 25), "not_resident")


def test_bulk_and_single_grant_the_same(world: World) -> None:
    families = [newcomer(world) for _ in range(3)]
    world.move_out(families[1], on="2026-07-10")
    for family in families:
        receive(family, received_on=date(2026, 7, 1))
    on = date(2026, 8, 3)
    cases.judge_pending(municipality="yokohama", on=on, by=CLERK, at=AT, report=quiet)
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    result = cases.issue_approved(municipality="yokohama", on=on, by=LATER, at=AT, report=quiet)
    assert (result.done, result.refused) == (2, ())
    assert held(families[1]) == [Period(MOVED_IN, date(2026, 7, 10))]
    for family in (families[0], families[2]):
        assert union(held(family)) == (Period(MOVED_IN, date(2027, 8, 1)),)
    assert cases.state_counts() == {"closed": 1, "issued": 2}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(left=st.integers(1, 120), early=st.integers(0, 90), later=st.integers(0, 400))
@example(left=20, early=25, later=30)
def test_the_days_granted_do_not_depend_on_the_day_of_judging(
    world: World, left: int, early: int, later: int
) -> None:
    """Two families with the same facts, judged on two days: alike up to the earlier day."""
    received = MOVED_IN + timedelta(days=11)
    first, second = received + timedelta(days=early), received + timedelta(days=early + later)
    granted: list[set[date]] = []
    for on in (first, second):
        family = newcomer(world)
        world.move_out(family, on=str(MOVED_IN + timedelta(days=left)))
        decide(family, received_on=received, on=on)
        days = {MOVED_IN - timedelta(days=40) + timedelta(days=number) for number in range(600)}
        granted.append({day for day in days if day <= first and any(day in one for one in held(family))})
    assert granted[0] == granted[1]
