"""Nothing is approved, issued or printed from a decision whose facts have changed."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.platform.errors import Refused
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    LATER,
    ON,
    World,
    approve,
    certify,
    issue,
    judge,
    quiet,
    receive,
    state,
)


def decision_of(application_id: int) -> int:
    row = next(one for one in cases.applications() if one.application_id == application_id)
    assert row.decision_id is not None
    return row.decision_id


@pytest.mark.requirement("YOK-022")
def test_a_change_after_judgement_stops_the_approval(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    assert not cases.is_stale(decision_of(application_id))
    world.assist(family, since="2026-07-01")
    assert cases.is_stale(decision_of(application_id))
    with pytest.raises(Refused, match="事実が変わりました"):
        approve(application_id)
    assert state(application_id) == "judged"
    judge(application_id)
    approve(application_id)
    assert state(application_id) == "rejected"


@pytest.mark.requirement("YOK-022")
def test_a_change_after_approval_stops_the_issue(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    world.move_out(family, on="2026-07-15")
    with pytest.raises(Refused, match="事実が変わりました"):
        issue(application_id)
    assert list(cases.certificates_to_print()) == []
    judge(application_id)
    approve(application_id)
    assert state(application_id) == "rejected"
    assert cases.entitlements_of([family.child]) == {}


def test_a_change_after_the_issue_stops_the_print(world: World) -> None:
    family = world.family()
    certify(family)
    (row,) = cases.certificates_to_print()
    assert cases.refuse_if_stale([row.decision_id]) == {}
    world.move_out(family, on="2026-07-15")
    assert "事実が変わりました" in cases.refuse_if_stale([row.decision_id])[row.decision_id]


def test_a_change_of_the_guardian_makes_the_decision_stale_too(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    world.insure(family.number + 2, rirekibango=1)
    assert cases.is_stale(decision_of(application_id))


def test_a_change_of_a_stranger_does_not(world: World) -> None:
    family, stranger = world.family(), world.family()
    application_id = receive(family)
    judge(application_id)
    world.assist(stranger, since="2026-07-01")
    assert not cases.is_stale(decision_of(application_id))


def test_the_worklist_says_what_changed(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    assert cases.stale_decisions() == ()
    world.assist(family, since="2026-07-01")
    (row,) = cases.stale_decisions()
    assert (row.application_id, row.state, row.decision_id) == (
        application_id,
        "judged",
        decision_of(application_id),
    )
    assert row.changes
    result = cases.judge_stale(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    assert (result.done, result.refused) == (1, ())
    assert cases.stale_decisions() == ()


def test_evidence_that_comes_in_lets_an_application_on_hold_be_judged(world: World) -> None:
    family = world.family(insured=False)
    application_id = receive(family)
    judge(application_id)
    assert state(application_id) == "undecided"
    world.insure(family.number + 1)
    cases.judge_stale(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    assert state(application_id) == "judged"


def test_bulk_runs_refuse_the_stale_ones_and_deal_with_the_rest(world: World) -> None:
    families = [world.family() for _ in range(4)]
    ids = [receive(family) for family in families]
    cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    world.assist(families[1], since="2026-07-01")
    approved = cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    assert (approved.done, [one.application_id for one in approved.refused]) == (3, [ids[1]])
    world.move_out(families[2], on="2026-07-15")
    issued = cases.issue_approved(municipality="yokohama", on=ON, by=LATER, at=AT, report=quiet)
    assert (issued.done, [one.application_id for one in issued.refused]) == (2, [ids[2]])
    assert all("事実が変わりました" in one.reason for one in (*approved.refused, *issued.refused))
    assert [state(one) for one in ids] == ["issued", "judged", "approved", "issued"]
