"""Judging applications: what is stored of a decision, and that it stays as it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.cases import api as cases
from kyufu.cases.gathering import gather
from kyufu.law.child import judge as judge_by_law
from kyufu.law.child.codec import facts_from_json
from kyufu.law.child.hashing import facts_hash
from kyufu.law.decision import Outcome
from kyufu.platform.errors import Refused
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    ON,
    RECEIVED,
    World,
    approve,
    certify,
    issue,
    judge,
    receive,
    state,
)


def fetch(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall()


@pytest.mark.requirement("YOK-017")
def test_a_judged_application_keeps_the_whole_decision(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    assert state(application_id) == "judged"
    decision_id = cases.applications()[0].decision_id
    assert decision_id is not None
    kept = cases.decisions([decision_id])[decision_id]
    row = fetch(
        """SELECT d.outcome, lower(d.valid), upper(d.valid), d.benefit_class, d.parameter_version, d.facts_hash,
                  d.judged_by_id, d.judged_by_name, d.judged_at, c.facts
             FROM cases_decision d JOIN cases_decision_content c ON c.decision_id = d.id"""
    )[0]
    assert kept.outcome is Outcome.ELIGIBLE
    assert row[:3] == ("eligible", date(2026, 8, 1), date(2027, 8, 1))
    assert row[3:6] == (kept.benefit_class, kept.parameter_version, kept.facts_hash)
    assert row[6:9] == (CLERK.staff_id, CLERK.name, AT)


def test_replaying_the_stored_facts_gives_the_stored_decision(world: World) -> None:
    judge(receive(world.family()))
    facts_json, content = fetch("SELECT facts, content FROM cases_decision_content")[0]
    facts = facts_from_json(facts_json)
    again = judge_by_law(facts, municipality="yokohama", on=ON)
    assert facts_hash(facts) == json.loads(content)["facts_hash"]
    assert cases.decisions([row[0] for row in fetch("SELECT id FROM cases_decision")]) == {
        fetch("SELECT id FROM cases_decision")[0][0]: again
    }


@pytest.mark.requirement("YOK-034")
def test_child_and_guardian_are_the_subjects_of_the_decision(world: World) -> None:
    family = world.family()
    judge(receive(family))
    subjects = fetch("SELECT addressee_id, role FROM cases_decision_subject ORDER BY id")
    assert subjects == [(family.child, "child"), (family.father, "guardian")]


@pytest.mark.requirement("YOK-017")
def test_a_child_without_known_insurance_is_put_on_hold_with_the_reason(world: World) -> None:
    family = world.family(insured=False)
    application_id = receive(family)
    judge(application_id)
    assert state(application_id) == "undecided"
    assert "健康保険" in cases.application_history(application_id)[-1].why
    assert [(one.outcome, one.reason_code) for one in cases.outcome_counts()] == [
        ("cannot_decide", "missing.insurance")
    ]
    world.insure(family.number + 1)
    judge(application_id)
    assert state(application_id) == "judged"
    assert [one.outcome for one in cases.outcome_counts()] == ["eligible"]


@pytest.mark.requirement("YOK-059")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_decision SET outcome = 'eligible'",
        "DELETE FROM cases_decision_content",
        "UPDATE cases_decision_content SET facts = '{}'",
        "DELETE FROM cases_decision_subject",
        "UPDATE cases_application_transition SET why = ''",
        "DELETE FROM cases_identity_check",
    ],
)
def test_decisions_facts_and_history_are_never_changed(world: World, change: str) -> None:
    judge(receive(world.family()))
    before = fetch("SELECT * FROM cases_decision_content")
    with pytest.raises(DatabaseError, match="rows stand as written"), transaction.atomic():
        fetch(change + " RETURNING 1")
    assert fetch("SELECT * FROM cases_decision_content") == before


@pytest.mark.requirement("YOK-005")
def test_the_database_refuses_a_decision_without_an_identity_check(world: World) -> None:
    judge(receive(world.family()))
    other = receive(world.family(), identity=None)
    copy = """INSERT INTO cases_decision (application_id, child_id, scheme, municipality, judged_for, outcome, valid,
                  benefit_class, reason_codes, parameter_version, facts_hash, judged_by_id, judged_by_name,
                  judged_by_office, judged_at, gathered_at, snapshot)
              SELECT %s, child_id, scheme, municipality, judged_for, outcome, valid, benefit_class, reason_codes,
                     parameter_version, facts_hash, judged_by_id, judged_by_name, judged_by_office, judged_at,
                     gathered_at, snapshot FROM cases_decision RETURNING id"""
    with pytest.raises(IntegrityError, match="cases_decision_identity"), transaction.atomic():
        fetch(copy, other)


def test_a_second_judgement_leaves_the_first_and_takes_its_place(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    judge(application_id)
    ids = [row[0] for row in fetch("SELECT id FROM cases_decision ORDER BY id")]
    assert len(ids) == 2
    assert cases.applications()[0].decision_id == ids[1]
    assert list(cases.refuse_if_stale(ids)) == [ids[0]]


def test_an_issued_application_is_not_judged_again(world: World) -> None:
    application_id = certify(world.family())
    with pytest.raises(Refused):
        judge(application_id)
    assert len(fetch("SELECT 1 FROM cases_decision")) == 1


def test_sending_back_needs_a_reason_and_leads_to_a_new_judgement(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    with pytest.raises(Refused, match="理由"):
        cases.send_back(application_id, by=APPROVER, at=AT, why=" ")
    cases.send_back(application_id, by=APPROVER, at=AT, why="続柄を確かめること")
    assert (state(application_id), cases.application_history(application_id)[-1].actor_name) == (
        "sent_back",
        APPROVER.name,
    )
    with pytest.raises(Refused, match="判定済の申請ではありません"):
        approve(application_id)
    judge(application_id)
    assert state(application_id) == "judged"


def test_a_report_keeps_the_day_of_the_first_application(world: World) -> None:
    family = world.family()
    certify(family)
    report = receive(family, kind=cases.Kind.CHANGE, matter="name", event_on=date(2026, 12, 1),
                     received_on=date(2027, 5, 1))  # fmt: skip
    case = gather([report], on=ON).cases[0]
    assert (case.applied_on, case.judged_for) == (RECEIVED, date(2026, 12, 1))
    judge(report)
    approve(report)
    issue(report, on=date(2027, 5, 1))
    (held,) = cases.entitlements_of([family.child])[family.child]
    assert held.valid.start == date(2026, 8, 1)
