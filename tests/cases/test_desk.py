"""What the desk reads: lists bounded by wards, what hangs on one case, and approval of what was seen alone."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.platform.errors import BadInput, Refused
from tests.cases.world import APPROVER, AT, CLERK, WARD, World, approve, certify, judge, receive, state

pytestmark = pytest.mark.django_db
OTHER_WARD = "141020"


def _digest(application_id: int) -> str:
    decision_id = cases.application_by_id(application_id).decision_id
    assert decision_id is not None
    return cases.decision_digest(decision_id)


def _numbers(
    wards: set[str] | None, *, state: str | None = None, limit: int = 50, after: int = 0
) -> list[int]:
    query = cases.ApplicationQuery(state=state)
    found = cases.find_applications(wards, query=query, limit=limit, after=after)
    return [row.application_id for row in found]


def test_a_list_holds_the_wards_asked_for_and_no_other(world: World) -> None:
    here, there = receive(world.family()), receive(world.family(), ward_code=OTHER_WARD)
    assert _numbers({WARD}) == [here]
    assert _numbers({OTHER_WARD}) == [there]
    assert _numbers({WARD, OTHER_WARD}) == [here, there]
    assert _numbers(None) == [here, there]
    assert _numbers(set()) == []


def test_a_list_of_one_state_and_page_by_page(world: World) -> None:
    ids = [receive(world.family()) for _ in range(3)]
    judge(ids[1])
    assert _numbers({WARD}, state="judged") == [ids[1]]
    assert _numbers({WARD}, limit=2) == ids[:2]
    assert _numbers({WARD}, limit=2, after=ids[1]) == ids[2:]


def test_counts_are_of_the_wards_asked_for(world: World) -> None:
    judge(receive(world.family()))
    receive(world.family())
    receive(world.family(), ward_code=OTHER_WARD)
    assert cases.state_counts_in({WARD}) == {"judged": 1, "received": 1}
    assert cases.state_counts_in({OTHER_WARD}) == {"received": 1}
    assert cases.state_counts_in(None) == {"judged": 1, "received": 2}
    assert cases.state_counts_in(set()) == {}


def test_applications_are_found_by_child_and_by_guardian(world: World) -> None:
    family, stranger = world.family(), world.family()
    application_id = receive(family)
    assert [row.application_id for row in cases.applications_about([family.child])] == [application_id]
    assert [row.application_id for row in cases.applications_about([family.father])] == [application_id]
    assert cases.applications_about([stranger.child]) == ()


def test_a_case_file_tells_what_was_handed_in_and_who_decided(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    before = cases.case_file(application_id)
    assert (before.judged_by, before.judged_at, before.approved_by) == ("", None, "")
    assert [(one.addressee_id, one.relation) for one in before.guardians] == [(family.father, "father")]
    judge(application_id)
    approve(application_id)
    after = cases.case_file(application_id)
    assert (after.judged_by_id, after.judged_at) == (CLERK.staff_id, AT)
    assert after.judged_by == f"{CLERK.office}　{CLERK.name}"
    assert after.approved_by == f"{APPROVER.office}　{APPROVER.name}"


def test_certificates_of_a_child_with_their_state(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    (found,) = cases.certificates_of([family.child])
    assert (found.application_id, found.state, found.kind) == (application_id, "issued", "new")
    assert cases.certificates_of([family.father]) == ()


@pytest.mark.parametrize(
    "ask",
    [
        cases.application_by_id,
        cases.case_file,
        cases.decision_digest,
        lambda one: cases.decision_digests([one]),
    ],
)
def test_what_does_not_exist_is_refused_in_words(ask: object) -> None:
    with pytest.raises(BadInput, match="ありません"):
        ask(999_999)  # type: ignore[operator]


def test_the_digests_of_several_are_those_of_each(world: World) -> None:
    ids = [receive(world.family()) for _ in range(3)]
    for one in ids:
        judge(one)
    decided = [one.decision_id for one in map(cases.application_by_id, ids)]
    known = [one for one in decided if one is not None]
    found = cases.decision_digests(known)
    assert found == {one: cases.decision_digest(one) for one in known}
    assert len(set(found.values())) == 3
    assert cases.decision_digests([]) == {}
    with pytest.raises(BadInput, match="その判定はありません"):
        cases.decision_digests([known[0], 10**9])


def test_what_was_seen_is_approved(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    cases.approve_seen(application_id, seen=_digest(application_id), by=APPROVER, at=AT)
    assert state(application_id) == "approved"


def test_a_decision_judged_again_meanwhile_is_not_approved_unseen(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    seen = _digest(application_id)
    judge(application_id)
    assert _digest(application_id) != seen
    with pytest.raises(Refused, match="判定が変わりました"):
        cases.approve_seen(application_id, seen=seen, by=APPROVER, at=AT)
    assert state(application_id) == "judged"


def test_the_judge_does_not_approve_even_what_was_seen(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    with pytest.raises(Refused, match="判定した職員"):
        cases.approve_seen(application_id, seen=_digest(application_id), by=CLERK, at=AT)
    assert state(application_id) == "judged"


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_nothing_is_decided_by_another_digest(world: World, seen: str) -> None:
    application_id = receive(world.family())
    judge(application_id)
    with pytest.raises(Refused):
        cases.approve_seen(application_id, seen=seen, by=APPROVER, at=AT)
    with pytest.raises(Refused):
        cases.send_back_seen(application_id, seen=seen, by=APPROVER, at=AT, why="確認")
    assert state(application_id) == "judged"


def test_what_was_not_judged_has_nothing_to_see(world: World) -> None:
    application_id = receive(world.family())
    with pytest.raises(Refused, match="判定が変わりました"):
        cases.approve_seen(application_id, seen="0" * 64, by=APPROVER, at=AT)


def test_what_was_seen_is_sent_back_with_the_reason(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    cases.send_back_seen(
        application_id, seen=_digest(application_id), by=APPROVER, at=AT, why="所得を確かめる"
    )
    last = cases.application_history(application_id)[-1]
    assert (last.to_state, last.why, last.actor_name) == ("sent_back", "所得を確かめる", APPROVER.name)
