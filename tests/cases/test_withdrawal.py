"""Withdrawals (取下げ) and closing: from every state, and what must never vanish by them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kyufu.cases import api as cases
from kyufu.platform.errors import BadInput, Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    Family,
    World,
    approve,
    filing,
    issue,
    judge,
    receive,
    state,
)


def number_of(application_id: int) -> str:
    return str(fetch("SELECT number FROM cases_application WHERE id = %s", application_id)[0][0])


def withdraw(family: Family, *, target: int, **items: object) -> cases.ApplicationRow:
    """Hand in the withdrawal of an application of a family."""
    paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number_of(target), **items)
    return cases.withdraw_application(paper, by=CLERK, at=AT)


def received(world: World) -> tuple[Family, int]:
    family = world.family()
    return family, receive(family)


def incomplete(world: World) -> tuple[Family, int]:
    family = world.family()
    return family, receive(family, identity=None)


def judged(world: World) -> tuple[Family, int]:
    family, one = received(world)
    judge(one)
    return family, one


def undecided(world: World) -> tuple[Family, int]:
    family = world.family(insured=False)
    one = receive(family)
    judge(one)
    return family, one


def sent_back(world: World) -> tuple[Family, int]:
    family, one = judged(world)
    cases.send_back(one, by=APPROVER, at=AT, why="続柄を確かめること")
    return family, one


def approved(world: World) -> tuple[Family, int]:
    family, one = judged(world)
    approve(one)
    return family, one


def rejected(world: World) -> tuple[Family, int]:
    family = world.family()
    world.assist(family, since="2026-07-01")
    one = receive(family)
    judge(one)
    approve(one)
    return family, one


def issued(world: World) -> tuple[Family, int]:
    family, one = approved(world)
    issue(one)
    return family, one


def withdrawn(world: World) -> tuple[Family, int]:
    family, one = received(world)
    withdraw(family, target=one)
    return family, one


def closed(world: World) -> tuple[Family, int]:
    family, one = issued(world)
    cases.close_application(one, by=APPROVER, at=AT, why="送付済み")
    return family, one


Stage = Callable[[World], tuple[Family, int]]


@pytest.mark.parametrize("stage", [received, incomplete, judged, undecided, sent_back])
def test_what_is_not_decided_yet_is_withdrawn_and_the_child_may_apply_again(
    world: World, stage: Stage
) -> None:
    family, target = stage(world)
    assert state(target) == stage.__name__
    row = withdraw(family, target=target)
    assert (row.state, state(target)) == ("closed", "withdrawn")
    step = cases.application_history(target)[-1]
    assert (step.from_state, step.actor_name, step.at) == (stage.__name__, CLERK.name, AT)
    assert row.number in step.why
    for refused in (judge, approve, issue):
        with pytest.raises(Refused):
            refused(target)
    assert state(receive(family)) == "received"
    assert cases.entitlements_of([family.child]) == {}


@pytest.mark.parametrize("stage", [approved, rejected, issued, withdrawn, closed])
def test_what_was_decided_stays_and_the_withdrawal_leaves_no_trace(world: World, stage: Stage) -> None:
    family, target = stage(world)
    assert state(target) == stage.__name__
    before = fetch("SELECT count(*), max(id) FROM cases_application_transition"), cases.state_counts()
    with pytest.raises(Refused, match="決裁が済んだ"):
        withdraw(family, target=target)
    assert (
        fetch("SELECT count(*), max(id) FROM cases_application_transition"),
        cases.state_counts(),
    ) == before


def test_the_withdrawal_of_another_childs_application_is_refused(world: World) -> None:
    _, target = received(world)
    with pytest.raises(Refused, match="児童が異なります"):
        withdraw(world.family(), target=target)
    assert cases.state_counts() == {"received": 1}


def test_a_withdrawal_of_nothing_is_bad_input(world: World) -> None:
    paper = filing(world.family(), kind=cases.Kind.WITHDRAWAL, target_no="2026-9999999")
    with pytest.raises(BadInput, match="受付番号"):
        cases.withdraw_application(paper, by=CLERK, at=AT)
    assert cases.state_counts() == {}


def test_a_withdrawal_is_taken_in_as_a_withdrawal_alone(world: World) -> None:
    """Received like any other paper it could be judged, and would grant what the child wanted to give up."""
    family, target = received(world)
    paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number_of(target))
    with pytest.raises(Refused, match="取下げ"):
        cases.receive_application(paper, by=CLERK, at=AT)
    with pytest.raises(BadInput, match="取下書"):
        cases.withdraw_application(filing(family), by=CLERK, at=AT)
    assert cases.state_counts() == {"received": 1}


def test_an_application_withdrawn_on_hold_is_in_no_worklist_and_not_judged_again(world: World) -> None:
    family, target = undecided(world)
    withdraw(family, target=target)
    world.insure(family.number + 1)
    assert cases.stale_decisions() == ()
    assert list(cases.undecided_to_notify()) == []
    with pytest.raises(Refused):
        judge(target)
    assert fetch("SELECT outcome FROM cases_decision") == [("cannot_decide",)]


@pytest.mark.parametrize("stage", [received, incomplete, judged, undecided, sent_back, approved])
def test_what_has_not_come_to_its_end_cannot_be_closed(world: World, stage: Stage) -> None:
    _, target = stage(world)
    with pytest.raises(Refused, match="完結できません"):
        cases.close_application(target, by=APPROVER, at=AT, why="片付け")
    assert state(target) == stage.__name__


@pytest.mark.parametrize("stage", [rejected, issued])
def test_closing_says_why(world: World, stage: Stage) -> None:
    _, target = stage(world)
    with pytest.raises(Refused, match="理由"):
        cases.close_application(target, by=APPROVER, at=AT, why="　")
    cases.close_application(target, by=APPROVER, at=AT, why="通知書を送付した")
    step = cases.application_history(target)[-1]
    assert (step.from_state, step.to_state, step.why) == (stage.__name__, "closed", "通知書を送付した")
