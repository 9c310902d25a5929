"""Reads of cases that find somebody only where a case stands so: they note whose it is, child and guardian."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kyufu.audit.reading import READING
from kyufu.cases import api as cases
from tests.cases.world import CHECK, Family, World, approve, certify, judge, receive


def noted_of(read: Callable[[], object]) -> dict[str, set[int]]:
    """Whose data a read notes, with nothing noted before."""
    reading = READING.get()
    assert reading is not None
    reading.noted.clear()
    read()
    return {what: set(subjects) for what, subjects in reading.noted.items()}


def both(family: Family) -> set[int]:
    """Child and father."""
    return {family.child, family.father}


def test_an_application_on_hold_is_noted(world: World) -> None:
    family = world.family(insured=False)
    judge(receive(family))
    assert noted_of(lambda: list(cases.undecided_to_notify())) == {"確認書類の依頼の対象": both(family)}


def test_a_rejection_is_noted(world: World) -> None:
    family = world.family()
    world.assist(family, since="2020-04-01")
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    assert noted_of(lambda: list(cases.rejections_to_notify())) == {"却下の通知の対象": both(family)}


def test_what_went_stale_is_noted(world: World) -> None:
    family = world.family()
    judge(receive(family))
    world.assist(family, since="2026-07-01")
    assert noted_of(cases.stale_decisions) == {"判定のあとに変わった事実": {family.child}}


def test_one_of_a_list_does_not_note_the_others(world: World) -> None:
    first, second = world.family(), world.family()
    certify(first)
    certify(second)
    only = next(cases.certificates_to_print()).certificate_id
    assert noted_of(lambda: list(cases.certificates_to_print(only=only))) == {"医療証の記載事項": both(first)}


def test_a_judgement_is_one_record_of_children_and_guardians(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    noted = noted_of(lambda: judge(application_id))
    assert noted == {"判定に用いる事実（住民記録・医療保険・生活保護・他制度・所得）": both(family)}


@pytest.mark.parametrize("read", [cases.state_counts, cases.outcome_counts, cases.outcomes_by_reason])
def test_counts_note_nobody(world: World, read: Callable[[], object]) -> None:
    judge(receive(world.family()))
    assert noted_of(read) == {}


def test_a_loss_is_noted(world: World) -> None:
    family = world.family()
    certify(family)
    world.move_out(family, on="2026-07-25")
    lost = receive(
        family,
        kind=cases.Kind.LOSS,
        matter=cases.LossCause.MOVED_OUT,
        event_on=date(2026, 7, 25),
        identity=CHECK,
    )
    judge(lost)
    approve(lost)
    assert noted_of(lambda: list(cases.losses_to_notify())) == {"資格喪失の通知の対象": both(family)}
