"""A feed between issue and print: what was stale is judged again, and then it is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.documents.api import Kind
from tests.cases.world import APPROVER, AT, CLERK, ON, World, approve, certify, judge, quiet, receive
from tests.documents.test_from_cases import printed, texts


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


def judge_again() -> int:
    """Judge the city's stale cases again."""
    return cases.judge_stale(municipality="yokohama", on=ON, by=CLERK, at=AT, report=quiet).done


@pytest.mark.requirement("YOK-022")
def test_a_card_is_printed_after_its_decision_was_confirmed(world: World) -> None:
    family = world.family()
    certify(family)
    world.insure(family.number + 2)
    stopped = printed()
    assert (stopped.documents, stopped.exceptions) == (0, 1)
    assert judge_again() == 1
    done = printed()
    assert (done.documents, done.exceptions) == (1, 0)
    assert "見本一郎" in texts(done)[0]
    assert printed().documents == 0


def test_a_rejection_is_printed_after_it_was_confirmed(world: World) -> None:
    family = world.family()
    world.assist(family, since="2020-05-01")
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    world.insure(family.number + 2)
    assert printed(Kind.REJECTION).documents == 0
    assert judge_again() == 1
    done = printed(Kind.REJECTION)
    assert (done.documents, done.exceptions) == (1, 0)


@pytest.mark.requirement("YOK-022")
def test_a_card_of_a_child_that_left_is_never_printed_but_the_loss_is(world: World) -> None:
    family = world.family()
    application_id = certify(family)
    world.assist(family, since="2026-07-15")
    assert judge_again() == 1
    assert printed().documents == 0
    approve(application_id, by=APPROVER)
    assert (printed().documents, printed(Kind.REJECTION).documents) == (0, 0)
    done = printed(Kind.LOSS)
    assert (done.documents, done.exceptions) == (1, 0)
