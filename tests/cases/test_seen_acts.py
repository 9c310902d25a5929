"""Judge, issue and close as it was seen: refused where the case has moved on, and nothing is changed then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.law.decision import Outcome
from kyufu.platform.errors import Refused
from tests.cases.world import (
    APPROVER,
    AT,
    CHECK,
    CLERK,
    LATER,
    ON,
    WARD,
    World,
    approve,
    certify,
    issue,
    judge,
    receive,
    state,
)


def last_step(application_id: int) -> int:
    """The id of the last step of an application."""
    return cases.application_history(application_id)[-1].step_id


def judge_as_seen(application_id: int, *, step: int) -> None:
    cases.judge_seen(application_id, step=step, municipality="yokohama", on=ON, by=CLERK, at=AT)


def issue_as_seen(application_id: int, *, step: int) -> None:
    cases.issue_seen(application_id, step=step, municipality="yokohama", on=ON, by=LATER, at=AT)


def close_as_seen(application_id: int, *, step: int) -> None:
    cases.close_seen(application_id, step=step, by=LATER, at=AT, why="交付した")


def test_each_act_is_done_on_what_was_seen(world: World) -> None:
    case = receive(world.family())
    judge_as_seen(case, step=last_step(case))
    assert state(case) == "judged"
    approve(case)
    issue_as_seen(case, step=last_step(case))
    assert state(case) == "issued"
    close_as_seen(case, step=last_step(case))
    assert state(case) == "closed"


def _received(world: World) -> int:
    return receive(world.family())


def _approved(world: World) -> int:
    case = receive(world.family())
    judge(case)
    approve(case)
    return case


@pytest.mark.parametrize(
    ("begin", "meanwhile", "act"),
    [
        (_received, judge, judge_as_seen),
        (_approved, issue, issue_as_seen),
        (
            lambda world: certify(world.family()),
            lambda case: close_as_seen(case, step=last_step(case)),
            close_as_seen,
        ),
    ],
)
def test_an_act_on_what_has_moved_on_is_refused(
    world: World, begin: Callable[[World], int], meanwhile: Callable[[int], None], act: Callable[..., None]
) -> None:
    case = begin(world)
    seen = last_step(case)
    meanwhile(case)
    before = cases.application_history(case)
    with pytest.raises(Refused, match="表示したあとに、この申請の状態が変わりました"):
        act(case, step=seen)
    assert cases.application_history(case) == before


def test_judging_to_the_same_state_is_a_change_as_well(world: World) -> None:
    case = _received(world)
    judge(case)
    seen = last_step(case)
    judge(case)
    with pytest.raises(Refused, match="表示したあとに"):
        judge_as_seen(case, step=seen)


def test_the_rules_of_the_acts_hold_as_before(world: World) -> None:
    case = receive(world.family(), identity=None)
    with pytest.raises(Refused, match="本人確認が済んでいない"):
        judge_as_seen(case, step=last_step(case))
    with pytest.raises(Refused, match="決裁済の申請ではありません"):
        issue_as_seen(case, step=last_step(case))
    with pytest.raises(Refused, match="完結できません"):
        close_as_seen(case, step=last_step(case))


def test_the_facts_of_a_decision_are_read_back(world: World) -> None:
    family = world.family()
    case = receive(family)
    judge(case)
    decision_id = cases.application_by_id(case).decision_id
    assert decision_id is not None
    facts = cases.decided_facts([decision_id])[decision_id]
    assert facts.birth_date == date(2018, 5, 10)
    assert [one.relation for one in facts.guardians] == ["father"]


def test_the_identity_check_of_an_application_is_read_back(world: World) -> None:
    assert cases.identity_of(receive(world.family())) == CHECK
    assert cases.identity_of(receive(world.family(), identity=None)) is None


def test_the_facts_of_a_trial_are_those_that_would_be_judged(world: World) -> None:
    family = world.family()
    case = receive(family)
    judge(case)
    decision_id = cases.application_by_id(case).decision_id
    assert decision_id is not None
    gathered = cases.gather_facts(family.child, applied_on=ON, on=ON)
    assert gathered is not None
    assert gathered == cases.decided_facts([decision_id])[decision_id]._replace(applied_on=ON)
    answer = cases.judge_trial(gathered, municipality="yokohama", on=ON)
    assert answer == cases.decisions([decision_id])[decision_id]


def test_a_child_without_an_application_has_no_guardians_in_a_trial(world: World) -> None:
    facts = cases.gather_facts(world.family().child, applied_on=ON, on=ON)
    assert facts is not None
    assert facts.guardians == ()
    assert cases.judge_trial(facts, municipality="yokohama", on=ON).outcome is Outcome.CANNOT_DECIDE


def test_nobody_is_tried_who_is_not_registered(world: World) -> None:
    assert cases.gather_facts(10**9, applied_on=ON, on=ON) is None


def test_the_queue_tells_what_speaks_against_approving(world: World) -> None:
    fresh, stale = world.family(), world.family()
    ids = [receive(one) for one in (fresh, stale)]
    for case in ids:
        judge(case)
    world.send_loss_of_insurance(stale, on="2026-09-01")
    rows = cases.applications_to_approve([WARD], limit=10, after=0)
    assert [row.application_id for row in rows] == ids
    assert [bool(row.against) for row in rows] == [False, True]
    assert [row.judged_by_id for row in rows] == [CLERK.staff_id] * 2
    assert not any(row.is_changed or row.has_open_periods or row.by_mail for row in rows)


def test_the_queue_is_bounded_by_ward_place_and_choice(world: World) -> None:
    ids = [receive(world.family()) for _ in range(3)]
    for case in ids:
        judge(case)
    cases.approve_application(ids[2], by=APPROVER, at=AT)

    def listed(**asked: object) -> list[int]:
        rows = cases.applications_to_approve(**({"wards": None, "limit": 10, "after": 0} | asked))  # type: ignore[arg-type]
        return [row.application_id for row in rows]

    assert listed() == ids[:2]
    assert listed(wards=["141020"]) == []
    assert listed(after=ids[0]) == [ids[1]]
    assert listed(limit=1) == [ids[0]]
    assert listed(only=[ids[1], ids[2]]) == [ids[1]]
    assert listed(only=[]) == []


def test_a_changed_answer_is_told_from_the_same_one(world: World) -> None:
    same, other = receive(world.family()), world.family(insured=False)
    judge(same)
    judge(same)
    changed = receive(other)
    judge(changed)
    world.insure(other.number + 1)
    judge(changed)
    rows = {row.application_id: row for row in cases.applications_to_approve(None, limit=10, after=0)}
    assert (rows[same].is_changed, rows[changed].is_changed) == (False, True)
