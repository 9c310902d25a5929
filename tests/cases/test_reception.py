"""Receiving applications one at a time."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection

from kyufu.cases import api as cases
from kyufu.platform.errors import BadInput, Refused
from tests.cases.world import (
    APPROVER,
    AT,
    CHECK,
    CLERK,
    RECEIVED,
    WARD,
    World,
    certify,
    filing,
    judge,
    receive,
    state,
)


@pytest.mark.requirement("YOK-001")
def test_an_application_is_registered_with_ward_channel_day_and_applicant(world: World) -> None:
    family = world.family()
    row = cases.receive_application(filing(family), by=CLERK, at=AT)
    assert row.number == f"2026{int(row.number[4:]):08}"
    assert (row.kind, row.state, row.ward_code, row.received_on) == ("new", "received", WARD, RECEIVED)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, applicant_kind FROM cases_application WHERE id = %s", [row.application_id]
        )
        assert cursor.fetchone() == ("counter", "guardian")
        cursor.execute(
            "SELECT position, addressee_id, relation FROM cases_application_guardian WHERE application_id = %s",
            [row.application_id],
        )
        assert cursor.fetchall() == [(1, family.father, "father")]


def test_receipt_numbers_are_never_given_twice(world: World) -> None:
    numbers = [cases.receive_application(filing(world.family()), by=CLERK, at=AT).number for _ in range(3)]
    assert len(set(numbers)) == 3


@pytest.mark.requirement("YOK-036")
def test_an_agent_is_recorded_as_such(world: World) -> None:
    row = cases.receive_application(filing(world.family(), agent_name="代理　四郎"), by=CLERK, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT applicant_kind, agent_name FROM cases_application WHERE id = %s", [row.application_id]
        )
        assert cursor.fetchone() == ("agent", "代理　四郎")


@pytest.mark.requirement("YOK-005")
def test_without_an_identity_check_the_application_waits_and_cannot_be_judged(world: World) -> None:
    application_id = receive(world.family(), identity=None)
    assert state(application_id) == "incomplete"
    assert cases.application_history(application_id)[-1].why == "本人確認が記録されていません。"
    with pytest.raises(Refused, match="本人確認が済んでいない"):
        judge(application_id)


@pytest.mark.requirement("YOK-007")
def test_a_lone_insurance_document_is_refused_at_completion_too(world: World) -> None:
    lone = CHECK._replace(identity_document=cases.IdentityDocument.INSURANCE_ALONE)
    application_id = receive(world.family(), identity=lone)
    assert state(application_id) == "incomplete"
    with pytest.raises(Refused, match="健康保険証だけでは"):
        cases.complete_application(
            application_id, identity=lone, documents=(), received_on=RECEIVED, by=CLERK, at=AT
        )
    assert state(application_id) == "incomplete"


@pytest.mark.requirement("YOK-005")
@pytest.mark.requirement("YOK-009")
def test_a_mail_application_is_completed_by_copies_of_the_documents(world: World) -> None:
    application_id = receive(world.family(), channel=cases.Channel.MAIL)
    assert state(application_id) == "incomplete"
    copies = CHECK._replace(seen=cases.Seen.COPY)
    cases.complete_application(
        application_id,
        identity=copies,
        documents=("個人番号カードの写し",),
        received_on=RECEIVED,
        by=CLERK,
        at=AT,
    )
    assert state(application_id) == "received"
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT number_document, identity_document, seen, explained, staff_id, staff_name, checked_on
                 FROM cases_identity_check WHERE application_id = %s""",
            [application_id],
        )
        assert cursor.fetchone() == (
            "my_number_card", "my_number_card", "copy", True, "S0001", "判定　花子", RECEIVED,
        )  # fmt: skip
        cursor.execute(
            "SELECT document FROM cases_application_document WHERE application_id = %s", [application_id]
        )
        assert cursor.fetchall() == [("個人番号カードの写し",)]


@pytest.mark.requirement("YOK-008")
def test_a_number_matched_in_the_system_is_recorded_with_its_day(world: World) -> None:
    matched = CHECK._replace(
        number_document=cases.NumberDocument.MATCHED_IN_SYSTEM, matched_on=date(2026, 7, 2),
        identity_document=cases.IdentityDocument.PHOTO_DOCUMENT,
    )  # fmt: skip
    application_id = receive(world.family(), identity=matched)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number_document, matched_on FROM cases_identity_check WHERE application_id = %s",
            [application_id],
        )
        assert cursor.fetchone() == ("matched_in_system", date(2026, 7, 2))


def test_the_database_refuses_an_insufficient_identity_check(world: World) -> None:
    application_id = receive(world.family(), identity=None)
    insert = """INSERT INTO cases_identity_check (application_id, number_document, identity_document, seen, explained,
                    staff_id, staff_name, checked_on)
                VALUES (%s, 'my_number_card', 'insurance_alone', 'original', true, 'S1', '', '2026-07-01')"""
    with pytest.raises(IntegrityError, match="cases_identity_person"), connection.cursor() as cursor:
        cursor.execute(insert, [application_id])


def test_a_second_open_application_for_the_child_is_noticed(world: World) -> None:
    family = world.family()
    first = cases.receive_application(filing(family), by=CLERK, at=AT)
    with pytest.raises(Refused, match=first.number):
        cases.receive_application(filing(family), by=CLERK, at=AT)


def test_an_application_for_an_entitled_child_is_refused(world: World) -> None:
    family = world.family()
    certify(family)
    with pytest.raises(Refused, match="すでに資格があります"):
        cases.receive_application(filing(family, received_on=date(2026, 9, 1)), by=CLERK, at=AT)


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        ({"matter": "moved_out"}, "事由"),
        ({"guardians": ()}, "1人か2人"),
        ({"event_on": RECEIVED}, "記入しません"),
        ({"kind": cases.Kind.LOSS, "matter": "died"}, "日を記入"),
        ({"target_no": "202600000001"}, "受付番号"),
    ],
)
def test_a_filing_that_contradicts_itself_is_refused(
    world: World, items: dict[str, object], fault: str
) -> None:
    with pytest.raises(BadInput, match=fault):
        cases.receive_application(filing(world.family(), **items), by=CLERK, at=AT)
    assert cases.state_counts() == {}


def test_a_child_cannot_be_its_own_guardian(world: World) -> None:
    family = world.family()
    with pytest.raises(BadInput, match="同じ人"):
        receive(family, guardians=(cases.FiledGuardian(family.child, "other"),))


@pytest.mark.parametrize(
    ("kind", "matter", "words"), [("change", "name", "資格のない"), ("reissue", "lost", "交付していません")]
)
def test_reports_need_something_to_report_on(world: World, kind: str, matter: str, words: str) -> None:
    event_on = RECEIVED if kind == "change" else None
    with pytest.raises(Refused, match=words):
        receive(world.family(), kind=cases.Kind(kind), matter=matter, event_on=event_on)


def test_a_withdrawal_closes_itself_and_withdraws_its_target(world: World) -> None:
    family = world.family()
    target = cases.receive_application(filing(family), by=CLERK, at=AT)
    paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=target.number)
    withdrawal = cases.withdraw_application(paper, by=CLERK, at=AT)
    assert withdrawal.state == "closed"
    last = cases.application_history(target.application_id)[-1]
    assert (last.from_state, last.to_state, last.actor_name) == ("received", "withdrawn", CLERK.name)
    assert withdrawal.number in last.why
    assert cases.receive_application(filing(family), by=CLERK, at=AT).state == "received"


def test_a_withdrawal_without_identity_check_changes_nothing(world: World) -> None:
    family = world.family()
    target = cases.receive_application(filing(family), by=CLERK, at=AT)
    with pytest.raises(Refused, match="本人確認"):
        cases.withdraw_application(
            filing(family, kind=cases.Kind.WITHDRAWAL, target_no=target.number, identity=None),
            by=CLERK,
            at=AT,
        )
    assert cases.state_counts() == {"received": 1}


def test_what_was_decided_is_not_withdrawn(world: World) -> None:
    family = world.family()
    certify(family)
    number = cases.applications()[0].number
    with pytest.raises(Refused, match="決裁が済んだ"):
        cases.withdraw_application(
            filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number), by=CLERK, at=AT
        )
    assert cases.state_counts() == {"issued": 1}


def test_closing_needs_an_end(world: World) -> None:
    application_id = certify(world.family())
    cases.close_application(application_id, by=APPROVER, at=AT, why="送付済み")
    assert state(application_id) == "closed"
    with pytest.raises(Refused):
        cases.close_application(application_id, by=APPROVER, at=AT, why="二度目")


def test_unknown_receipt_numbers_are_bad_input(db: None) -> None:
    with pytest.raises(BadInput, match="受付番号"):
        cases.application_by_number("999999999999")
