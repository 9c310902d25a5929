"""Which decisions a change touches: those about the person, by whatever way the change came, and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
from django.db import transaction

from kyufu.audit.api import acting
from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.law.calendar.period import Period
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.access import Opening
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from tests.cases.test_judgement import fetch
from tests.cases.test_staleness import decision_of
from tests.cases.world import CLERK, Family, World, approve, filing, judge, receive
from tests.conftest import TESTER
from tests.evidence.files import INCOME, INSURANCE, PERIOD
from tests.evidence.records import INSURANCE_BY_HAND, income
from tests.registry.persons import measure, resident
from tests.registry.test_nonresidents import PAPER, register
from tests.registry.test_nonresidents_merged import everybody


class Scene(NamedTuple):
    """A city with two judged children, one of them the one that something happens to."""

    world: World
    family: Family
    stranger: Family
    decision: int
    other: int


@pytest.fixture
def scene(world: World) -> Scene:
    """Two families whose children are judged, and stand as they were judged."""
    family, stranger = world.family(), world.family()
    for one in (family, stranger):
        judge(receive(one))
    ids = [row.application_id for row in cases.applications()]
    found = Scene(world, family, stranger, decision_of(ids[0]), decision_of(ids[1]))
    assert stale() == set()
    return found


def stale() -> set[int]:
    """The decisions on the worklist of stale ones, which must agree with what is asked one by one."""
    listed = {row.decision_id for row in cases.stale_decisions()}
    every = {row[0] for row in fetch("SELECT id FROM cases_decision")}
    assert listed == {one for one in every if cases.is_stale(one)}
    return listed


def tax(scene: Scene) -> None:
    scene.world.send("tax", [{**INCOME, "atenabango": scene.family.father_no}])


def tax_of_the_mother_in_law(scene: Scene) -> None:
    scene.world.send("tax", [{**INCOME, "atenabango": scene.stranger.father_no}])


def insurance(scene: Scene) -> None:
    scene.world.insure(scene.family.number + 1, rirekieda=1, kigo="９９９")


def insurance_cancelled(scene: Scene) -> None:
    scene.world.insure(scene.family.number + 1, rirekieda=1, torikeshi=1)


def assistance(scene: Scene) -> None:
    scene.world.assist(scene.family, since="2026-07-01")


def assistance_long_ago(scene: Scene) -> None:
    row = {**PERIOD, "hogo_kubun": "2", "atenabango": scene.family.child_no, "kaishi": "2019-01-01"}
    scene.world.send("assistance", [row | {"haishi": "2020-01-01"}])


def other_scheme(scene: Scene) -> None:
    row = {**PERIOD, "seido": "1", "atenabango": scene.family.child_no, "kaishi": "2026-07-01"}
    scene.world.send("schemes", [row])


def moved_away(scene: Scene) -> None:
    scene.world.move_out(scene.family, on="2026-07-15")


def renamed_father(scene: Scene) -> None:
    row = resident(
        scene.family.number + 2, ido_jiyu="60", rirekibango=2, ido_nengappi="2026-07-01", shimei="見本　次郎",
        setaibango=f"9{scene.family.number:014}",
    )  # fmt: skip
    scene.world.send("resident", [row])


def event_cancelled(scene: Scene) -> None:
    row = resident(
        scene.family.number + 1, rirekieda=1, torikeshi=1, ido_nengappi="2020-04-01", shimei="見本　一郎",
        seinengappi="2018-05-10", tsuzukigara="10", setaibango=f"9{scene.family.number:014}",
    )  # fmt: skip
    scene.world.send("resident", [row])


def income_by_hand(scene: Scene) -> None:
    evidence.record_income(income(), addressee_id=scene.family.father, by=CLERK, note="課税証明書")


def income_withdrawn(scene: Scene) -> None:
    one = evidence.record_income(income(), addressee_id=scene.family.father, by=CLERK, note="課税証明書")
    judge(cases.applications()[0].application_id)
    evidence.withdraw_income(one, addressee_id=scene.family.father, by=CLERK, reason="別人の書類")


def insurance_by_hand(scene: Scene) -> None:
    coverage = INSURANCE_BY_HAND._replace(valid=Period(date(2021, 4, 1), date(2024, 4, 1)))
    evidence.record_insurance(
        coverage, addressee_id=scene.family.child, corrects=None, by=CLERK, note="", check=CheckDigit.TESTED
    )


CHANGES: tuple[Callable[[Scene], None], ...] = (
    tax, insurance, insurance_cancelled, assistance, assistance_long_ago, other_scheme, moved_away, renamed_father,
    income_by_hand, income_withdrawn, insurance_by_hand,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_every_kind_of_change_touches_the_latest_decision_of_its_own_family_alone(
    scene: Scene, change: Callable[[Scene], None]
) -> None:
    change(scene)
    latest = decision_of(cases.applications()[0].application_id)
    assert cases.is_stale(latest)
    assert not cases.is_stale(scene.other)
    assert {row.decision_id for row in cases.stale_decisions()} == {latest}
    with pytest.raises(Refused, match="事実が変わりました"):
        approve(cases.applications()[0].application_id)
    approve(cases.applications()[1].application_id)
    judge(cases.applications()[0].application_id)
    assert cases.stale_decisions() == ()


def test_a_cancelled_record_touches_the_decision_and_the_child_is_not_judged_without_one(
    scene: Scene,
) -> None:
    event_cancelled(scene)
    assert stale() == {scene.decision}
    mine, other = (row.application_id for row in cases.applications())
    with pytest.raises(Refused, match="住民記録がありません"):
        judge(mine)
    with pytest.raises(Refused, match="事実が変わりました"):
        approve(mine)
    approve(other)


def test_a_change_of_another_family_touches_its_own(scene: Scene) -> None:
    tax_of_the_mother_in_law(scene)
    assert stale() == {scene.other}


def test_the_same_facts_sent_again_touch_nothing(scene: Scene) -> None:
    row = {**INSURANCE, "atenabango": scene.family.child_no}
    scene.world.send("insurance", [row])
    assert stale() == set()


def test_a_row_that_did_not_land_touches_nothing(scene: Scene) -> None:
    row = {**PERIOD, "hogo_kubun": "9", "atenabango": scene.family.child_no, "kaishi": "2026-07-01"}
    assert scene.world.send("assistance", [row]).rejected == 1
    assert stale() == set()


def test_a_protective_measure_changes_no_decision_but_reaches_the_letters(scene: Scene) -> None:
    """Where a letter goes is asked when it is printed; what was decided does not rest on it."""
    scene.world.send("protection", [measure(scene.family.number + 2)])
    with acting(TESTER._replace(opened=frozenset({Opening.PROTECTED_ADDRESS}))):
        addresses = registry.postal_address(
            [scene.family.father], on=date(2026, 8, 1), today=date(2026, 8, 1)
        )
    assert "港町" in repr(addresses[scene.family.father])


def outsider(scene: Scene) -> tuple[int, int, int]:
    """A guardian from outside the city, judged with the child of the scene; application, decision and person."""
    guardian = register(PAPER, distinct_from=everybody())
    third = scene.world.family()
    one = cases.receive_application(
        filing(third, guardians=(cases.FiledGuardian(guardian, "father"),)), by=CLERK, at=current_instant()
    ).application_id
    judge(one)
    return one, decision_of(one), guardian


def test_correcting_a_guardian_from_outside_touches_the_decision(scene: Scene) -> None:
    _, decision, guardian = outsider(scene)
    registry.correct_non_resident(
        replace(PAPER, house_number="２番"), addressee_id=guardian, valid_from=date(2026, 6, 1), by=CLERK,
        reason="転居の届出", at=current_instant(),
    )  # fmt: skip
    assert stale() == {decision}


def merge(guardian: int, *, into: int) -> None:
    registry.merge_into_resident(
        non_resident=guardian, resident=into, by=CLERK, reason="転入により同一人と判明", at=current_instant()
    )


def test_a_merge_and_its_undoing_touch_decisions_on_both_numbers_and_no_others(scene: Scene) -> None:
    application, decision, guardian = outsider(scene)
    merge(guardian, into=scene.family.father)
    assert stale() == {decision, scene.decision}
    judge(application)
    judge(cases.applications()[0].application_id)
    assert cases.stale_decisions() == ()
    registry.split_from_resident(non_resident=guardian, by=CLERK, reason="別人と判明", at=current_instant())
    assert {row.application_id for row in cases.stale_decisions()} == {
        application,
        cases.applications()[0].application_id,
    }


def test_after_a_merge_income_under_one_number_touches_decisions_under_the_other(scene: Scene) -> None:
    application, _, guardian = outsider(scene)
    merge(guardian, into=scene.family.father)
    judge(application)
    judge(cases.applications()[0].application_id)
    tax(scene)
    assert {row.application_id for row in cases.stale_decisions()} == {
        application,
        cases.applications()[0].application_id,
    }


def test_a_change_that_is_rolled_back_touches_nothing(scene: Scene) -> None:
    class Undo(Exception):
        """The end of an attempt."""

    with pytest.raises(Undo), transaction.atomic():
        evidence.record_income(income(), addressee_id=scene.family.father, by=CLERK, note="課税証明書")
        raise Undo
    assert stale() == set()


def test_the_worklist_shows_what_changed_of_each_and_is_limited(scene: Scene) -> None:
    tax(scene)
    insurance(scene)
    tax_of_the_mother_in_law(scene)
    rows = cases.stale_decisions()
    assert [len(row.changes) for row in rows] == [2, 1]
    assert all(change.startswith("evidence:") for row in rows for change in row.changes)
    assert [row.decision_id for row in cases.stale_decisions(limit=1)] == [scene.decision]
