"""Certificates: numbers, history, re-issue, void and recovered; what must not be issued."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.cases import api as cases
from kyufu.cases.payer import payer_number
from kyufu.law.calendar.period import Period
from kyufu.notation.check_digits import parse_payer_number, parse_recipient_number
from kyufu.platform.errors import BadInput, Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import AT, LATER, ON, World, approve, certify, issue, judge, receive, state

YEAR = Period(date(2026, 8, 1), date(2027, 8, 1))


@pytest.mark.requirement("YOK-022")
def test_only_an_approved_application_gets_a_certificate(world: World) -> None:
    application_id = receive(world.family())
    for step in (judge, approve):
        with pytest.raises(Refused, match="決裁済の申請ではありません"):
            issue(application_id)
        step(application_id)
    issue(application_id)
    assert state(application_id) == "issued"
    with pytest.raises(Refused, match="決裁済の申請ではありません"):
        issue(application_id)


@pytest.mark.requirement("YOK-029")
@pytest.mark.requirement("YOK-030")
def test_a_certificate_says_what_was_decided_and_its_history_says_who(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    (row,) = cases.certificates_to_print()
    assert (row.child_id, row.guardian_id, row.application_id) == (
        family.child,
        family.father,
        application_id,
    )
    assert (row.valid, row.kind, row.issued_on, row.issue_no) == (YEAR, "new", ON, 1)
    assert row.decision_id == cases.applications()[0].decision_id
    parse_recipient_number(row.recipient_no)
    parse_payer_number(row.payer_no)
    assert [
        (step.from_state, step.to_state, step.actor_name, step.at, step.why)
        for step in cases.certificate_history(row.certificate_id)
    ] == [(None, "issued", LATER.name, AT, "新規の交付")]


@pytest.mark.requirement("YOK-029")
def test_a_reissue_replaces_the_card_and_keeps_the_recipient_number(world: World) -> None:
    family = world.family()
    certify(family)
    (first,) = cases.certificates_to_print()
    again = receive(family, kind=cases.Kind.REISSUE, matter="lost", received_on=date(2026, 9, 3))
    judge(again, on=date(2026, 9, 3))
    approve(again)
    issue(again, on=date(2026, 9, 3))
    (second,) = cases.certificates_to_print()
    assert second.recipient_no == first.recipient_no
    assert second.number != first.number
    assert (second.kind, second.issue_no, second.valid) == ("reissue", 2, YEAR)
    assert [step.why for step in cases.certificate_history(second.certificate_id)] == ["再交付：紛失"]
    assert cases.certificate_history(first.certificate_id)[-1].to_state == "replaced"
    assert _events(family.child) == ["acquired"]


def test_a_change_of_name_gives_a_new_card(world: World) -> None:
    family = world.family()
    certify(family)
    change = receive(family, kind=cases.Kind.CHANGE, matter="name", event_on=date(2026, 9, 1))
    judge(change)
    approve(change)
    assert state(change) == "approved"
    issue(change, on=date(2026, 9, 2))
    (row,) = cases.certificates_to_print()
    assert (row.kind, row.issue_no, row.issued_on) == ("change", 2, date(2026, 9, 2))


def test_a_card_that_was_lost_and_found_is_recovered(world: World) -> None:
    family = world.family()
    certify(family)
    (row,) = cases.certificates_to_print()
    with pytest.raises(Refused, match="理由"):
        cases.void_certificate(row.number, by=LATER, at=AT, why="")
    cases.void_certificate(row.number, by=LATER, at=AT, why="誤記のため")
    assert list(cases.certificates_to_print()) == []
    cases.recover_certificate(row.number, by=LATER, at=AT, why="窓口で回収")
    with pytest.raises(Refused):
        cases.void_certificate(row.number, by=LATER, at=AT, why="もう一度")
    steps = [(step.to_state, step.why) for step in cases.certificate_history(row.certificate_id)]
    assert steps == [("issued", "新規の交付"), ("voided", "誤記のため"), ("recovered", "窓口で回収")]


def test_an_unknown_certificate_is_bad_input(db: None) -> None:
    with pytest.raises(BadInput, match="証番号"):
        cases.void_certificate("9999999999", by=LATER, at=AT, why="試し")


def test_a_name_that_cannot_be_printed_stops_the_issue(world: World) -> None:
    application_id = receive(world.family(name="𠮷田　花子"))
    judge(application_id)
    approve(application_id)
    with pytest.raises(Refused, match=r"印刷用の書体にない文字.*U\+20BB7"):
        issue(application_id)
    assert state(application_id) == "approved"
    assert fetch("SELECT 1 FROM cases_recipient") == []


def test_an_entitlement_that_has_ended_gets_no_card(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    approve(application_id)
    with pytest.raises(Refused, match="有効な資格がありません"):
        issue(application_id, on=date(2027, 8, 1))
    issue(application_id, on=date(2027, 7, 31))


@pytest.mark.requirement("YOK-022")
def test_the_database_refuses_a_certificate_without_an_approval(world: World) -> None:
    certify(world.family())
    other = receive(world.family())
    judge(other)
    unapproved = fetch("SELECT max(id) FROM cases_decision")[0][0]
    insert = """INSERT INTO cases_certificate (number, child_id, guardian_id, application_id, decision_id,
                    entitlement_id, kind, payer_no, valid, benefit_class, issued_on, state)
                SELECT '9999999999', child_id, guardian_id, application_id, %s, entitlement_id, kind, payer_no,
                       daterange('2030-01-01', '2030-02-01'), benefit_class, issued_on, state FROM cases_certificate"""
    with (
        pytest.raises(IntegrityError, match="cases_approval"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [unapproved])


@pytest.mark.requirement("YOK-059")
@pytest.mark.parametrize(
    "change", ["UPDATE cases_certificate SET valid = 'empty'", "DELETE FROM cases_certificate"]
)
def test_an_issued_certificate_is_never_rewritten(world: World, change: str) -> None:
    certify(world.family())
    with (
        pytest.raises(DatabaseError, match="never rewritten"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_two_certificates_of_a_child_are_never_in_use_on_one_day(world: World) -> None:
    certify(world.family())
    copy = """INSERT INTO cases_certificate (number, child_id, guardian_id, application_id, decision_id,
                  entitlement_id, kind, payer_no, valid, benefit_class, issued_on, state)
              SELECT '9999999999', child_id, guardian_id, application_id, decision_id, entitlement_id, kind,
                     payer_no, valid, benefit_class, issued_on, state FROM cases_certificate"""
    with (
        pytest.raises(IntegrityError, match="one_in_use"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(copy)


def test_recipient_numbers_differ_and_their_check_digits_are_right(world: World) -> None:
    for _ in range(4):
        certify(world.family())
    numbers = [row.recipient_no for row in cases.certificates_to_print()]
    assert len(set(numbers)) == 4
    for number in numbers:
        parse_recipient_number(number)


def test_the_payer_number_is_a_dated_parameter_that_must_be_confirmed() -> None:
    parse_payer_number(payer_number(municipality="yokohama", on=ON))
    with pytest.raises(BadInput, match="その日の公費負担者番号"):
        payer_number(municipality="yokohama", on=date(2000, 1, 1))
    with pytest.raises(BadInput):
        payer_number(municipality="nowhere", on=ON)


def _events(child_id: int) -> list[str]:
    rows = fetch("SELECT event FROM cases_entitlement_change WHERE child_id = %s ORDER BY id", child_id)
    return [row[0] for row in rows]
