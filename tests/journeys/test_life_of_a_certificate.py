"""Born, certified, moved, lost the card, moved away: the whole way of one child, and what was known when."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from tests.cases.world import LATER, World
from tests.journeys.life import (
    APPLIED,
    BORN,
    CARD_LOST,
    CHILD,
    FATHER,
    GONE,
    KAWASAKI,
    MOVE_REPORTED,
    MOVED,
    Life,
)

CITY = "141003"


@pytest.fixture
def life(transactional_db: None, tmp_path: Path, settings: Settings) -> Life:
    """A story that has not begun; papers go into a folder of its own."""
    settings.VAR_DIR = tmp_path
    return Life(World(tmp_path))


def in_use() -> list[cases.CertificateRow]:
    return list(cases.certificates_to_print())


def held(life: Life) -> list[Period]:
    return [row.valid for row in cases.entitlements_of([life.child]).get(life.child, ())]


def until_certified(life: Life) -> cases.CertificateRow:
    life.parents()
    life.birth()
    life.first_certificate()
    (first,) = in_use()
    return first


def until_moved(life: Life) -> cases.CertificateRow:
    until_certified(life)
    life.move()
    life.certificate_after_move()
    (second,) = in_use()
    return second


@pytest.mark.requirement("YOK-001")
def test_a_newborn_is_entitled_from_the_day_of_birth(life: Life) -> None:
    first = until_certified(life)
    (period,) = held(life)
    assert period.start == BORN
    assert first.valid == period
    assert (first.kind, first.issue_no, first.issued_on, first.child_id) == ("new", 1, APPLIED, life.child)
    (paper,) = life.papers["first certificate"]
    assert "見本つばさ" in paper
    assert "令和8年9月10日" in paper
    assert "駒岡一丁目１番２号" in paper
    assert first.number in paper
    assert first.recipient_no in paper


def test_a_second_application_is_refused_while_the_child_is_entitled(life: Life) -> None:
    until_certified(life)
    with pytest.raises(Refused, match="すでに資格があります"):
        life.first_certificate()
    assert len(in_use()) == 1


def test_the_move_makes_the_former_decision_stale_but_ends_nothing(life: Life) -> None:
    first = until_certified(life)
    before = held(life)
    assert cases.refuse_if_stale([first.decision_id]) == {}
    life.move()
    assert list(cases.refuse_if_stale([first.decision_id])) == [first.decision_id]
    assert held(life) == before
    again = documents.reprint(
        documents.Kind.CERTIFICATE, subject_id=first.certificate_id, reason="汚損", by=LATER,
        on=MOVE_REPORTED, at=life.moments["move"],
    )  # fmt: skip
    assert (again.documents, again.exceptions) == (0, 1)


@pytest.mark.requirement("YOK-029")
def test_the_certificate_after_the_move_takes_the_place_of_the_former(life: Life) -> None:
    first = until_certified(life)
    life.move()
    life.certificate_after_move()
    (second,) = in_use()
    assert (second.kind, second.issue_no, second.issued_on) == ("change", 2, MOVE_REPORTED)
    assert (second.recipient_no, second.payer_no) == (first.recipient_no, first.payer_no)
    assert second.number != first.number
    assert (second.valid, held(life)) == (first.valid, [first.valid])
    (paper,) = life.papers["certificate after move"]
    assert "大豆戸町２６番地" in paper
    assert "駒岡" not in paper
    assert [step.to_state for step in cases.certificate_history(first.certificate_id)] == [
        "issued",
        "replaced",
    ]
    assert cases.certificate_history(second.certificate_id)[0].why == "異動による交付"


@pytest.mark.requirement("YOK-029")
def test_a_lost_certificate_is_issued_again_with_the_reason(life: Life) -> None:
    second = until_moved(life)
    life.certificate_after_loss()
    (third,) = in_use()
    assert (third.kind, third.issue_no, third.issued_on) == ("reissue", 3, CARD_LOST)
    assert third.valid == second.valid
    history = cases.certificate_history(third.certificate_id)
    assert [(step.to_state, step.why, step.actor_name) for step in history] == [
        ("issued", "再交付：紛失", LATER.name)
    ]
    assert cases.certificate_history(second.certificate_id)[-1].to_state == "replaced"
    (paper,) = life.papers["certificate after loss"]
    assert third.number in paper
    assert second.number not in paper


def test_a_found_card_is_recovered_and_stays_out_of_use(life: Life) -> None:
    second = until_moved(life)
    life.certificate_after_loss()
    cases.recover_certificate(
        second.number, by=LATER, at=life.moments["certificate after loss"], why="発見、返却"
    )
    steps = [(step.to_state, step.why) for step in cases.certificate_history(second.certificate_id)]
    assert steps[-1] == ("recovered", "発見、返却")
    assert second.number not in {row.number for row in in_use()}


def test_moving_away_ends_the_entitlement_on_that_day(life: Life) -> None:
    until_moved(life)
    life.certificate_after_loss()
    (third,) = in_use()
    life.leave()
    life.end()
    assert in_use() == []
    (period,) = held(life)
    assert period.start == BORN
    assert period.end == GONE
    last = cases.certificate_history(third.certificate_id)[-1]
    assert (last.to_state, last.why) == ("voided", "資格喪失")


def test_the_loss_is_told_by_letter_with_its_reason(life: Life) -> None:
    life.whole()
    (loss,) = cases.losses_to_notify()
    assert (loss.child_id, loss.guardian_id) == (life.child, life.ids[FATHER])
    paper = "".join(life.papers["end"])
    assert "資格喪失通知" in paper
    assert "見本つばさ" in paper
    assert "見本太郎様" in paper
    assert "大豆戸町２６番地" in paper
    assert "審査請求" in paper


def test_a_letter_to_a_family_whose_new_address_is_not_known_is_held_back_with_the_reason(life: Life) -> None:
    until_moved(life)
    life.leave(father_too=True)
    life.end()
    assert life.papers["end"] == []
    (left,) = documents.exceptions()
    assert (left.kind, left.count) == (documents.Kind.LOSS, 1)
    assert "転出" in left.text


def test_what_was_known_of_the_address_at_each_moment(life: Life) -> None:
    life.whole()
    after_move = MOVED + timedelta(days=14)
    known = {
        chapter: registry.people([life.child], valid_on=after_move, today=after_move, known_at=at).get(
            life.child
        )
        for chapter, at in life.moments.items()
    }
    assert known["parents"] is None
    assert {chapter: view.ward_code for chapter, view in known.items() if view} == {
        "birth": "141011", "first certificate": "141011", "move": "141097", "certificate after move": "141097",
        "certificate after loss": "141097", "leave": "141097", "end": "141097",
    }  # fmt: skip
    now = registry.people([life.child], valid_on=MOVED - timedelta(days=1), today=MOVED - timedelta(days=1))[
        life.child
    ]
    assert now.ward_code == "141011"


def test_what_was_known_of_the_residence_at_each_moment(life: Life) -> None:
    life.whole()
    ends = {}
    for chapter, at in life.moments.items():
        facts = registry.person_facts([life.child], known_at=at)
        ends[chapter] = (
            [(one.municipality, one.period.end) for one in facts[life.child].residences] if facts else []
        )
    assert ends["parents"] == []
    assert ends["birth"] == ends["move"] == [(CITY, None)]
    assert [municipality for municipality, _ in ends["leave"]] == [CITY, KAWASAKI]
    assert ends["leave"][0][1] == GONE
    assert ends["end"] == ends["leave"]


def test_what_was_known_of_the_insurance_at_each_moment(life: Life) -> None:
    life.whole()
    known = {
        chapter: len(evidence.insurance_of([life.child], known_at=at)[life.child])
        for chapter, at in life.moments.items()
    }
    assert known.pop("parents") == 0
    assert set(known.values()) == {1}


def test_each_decision_keeps_the_facts_of_its_day(life: Life) -> None:
    life.whole()
    rows = {row.kind: row for row in cases.applications()}
    decided = cases.decisions([row.decision_id for row in rows.values() if row.decision_id])
    assert len(decided) == 4
    hashes = {kind: decided[row.decision_id].facts_hash for kind, row in rows.items() if row.decision_id}
    # The move within the city is no fact of law: only the move away changes what is judged.
    assert hashes["new"] == hashes["change"] == hashes["reissue"] != hashes["loss"]
    outcomes = {kind: str(decided[row.decision_id].outcome) for kind, row in rows.items() if row.decision_id}
    assert outcomes == {
        "new": "eligible",
        "change": "eligible",
        "reissue": "eligible",
        "loss": "not_eligible",
    }


@pytest.mark.requirement("YOK-059")
def test_every_step_of_every_case_is_on_record(life: Life) -> None:
    life.whole()
    steps = {
        row.kind: [step.to_state for step in cases.application_history(row.application_id)]
        for row in cases.applications()
    }
    with_card = ["received", "judged", "approved", "issued"]
    assert steps == {
        "new": with_card,
        "change": with_card,
        "reissue": with_card,
        "loss": ["received", "judged", "approved", "closed"],
    }
    for row in cases.applications():
        history = cases.application_history(row.application_id)
        assert all(step.actor_name and step.why for step in history)
        assert [step.at for step in history] == sorted(step.at for step in history)


def test_the_papers_of_the_family_are_on_record_in_the_order_of_printing(life: Life) -> None:
    life.whole()
    pages = documents.pages_to(life.ids[FATHER])
    assert [page.kind for page in pages] == [
        documents.Kind.LOSS, documents.Kind.CERTIFICATE, documents.Kind.CERTIFICATE, documents.Kind.CERTIFICATE
    ]  # fmt: skip
    assert all(page.file.is_file() for page in pages)
    assert documents.pages_to(life.child) == ()


def test_a_birth_told_twice_is_one_birth(life: Life) -> None:
    life.parents()
    life.birth()
    before = registry.person_facts([life.child])
    result = life.world.send("resident", [life._child(ido_jiyu="10", ido_nengappi=str(BORN))])
    assert result.rejected == 0
    facts = registry.person_facts([life.child])
    assert facts[life.child].birth_date == before[life.child].birth_date == BORN
    assert facts[life.child].residences == before[life.child].residences


def test_a_move_that_is_taken_back_leaves_the_first_address(life: Life) -> None:
    until_certified(life)
    life.move()
    moved = {"rirekibango": 2, "rirekieda": 1, "torikeshi": 1, "ido_jiyu": "30", "ido_nengappi": str(MOVED)}
    life.world.send("resident", [life._child(**moved)])
    assert (
        registry.people([life.child], valid_on=date(2027, 1, 1), today=date(2027, 1, 1))[life.child].ward_code
        == "141011"
    )
    then = registry.people(
        [life.child], valid_on=date(2027, 1, 1), today=date(2027, 1, 1), known_at=life.moments["move"]
    )
    assert then[life.child].ward_code == "141097"
    assert CHILD in life.ids
