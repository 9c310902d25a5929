"""A decision is replaced by a later approved one that says something else of the same days, and by nothing less."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from kyufu.cases import api as cases
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    LATER,
    ON,
    Family,
    World,
    approve,
    certify,
    issue,
    judge,
    quiet,
    receive,
    state,
)

REPORTED = date(2026, 8, 20)


def report(family: Family, *, matter: str = "insurance", event_on: date = REPORTED) -> int:
    """A change report of the child, judged."""
    application_id = receive(
        family, kind=cases.Kind.CHANGE, matter=matter, event_on=event_on, received_on=REPORTED
    )
    judge(application_id, on=REPORTED)
    return application_id


def card_in_use() -> cases.CertificateRow:
    (row,) = cases.certificates_to_print()
    return row


def stands(decision_id: int) -> bool:
    return not cases.refuse_if_stale([decision_id])


@pytest.mark.requirement("YOK-022")
def test_a_report_with_the_same_answer_lets_the_card_be_printed_again(world: World) -> None:
    family = world.family()
    certify(family)
    card = card_in_use()
    insurance = report(family)
    assert stands(card.decision_id)
    approve(insurance)
    assert (state(insurance), card_in_use(), stands(card.decision_id)) == ("closed", card, True)


def test_an_approved_application_is_issued_after_a_report_with_the_same_answer(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    approve(report(family))
    issue(application_id)
    assert stands(card_in_use().decision_id)


def test_a_judgement_that_is_not_approved_replaces_nothing(world: World) -> None:
    family = world.family()
    certify(family)
    card = card_in_use()
    world.move_out(family, on="2026-12-10")
    judge(card.application_id)
    approve(card.application_id)
    issue(card.application_id)
    card = card_in_use()
    loss = receive(family, kind=cases.Kind.LOSS, matter="moved_out", event_on=date(2026, 12, 9))
    judge(loss)
    assert stands(card.decision_id)


def test_a_loss_that_was_approved_takes_the_card_away(world: World) -> None:
    family = world.family()
    certify(family)
    card = card_in_use()
    world.move_out(family, on="2026-12-10")
    loss = receive(family, kind=cases.Kind.LOSS, matter="moved_out", event_on=date(2026, 12, 10))
    judge(loss)
    approve(loss)
    assert list(cases.certificates_to_print()) == []
    assert not stands(card.decision_id)


def shorten(world: World, family: Family) -> None:
    """The insurance ends in December."""
    world.insure(family.number + 1, rirekieda=2, soshitsu_nengappi="2026-12-01")


def test_an_application_judged_again_beside_a_report_is_issued_as_both_say(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    shorten(world, family)
    judge(application_id)
    insurance = report(family)
    approve(insurance)
    approve(application_id)
    issue(application_id)
    assert card_in_use().valid.end == date(2026, 12, 1)
    assert stands(card_in_use().decision_id)


@pytest.mark.parametrize(
    ("column", "value", "replaced"),
    [
        ("valid", "'[2026-08-01,2026-12-01)'", True),
        ("benefit_class", "'another'", True),
        ("outcome", "'not_eligible'", True),
        ("valid", "'[2026-09-01,2027-08-01)'", False),
        ("valid", "'[2025-08-01,2026-08-01)', judged_for = '2026-07-01'", False),
        ("valid", "'[2027-08-01,2028-08-01)', judged_for = '2027-08-01'", False),
    ],
)
def test_what_the_later_decision_says_decides(world: World, column: str, value: str, replaced: bool) -> None:
    """A later decision as it could be, written past the guards: older years and the same end replace nothing."""
    family = world.family()
    certify(family)
    card = card_in_use()
    insurance = report(family)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_decision DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE cases_decision SET {column} = {value} WHERE application_id = %s", [insurance])
        cursor.execute("ALTER TABLE cases_decision ENABLE TRIGGER USER")
    assert stands(card.decision_id)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name,
                                           approved_by_office, at)
               SELECT id, judged_by_id, 'S0002', 'X', 'X', now() FROM cases_decision WHERE application_id = %s""",
            [insurance],
        )
    assert stands(card.decision_id) is not replaced
    if replaced:
        assert "内容の異なる決定" in cases.refuse_if_stale([card.decision_id])[card.decision_id]
        judge(card.application_id)
        assert stands(card.decision_id)


def test_two_decisions_of_one_child_are_approved_and_issued_one_after_the_other(world: World) -> None:
    """In one block they would grant the same days twice, and the whole block would fail."""
    family, other = world.family(), world.family()
    first = receive(family)
    judge(first)
    approve(first)
    second = report(family, matter="address")
    third = receive(other)
    judge(third)
    world.insure(family.number + 1, rirekieda=2, soshitsu_nengappi="2026-12-01")
    assert cases.judge_stale(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet).done == 2
    runs = [cases.approve_decided(by=APPROVER, at=AT, report=quiet) for _ in range(2)]
    assert [(run.done, [one.application_id for one in run.refused]) for run in runs] == [
        (2, [second]),
        (1, []),
    ]
    assert "もう一度" in runs[0].refused[0].reason
    issues = [
        cases.issue_approved(municipality="yokohama", on=REPORTED, by=LATER, at=AT, report=quiet)
        for _ in range(2)
    ]
    assert [(run.done, [one.application_id for one in run.refused]) for run in issues] == [
        (2, [second]),
        (1, []),
    ]
    assert [state(one) for one in (first, second, third)] == ["issued"] * 3
    assert {row.application_id for row in cases.certificates_to_print()} == {second, third}


def test_a_stale_report_is_judged_again_with_the_application_it_is_about(world: World) -> None:
    family = world.family()
    certify(family)
    approve(report(family))
    world.move_out(family, on="2026-12-10")
    assert not stands(card_in_use().decision_id)
    assert cases.judge_stale(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet).done == 1
    assert cases.approve_decided(by=APPROVER, at=AT, report=quiet).done == 1
    issued = cases.issue_approved(municipality="yokohama", on=REPORTED, by=LATER, at=AT, report=quiet)
    assert issued.done == 1
    card = card_in_use()
    assert (card.valid.end, stands(card.decision_id)) == (date(2026, 12, 10), True)
