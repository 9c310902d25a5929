"""Approval by a second person, and what it does to entitlements."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    ON,
    RECEIVED,
    World,
    approve,
    certify,
    judge,
    quiet,
    receive,
    state,
)

YEAR = Period(date(2026, 8, 1), date(2027, 8, 1))


def test_who_judged_cannot_approve(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id, by=CLERK)
    with pytest.raises(Refused, match="判定した職員"):
        approve(application_id, by=CLERK)
    result = cases.approve_decided(by=CLERK, at=AT, report=quiet)
    assert (result.done, len(result.refused)) == (0, 1)
    approve(application_id, by=APPROVER)
    assert state(application_id) == "approved"


@pytest.mark.parametrize(("judge_id", "approver_id"), [("S0001", "S0001"), ("S0009", "S0002")])
def test_the_database_knows_the_two_persons(world: World, judge_id: str, approver_id: str) -> None:
    judge(receive(world.family()))
    insert = """INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name,
                    approved_by_office, at) SELECT id, %s, %s, '', '', %s FROM cases_decision"""
    with (
        pytest.raises(IntegrityError, match="cases_approval"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [judge_id, approver_id, AT])


@pytest.mark.requirement("YOK-030")
def test_an_approved_decision_grants_its_period(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    assert cases.entitlements_of([family.child]) == {}
    approve(application_id)
    (held,) = cases.entitlements_of([family.child])[family.child]
    assert (held.valid, held.decision_id) == (YEAR, cases.applications()[0].decision_id)
    assert fetch("SELECT event, effective_on, reason_code FROM cases_entitlement_change") == [
        ("acquired", YEAR.start, "eligible")
    ]


@pytest.mark.requirement("YOK-023")
def test_a_rejection_is_recorded_with_reason_day_and_decider(world: World) -> None:
    family = world.family()
    world.assist(family, since="2026-07-01")
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    assert state(application_id) == "rejected"
    (row,) = cases.rejections_to_notify()
    assert (row.application_id, row.child_id, row.guardian_id) == (
        application_id,
        family.child,
        family.father,
    )
    assert (row.approved_at, row.received_on) == (AT, RECEIVED)
    assert [reason.code for reason in cases.decisions([row.decision_id])[row.decision_id].reasons] == [
        "public_assistance"
    ]
    last = cases.application_history(application_id)[-1]
    assert (last.actor_name, last.actor_office, last.at) == (APPROVER.name, APPROVER.office, AT)
    assert cases.entitlements_of([family.child]) == {}


@pytest.mark.requirement("YOK-024")
@pytest.mark.requirement("YOK-061")
def test_a_loss_ends_the_entitlement_on_its_day_and_voids_the_certificate(world: World) -> None:
    family = world.family()
    certify(family)
    world.move_out(family, on="2026-10-15")
    loss = receive(
        family,
        kind=cases.Kind.LOSS,
        matter="moved_out",
        event_on=date(2026, 10, 15),
        received_on=date(2026, 10, 20),
    )
    judge(loss)
    approve(loss)
    assert state(loss) == "closed"
    (held,) = cases.entitlements_of([family.child])[family.child]
    assert held.valid == Period(date(2026, 8, 1), date(2026, 10, 15))
    (row,) = cases.losses_to_notify()
    assert (row.effective_on, row.reason_code, row.guardian_id) == (
        date(2026, 10, 15),
        "not_resident",
        family.father,
    )
    assert row.certificate_no is not None
    assert list(cases.certificates_to_print()) == []
    assert fetch("SELECT state FROM cases_certificate") == [("voided",)]


def test_what_was_known_before_the_loss_stays(world: World) -> None:
    test_a_loss_ends_the_entitlement_on_its_day_and_voids_the_certificate(world)
    rows = fetch(
        "SELECT lower(valid), upper(valid), superseded_at IS NULL FROM cases_entitlement ORDER BY id"
    )
    assert rows == [(YEAR.start, YEAR.end, False), (YEAR.start, date(2026, 10, 15), True)]


def test_a_reported_loss_that_the_records_do_not_show_is_put_on_hold(world: World) -> None:
    family = world.family()
    certify(family)
    loss = receive(family, kind=cases.Kind.LOSS, matter="moved_out", event_on=date(2026, 10, 15))
    judge(loss)
    assert state(loss) == "undecided"
    assert "確かめられません" in cases.application_history(loss)[-1].why
    assert cases.entitlements_of([family.child])[family.child][0].valid == YEAR


def test_a_change_of_insurance_confirms_the_entitlement_without_a_new_card(world: World) -> None:
    family = world.family()
    certify(family)
    world.insure(family.number + 1, rirekibango=1, rirekieda=1, kigo="９９９")
    change = receive(family, kind=cases.Kind.CHANGE, matter="insurance", event_on=date(2026, 9, 1))
    judge(change)
    approve(change)
    assert state(change) == "closed"
    assert [one.valid for one in cases.entitlements_of([family.child])[family.child]] == [YEAR]
    assert [row[0] for row in fetch("SELECT event FROM cases_entitlement_change ORDER BY id")] == ["acquired"]


def test_entitlements_of_a_child_never_overlap(world: World) -> None:
    certify(world.family())
    insert = """INSERT INTO cases_entitlement (child_id, valid, benefit_class, decision_id, recorded_at)
        SELECT child_id, daterange('2027-07-31', '2027-12-01'), benefit_class, decision_id, recorded_at
          FROM cases_entitlement"""
    with (
        pytest.raises(IntegrityError, match="no_overlap"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert)


def test_approving_twice_is_refused_and_changes_nothing(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    approve(application_id)
    before = fetch("SELECT count(*) FROM cases_application_transition")
    with pytest.raises(Refused, match="判定済の申請ではありません"):
        approve(application_id)
    assert fetch("SELECT count(*) FROM cases_application_transition") == before
    assert cases.approve_decided(by=APPROVER, at=AT, report=quiet).done == 0


def test_the_day_asked_about_is_the_callers(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id, on=ON)
    assert fetch("SELECT judged_for FROM cases_decision") == [(ON,)]
