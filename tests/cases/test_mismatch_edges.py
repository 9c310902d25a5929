"""Edges of the matching: who is compared against which report, merged numbers, two at once, what the database holds."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kyufu.audit.reading import READING
from kyufu.cases import api as cases
from kyufu.cases.api import MismatchKind
from kyufu.cases.mismatches import find_mismatches
from kyufu.cases.queries import fetch
from kyufu.evidence import api as evidence
from kyufu.platform import clock
from kyufu.registry import api as registry
from tests.cases.test_concurrency import together
from tests.cases.test_mismatches import (
    die,
    due,
    insure_anew,
    match,
    move_home,
    open_ones,
    part,
    rename_child,
    rename_father,
    told_of,
)
from tests.cases.test_reports import report
from tests.cases.world import AT, CLERK, LATER, ON, Family, World, approve, certify, filing, judge, receive
from tests.evidence.files import INCOME
from tests.registry.persons import measure, resident
from tests.registry.test_nonresidents import PAPER

CHANGE = cases.Kind.CHANGE
EVERY_CHILD = "SELECT DISTINCT child_id FROM cases_application"


def noted() -> set[int]:
    """Whose data were noted since it was asked last."""
    reading = READING.get()
    assert reading is not None
    return {person for _, subjects in reading.take_records() for person in subjects}


def second_guardian(world: World, family: Family) -> int:
    """Somebody else of the household, who becomes the guardian by a report; gives the id."""
    number = family.number + 3
    world.send("resident", [resident(number, setaibango=f"9{family.number:014}", shimei="見本　次子")])
    (found,) = registry.addressee_ids([f"{number:015}"]).values()
    receive_report = receive(
        family, kind=CHANGE, matter=cases.ChangeItem.GUARDIAN, event_on=ON,
        guardians=(cases.FiledGuardian(found, "mother"),),
    )  # fmt: skip
    judge(receive_report)
    approve(receive_report)
    return found


def test_what_changed_before_the_decision_was_told_with_it(world: World) -> None:
    family = world.family()
    application = receive(family)
    move_home(world, family)
    judge(application)
    approve(application)
    assert match().new == 0


def test_what_changed_between_judgement_and_approval_was_seen_by_the_judgement_that_was_approved(
    world: World,
) -> None:
    family = world.family()
    application = receive(family)
    judge(application)
    move_home(world, family)
    judge(application)
    approve(application)
    assert match().new == 0


def test_a_judgement_after_the_approval_tells_nothing_new(world: World) -> None:
    """A renewal, or a judgement for changed facts, is no report of the guardian."""
    family = world.family()
    application = certify(family)
    move_home(world, family)
    judge(application)
    assert len(cases.application_history(application)) > len(("received", "judged", "approved", "issued"))
    assert match().new == 1
    assert open_ones() == [MismatchKind.CHILD_MOVED]
    assert (match().over, open_ones()) == (0, [MismatchKind.CHILD_MOVED])


def test_who_is_rejected_or_waits_is_not_compared(world: World) -> None:
    rejected, waiting, never = world.family(birth="2008-04-01"), world.family(), world.family()
    refused = receive(rejected)
    judge(refused)
    approve(refused)
    receive(waiting)
    for one in (waiting, never):
        move_home(world, one)
    found = match(f"{EVERY_CHILD} UNION SELECT {never.child}")
    assert (found.compared, found.new) == (0, 0)


def test_income_is_no_matter_of_a_report(world: World) -> None:
    family = world.family()
    certify(family)
    world.send("tax", [{**INCOME, "atenabango": family.father_no}])
    assert match().new == 0


def test_a_withdrawn_report_tells_nothing(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    change = receive(family, kind=CHANGE, matter=cases.ChangeItem.ADDRESS, event_on=ON)
    assert due() == []
    number = cases.application_by_id(change).number
    cases.withdraw_application(filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number), by=CLERK, at=AT)
    assert (len(due()), open_ones()) == (1, [MismatchKind.CHILD_MOVED])


def test_a_new_guardian_is_compared_from_the_report_on_that_named_them(world: World) -> None:
    family = world.family()
    certify(family)
    die(world, family)
    match()
    assert open_ones() == [MismatchKind.GUARDIAN_GONE]
    mother = second_guardian(world, family)
    assert open_ones() == []
    assert (match().new, match().over) == (0, 0)
    parted = {
        "setaibango": "900000000088888",
        "rirekibango": 2,
        "ido_jiyu": "30",
        "ido_nengappi": "2026-11-05",
    }
    world.send("resident", [resident(family.number + 3, shimei="見本　次子", **parted)])
    assert match().new == 1
    (seen,) = cases.mismatches_in(None, kind=None, limit=5, after=0)
    assert (seen.guardian_id, seen.kind) == (mother, MismatchKind.GUARDIAN_APART)


def test_a_report_of_the_name_leaves_the_address_open(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family, shimei="改名　一郎")
    match()
    assert set(open_ones(family)) == {
        MismatchKind.CHILD_MOVED, MismatchKind.CHILD_RENAMED, MismatchKind.GUARDIAN_RENAMED,
    }  # fmt: skip
    report(family, kind=CHANGE, matter=cases.ChangeItem.NAME)
    assert open_ones(family) == [MismatchKind.CHILD_MOVED]


def test_each_child_of_a_family_has_a_difference_of_its_own(world: World) -> None:
    family = world.family()
    world.send("resident", [told_of(family, who=3, rirekibango=1, ido_jiyu="20", ido_nengappi="2020-04-01",
                                    shimei="見本　二郎", seinengappi="2019-06-11", tsuzukigara="10")])  # fmt: skip
    world.insure(family.number + 3)
    (younger,) = registry.addressee_ids([f"{family.number + 3:015}"]).values()
    certify(family)
    certify(Family(family.number, f"{family.number + 3:015}", family.father_no, younger, family.father))
    rename_father(world, family)
    assert match().new == 2
    assert {row.child_id for row in cases.mismatches_to_urge()} == {family.child, younger}


def test_insurance_under_a_merged_number_counts(world: World) -> None:
    family = world.family()
    certify(family)
    stranger = registry.register_non_resident(
        PAPER, valid_from=ON, distinct_from=(), by=CLERK, reason="申請書による", at=clock.current_instant()
    )
    registry.merge_into_resident(
        non_resident=stranger, resident=family.child, by=CLERK, reason="同一人", at=clock.current_instant()
    )
    assert match().new == 0
    insure_anew(world, family)
    assert match().new == 1
    assert open_ones() == [MismatchKind.INSURANCE_CHANGED]


def test_an_insurance_that_is_taken_back_is_no_difference(world: World) -> None:
    family = world.family()
    certify(family)
    insure_anew(world, family)
    match()
    assert open_ones() == [MismatchKind.INSURANCE_CHANGED]
    world.insure(family.number + 1, rirekibango=2, rirekieda=1, torikeshi=1)
    world.insure(family.number + 1, rirekieda=3)
    assert match().over == 1
    assert open_ones() == []


def test_two_matchings_at_once_note_it_once(world: World) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)

    def work() -> None:
        cases.match_with_register(by=CLERK, at=AT)

    assert together(work, work) == ["", ""]
    assert fetch("SELECT count(*) FROM cases_mismatch", {}) == [(1,)]
    assert fetch("SELECT to_state FROM cases_mismatch_transition", {}) == [("open",)]


def test_a_clerk_and_a_matching_at_once_leave_one_end(world: World) -> None:
    family = world.family()
    certify(family)
    rename_father(world, family)
    match()
    (one,) = due()
    world.send("resident", [told_of(family, who=2, rirekibango=3)])

    def settle() -> None:
        cases.settle_mismatch(one, resolved=True, by=LATER, at=AT, reason="電話で確認")

    told = together(settle, lambda: match() and None)
    steps = [row[0] for row in fetch("SELECT to_state FROM cases_mismatch_transition ORDER BY id", {})]
    assert steps[0] == "open"
    assert len(steps) == 2
    assert sum(bool(one) for one in told) <= 1


def test_the_questions_do_not_grow_with_the_children(world: World) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            find_mismatches(EVERY_CHILD)
        return len(asked)

    for number in range(2):
        certify(family := world.family())
        insure_anew(world, family)
        if number == 0:
            few = questions()
    for _ in range(3):
        certify(family := world.family())
        rename_child(world, family)
        part_and_insure(world, family)
    assert len(find_mismatches(EVERY_CHILD)) == 2 + 3 * 3
    assert questions() == few


def part_and_insure(world: World, family: Family) -> None:
    """The father leaves the household, and the insurance changes."""
    part(world, family)
    insure_anew(world, family)


def test_everybody_who_is_compared_or_listed_is_noted(world: World) -> None:
    family, same = world.family(), world.family()
    for one in (family, same):
        certify(one)
    move_home(world, family)
    noted()
    moment = clock.current_instant()
    registry.register_compared([registry.Pair(family.child, family.father, moment)])
    assert noted() == {family.child, family.father}
    evidence.insurance_compared([evidence.Moment(same.child, moment)])
    assert noted() == {same.child}
    match()
    noted()
    cases.mismatches_in(None, kind=None, limit=5, after=0)
    assert noted() == {family.child, family.father}
    assert len(list(cases.mismatches_to_urge())) == 1
    assert noted() >= {family.child, family.father}
    number = cases.mismatches_among("SELECT id FROM cases_mismatch", limit=5, after=0)[0].mismatch_id
    noted()
    cases.person_of_mismatch(number)
    assert noted() == {family.child}


def test_a_protected_family_is_matched_without_its_address(world: World) -> None:
    family = world.family()
    certify(family)
    for who in (1, 2):
        world.send("protection", [measure(family.number + who)])
    move_home(world, family)
    assert match().new == 1
    row = fetch("SELECT * FROM cases_mismatch", {})[0]
    assert not [one for one in row if isinstance(one, str) and ("９" in one or "駒岡" in one)]


COPIED = """INSERT INTO cases_mismatch (child_id, guardian_id, application_id, decision_id, since, found_at,
       kind, mark, state)
SELECT child_id, guardian_id, application_id, decision_id, since, found_at, {} FROM cases_mismatch"""
CHANGES = {
    "a state without a step": "UPDATE cases_mismatch SET state = 'dismissed'",
    "another kind": COPIED.format("'income', mark, 'open'"),
    "the same twice": COPIED.format("kind, mark, 'open'"),
    "a beginning that is an end": COPIED.format("kind, 'x', 'resolved'"),
    "history that changes": "UPDATE cases_mismatch_transition SET why = 'x'",
    "history that goes": "DELETE FROM cases_mismatch_transition",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_the_database_refuses(world: World, statement: str) -> None:
    family = world.family()
    certify(family)
    move_home(world, family)
    match()
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert open_ones() == [MismatchKind.CHILD_MOVED]
