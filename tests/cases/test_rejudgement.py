"""What was issued or rejected, and not printed yet, is judged again when a fact changes: no dead end."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.platform.errors import Refused
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    ON,
    Family,
    World,
    approve,
    certify,
    filing,
    issue,
    judge,
    quiet,
    receive,
    state,
)

LATER_CLERK = cases.Actor("S0009", "再判　五郎", "鶴見区保険年金課")


def touch(world: World, family: Family) -> None:
    """A fact changes that does not change the answer: the guardian's insurance."""
    world.insure(family.number + 2, rirekibango=1)


def refused(decision_id: int) -> str:
    """The reason against printing, empty when there is none."""
    return cases.refuse_if_stale([decision_id]).get(decision_id, "")


def card_in_use() -> cases.CertificateRow:
    (row,) = cases.certificates_to_print()
    return row


def judge_all_again(*, by: cases.Actor = CLERK) -> cases.BulkResult:
    return cases.judge_stale(municipality="yokohama", on=ON, by=by, at=AT, report=quiet)


def approvals(application_id: int) -> list[tuple[object, ...]]:
    return fetch(
        """SELECT p.decision_id, p.approved_by_id, p.carried_from_id FROM cases_approval p
             JOIN cases_decision d ON d.id = p.decision_id WHERE d.application_id = %(id)s ORDER BY 1""",
        {"id": application_id},
    )


def reject(world: World) -> tuple[Family, int]:
    """A child under public assistance is rejected."""
    family = world.family()
    world.assist(family, since="2020-05-01")
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    assert state(application_id) == "rejected"
    return family, application_id


@pytest.mark.requirement("YOK-022")
def test_an_unprinted_card_is_confirmed_by_the_same_answer(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    before = card_in_use()
    touch(world, family)
    assert "判定し直してください" in refused(before.decision_id)
    judge(application_id)
    assert state(application_id) == "issued"
    assert card_in_use() == before
    assert refused(before.decision_id) == ""


def test_a_confirmation_is_on_record_with_the_approval_that_it_takes_over(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    first = card_in_use().decision_id
    for times in (1, 2):
        world.insure(family.number + 2, rirekibango=times)
        judge(application_id, by=LATER_CLERK)
    assert [row[1:] for row in approvals(application_id)] == [
        (APPROVER.staff_id, None), (APPROVER.staff_id, first), (APPROVER.staff_id, first),
    ]  # fmt: skip
    last = cases.application_history(application_id)[-1]
    assert (last.from_state, last.to_state, last.actor_name) == ("issued", "issued", LATER_CLERK.name)
    assert "同じ" in last.why
    assert last.decision_id == approvals(application_id)[-1][0]
    assert refused(first) == ""
    world.insure(family.number + 2, rirekibango=3)
    assert refused(first)


def test_an_unprinted_rejection_is_confirmed_by_the_same_answer(world: World) -> None:
    family, application_id = reject(world)
    touch(world, family)
    (row,) = cases.rejections_to_notify()
    assert refused(row.decision_id)
    assert (judge_all_again().done, state(application_id)) == (1, "rejected")
    (again,) = cases.rejections_to_notify()
    assert again.decision_id > row.decision_id
    assert again.approved_at == row.approved_at
    assert refused(again.decision_id) == ""


def test_who_approved_cannot_confirm_by_judging_again(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    touch(world, family)
    judge(application_id, by=APPROVER)
    assert state(application_id) == "judged"
    assert "決裁が済んでから" in refused(card_in_use().decision_id)
    with pytest.raises(Refused, match="判定した職員"):
        approve(application_id)
    approve(application_id, by=CLERK)
    issue(application_id)
    assert refused(card_in_use().decision_id) == ""


@pytest.mark.requirement("YOK-022")
def test_another_answer_ends_the_entitlement_and_voids_the_card_after_approval(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    card = card_in_use()
    world.move_out(family, on="2026-07-15")
    judge(application_id)
    assert state(application_id) == "judged"
    assert card_in_use() == card
    assert "決裁が済んでから" in refused(card.decision_id)
    approve(application_id)
    assert state(application_id) == "closed"
    assert list(cases.certificates_to_print()) == []
    assert list(cases.rejections_to_notify()) == []
    (loss,) = cases.losses_to_notify()
    assert (loss.child_id, loss.application_id) == (family.child, application_id)
    assert refused(loss.decision_id) == ""


def test_a_shorter_period_replaces_the_card(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    card = card_in_use()
    world.send_loss_of_insurance(family, on="2026-12-01")
    judge(application_id)
    approve(application_id)
    issue(application_id)
    newer = card_in_use()
    assert newer.number != card.number
    assert newer.valid.end is not None
    assert newer.valid.end.isoformat() == "2026-12-01"
    assert refused(newer.decision_id) == ""
    assert cases.certificate_history(card.certificate_id)[-1].to_state == "voided"


def test_a_rejection_that_no_longer_holds_ends_in_a_card(world: World) -> None:
    family, application_id = reject(world)
    world.end_assistance(family, since="2020-05-01", end="2026-06-01")
    judge(application_id)
    assert list(cases.rejections_to_notify()) == []
    approve(application_id)
    issue(application_id)
    assert state(application_id) == "issued"
    assert refused(card_in_use().decision_id) == ""


def test_lacking_evidence_holds_the_card_back_until_it_comes(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    world.insure(family.number + 1, rirekibango=1, rirekieda=2, torikeshi="1")
    judge(application_id)
    assert state(application_id) in {"undecided", "judged"}
    assert refused(card_in_use().decision_id)


def test_nothing_changed_is_nothing_to_judge(world: World) -> None:
    application_id = certify(world.family())
    with pytest.raises(Refused, match="事実が変わっていない"):
        judge(application_id)
    _, rejected = reject(world)
    with pytest.raises(Refused, match="事実が変わっていない"):
        judge(rejected)
    assert judge_all_again() == cases.BulkResult(0, ())


def test_the_refusal_says_what_is_the_matter(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    cases.void_certificate(card_in_use().number, by=CLERK, at=AT, why="誤交付")
    touch(world, family)
    with pytest.raises(Refused, match="もう使われていない"):
        judge(application_id)
    cases.close_application(application_id, by=CLERK, at=AT, why="完了")
    with pytest.raises(Refused, match="完結"):
        judge(application_id)


def test_a_rejection_with_a_later_application_is_not_judged_again(world: World) -> None:
    """Two papers of a child would be open at once, which the database refuses: the whole block would fail."""
    family, first = reject(world)
    second = receive(family)
    judge(second)
    approve(second)
    touch(world, family)
    assert (judge_all_again().done, state(first), state(second)) == (1, "rejected", "rejected")
    with pytest.raises(Refused, match="あとの申請"):
        judge(first)
    assert refused(next(cases.rejections_to_notify()).decision_id)


def test_what_was_approved_once_is_not_withdrawn_while_it_is_judged_again(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    world.move_out(family, on="2026-07-15")
    judge(application_id)
    number = next(row.number for row in cases.applications() if row.application_id == application_id)
    paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number)
    with pytest.raises(Refused, match="決裁が済んだ"):
        cases.withdraw_application(paper, by=CLERK, at=AT)
    assert state(application_id) == "judged"


@pytest.mark.requirement("YOK-022")
def test_the_city_is_judged_and_approved_again_in_bulk(world: World) -> None:
    families = [world.family() for _ in range(4)]
    ids = [certify(family) for family in families]
    touch(world, families[0])
    world.move_out(families[1], on="2026-07-15")
    world.send_loss_of_insurance(families[2], on="2026-12-01")
    assert judge_all_again().done == 3
    assert [state(one) for one in ids] == ["issued", "judged", "judged", "issued"]
    result = cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    assert (result.done, result.refused) == (2, ())
    issued = cases.issue_approved(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet)
    assert (issued.done, issued.refused) == (1, ())
    assert [state(one) for one in ids] == ["issued", "closed", "issued", "issued"]
    assert [refused(row.decision_id) for row in cases.certificates_to_print()] == ["", "", ""]
    assert judge_all_again().done == 0


@pytest.mark.parametrize("how", ["move", "assistance", "death"])
def test_the_office_ends_what_nobody_reports(world: World, how: str) -> None:
    """The application was closed long ago; no report and no identity check of its own is needed (職権)."""
    family = world.family()
    application_id = certify(family)
    cases.close_application(application_id, by=CLERK, at=AT, why="送付済み")
    assert cases.stale_decisions() == ()
    match how:
        case "move":
            world.move_out(family, on="2026-07-15")
        case "assistance":
            world.assist(family, since="2026-07-15")
        case _:
            world.die(family, on="2026-07-15")
    assert [row.application_id for row in cases.stale_decisions()] == [application_id]
    judge(application_id)
    assert state(application_id) == "judged"
    approve(application_id)
    assert state(application_id) == "closed"
    assert list(cases.certificates_to_print()) == []
    (loss,) = cases.losses_to_notify()
    assert (loss.child_id, refused(loss.decision_id)) == (family.child, "")
    assert cases.stale_decisions() == ()
    with pytest.raises(Refused, match="完結"):
        judge(application_id)


def test_a_closed_application_whose_card_is_in_use_is_confirmed_where_it_is(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    cases.close_application(application_id, by=CLERK, at=AT, why="送付済み")
    touch(world, family)
    assert judge_all_again().done == 1
    assert state(application_id) == "closed"
    assert refused(card_in_use().decision_id) == ""
    assert judge_all_again().done == 0
