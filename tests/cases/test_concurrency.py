"""Two at once: what one has done meanwhile stops the other, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases.gathering import gather, steady_view
from kyufu.cases.operations import judgement
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    LATER,
    ON,
    World,
    approve,
    filing,
    issue,
    judge,
    receive,
    state,
)


def together(*works: Callable[[], None]) -> list[str]:
    """Do the works at the same moment on connections of their own; what each was told, empty where it was done."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], None]) -> str:
        try:
            barrier.wait()
            work()
        except Refused as error:
            return error.message
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(copy_context().run, one, each) for each in works]]


def test_two_approvers_at_once_approve_once(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    told = together(lambda: approve(application_id, by=APPROVER), lambda: approve(application_id, by=LATER))
    assert sorted(bool(one) for one in told) == [False, True]
    assert fetch("SELECT count(*) FROM cases_approval") == [(1,)]
    assert fetch("SELECT count(*) FROM cases_entitlement") == [(1,)]


def test_two_counters_at_once_receive_one_application(world: World) -> None:
    family = world.family()
    told = together(*[lambda: cases.receive_application(filing(family), by=CLERK, at=AT) and None] * 3)
    assert sum(one == "" for one in told) == 1
    assert all("処理中です" in one for one in told if one)
    assert cases.state_counts() == {"received": 1}


def test_two_issuing_clerks_at_once_issue_one_certificate(world: World) -> None:
    application_id = receive(world.family())
    judge(application_id)
    approve(application_id)
    told = together(*[lambda: issue(application_id)] * 2)
    assert sum(one == "" for one in told) == 1
    assert len(list(cases.certificates_to_print())) == 1


def test_what_was_withdrawn_while_the_law_was_asked_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    application_id = receive(family)
    number = cases.applications()[0].number
    ask = judgement.answer_all

    def slow(*arguments: object, **items: object) -> object:
        paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number)
        cases.withdraw_application(paper, by=CLERK, at=AT)
        return ask(*arguments, **items)  # type: ignore[arg-type]

    monkeypatch.setattr(judgement, "answer_all", slow)
    with pytest.raises(Refused, match="ほかの操作が状態を変えました"):
        judge(application_id)
    assert state(application_id) == "withdrawn"
    assert fetch("SELECT count(*) FROM cases_decision") == [(0,)]


def test_facts_that_change_while_the_law_is_asked_make_the_decision_stale(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = world.family()
    application_id = receive(family)
    ask = judgement.answer_all

    def slow(*arguments: object, **items: object) -> object:
        world.assist(family, since="2026-07-01")
        return ask(*arguments, **items)  # type: ignore[arg-type]

    monkeypatch.setattr(judgement, "answer_all", slow)
    judge(application_id)
    with pytest.raises(Refused, match="事実が変わりました"):
        approve(application_id)


def test_facts_are_read_in_one_view_that_writes_nothing(world: World) -> None:
    receive(world.family())
    with steady_view():
        level = fetch("SHOW transaction_isolation")[0][0], fetch("SHOW transaction_read_only")[0][0]
    assert level == ("repeatable read", "on")
    gathered = gather([row.application_id for row in cases.applications()], on=ON)
    assert len(gathered.questions) == len(gathered.cases) == 1
    assert gathered.gathered_at < fetch("SELECT clock_timestamp()")[0][0]
    later = fetch("SELECT pg_visible_in_snapshot(pg_current_xact_id(), %s::pg_snapshot)", gathered.snapshot)
    assert later == [(False,)]


def test_questions_hold_no_number_of_a_person(world: World) -> None:
    family = world.family()
    receive(family)
    (question,) = gather([row.application_id for row in cases.applications()], on=ON).questions
    assert [guardian.ref for guardian in question.facts.guardians] == ["guardian-1"]
    assert family.child_no not in repr(question)
    assert "見本" not in repr(question)
