"""The ordinary kinds of run do what the commands do: judge, judge again, issue, print; and account for everyone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.documents import api as documents
from kyufu.documents import marks
from kyufu.platform import clock, schema
from kyufu.platform.errors import Refused
from kyufu.runs import api as runs
from kyufu.runs.states import RunState
from kyufu.staff.api import Rights
from tests.cases.test_mismatches import move_home
from tests.cases.world import APPROVER, AT, World, approve, certify, judge, quiet, receive, state
from tests.documents.reading import reader

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], bool]
DAY = {"on": "2026-08-01"}


@pytest.fixture(autouse=True)
def var(settings: object, tmp_path: Path) -> Path:
    """Papers are printed into a folder of the test's own."""
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def carry(
    rights: Rights, code: str, *, worker: Work, arguments: dict[str, str] | None = None
) -> runs.RunSeen:
    """Start a run, let the worker carry it, and give it as it ended."""
    run_id = runs.start_run(
        code, arguments=DAY if arguments is None else arguments, rights=rights, at=clock.current_instant()
    )
    assert worker()
    return runs.find_run(run_id, at=clock.current_instant())


def undone(run: runs.RunSeen) -> list[str]:
    return [one.reason for one in runs.undone_of(run.run_id, limit=100)]


def test_judging_deals_with_everyone_who_waits(world: World, head: Rights, worker: Work) -> None:
    applications = [receive(world.family(insured=number != 1)) for number in range(3)]
    assert cases.count_pending() == 3
    run = carry(head, "judge_pending", worker=worker)
    assert run.outcome == {"処理した申請": "3件", "見送った申請": "0件"}
    assert (run.done, run.total, run.percent) == (3, 3, 100)
    assert [state(one) for one in applications] == ["judged", "undecided", "judged"]
    assert cases.count_pending() == 0


def test_whoever_started_the_judging_may_not_approve(world: World, head: Rights, worker: Work) -> None:
    application_id = receive(world.family())
    carry(head, "judge_pending", worker=worker)
    assert fetch("SELECT DISTINCT judged_by_id FROM cases_decision", {}) == [(head.staff_no,)]
    with pytest.raises(Refused):
        approve(application_id, by=head.actor())
    approve(application_id)
    assert state(application_id) == "approved"


def test_what_facts_have_overtaken_is_judged_again(world: World, head: Rights, worker: Work) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    assert cases.count_to_judge_again() == 0
    world.assist(family, since="2026-06-01")
    assert cases.count_to_judge_again() == 1
    run = carry(head, "judge_stale", worker=worker)
    assert run.outcome["処理した申請"] == "1件"
    assert cases.count_to_judge_again() == 0
    assert fetch("SELECT count(*) FROM cases_decision", {}) == [(2,)]


def test_issuing_lists_those_that_it_left(world: World, head: Rights, worker: Work) -> None:
    families = [world.family() for _ in range(2)]
    applications = [receive(family) for family in families]
    for one in applications:
        judge(one)
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    assert cases.count_to_issue() == 2
    world.assist(families[1], since="2026-06-01")
    run = carry(head, "issue_approved", worker=worker)
    assert run.state is RunState.DONE
    assert run.outcome == {"処理した申請": "1件", "見送った申請": "1件"}
    (left,) = runs.undone_of(run.run_id, limit=10)
    assert left.application_id == applications[1]
    assert "事実が変わりました" in left.reason
    assert left.number


def test_what_a_former_attempt_left_is_not_told_again(world: World, head: Rights, worker: Work) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    approve(application_id)
    world.assist(family, since="2026-06-01")
    run = carry(head, "issue_approved", worker=worker)
    assert len(undone(run)) == 1
    again = carry(head, "issue_approved", worker=worker)
    assert len(undone(again)) == 1
    assert len(undone(run)) == 1, "each run keeps its own"


def test_certificates_are_printed_once(world: World, head: Rights, worker: Work, var: Path) -> None:
    for _ in range(2):
        application_id = receive(world.family())
        judge(application_id)
        approve(application_id)
        cases.issue_application(application_id, municipality="yokohama", on=AT.date(), by=APPROVER, at=AT)
    assert documents.count_due(documents.Kind.CERTIFICATE) == 2
    run = carry(head, "print_certificate", worker=worker)
    assert run.state is RunState.DONE, run.message
    assert run.outcome["印刷した帳票"] == "2件"
    (folder,) = var.rglob(run.outcome["印刷用のフォルダ"])
    pages = [page for file in folder.rglob("*.pdf") for page in reader(file.read_bytes()).pages]
    assert len(pages) == 2
    again = carry(head, "print_certificate", worker=worker)
    assert again.outcome["印刷した帳票"] == "0件"
    assert "対象がありません" in again.outcome["印刷用のフォルダ"]
    assert documents.runs()[0].made_by == head.staff_no


def test_matching_and_the_letters_that_follow_from_it(world: World, head: Rights, worker: Work) -> None:
    certify(family := world.family())
    move_home(world, family)
    run = carry(head, "match_register", worker=worker, arguments={})
    assert run.outcome == {
        "突き合わせた児童": "1人", "新しい食い違い": "1件", "解消した食い違い": "0件", "いまある食い違い": "1件",
    }  # fmt: skip
    assert runs.kind_of("print_urging").title == "届出のお願い（勧奨）の印刷"
    printed = carry(head, "print_urging", worker=worker)
    assert (printed.outcome["印刷した帳票"], printed.outcome["印刷できなかったもの"]) == ("1件", "0件")
    assert carry(head, "print_urging", worker=worker).outcome["印刷した帳票"] == "0件"


def test_papers_of_a_demonstration_say_so(
    world: World, head: Rights, worker: Work, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "is_demonstration", lambda *, using: using == "default")
    judge(receive(world.family(insured=False)))
    run = carry(head, "print_missing_facts", worker=worker)
    assert run.outcome["印刷した帳票"] == "1件"
    assert fetch("SELECT synthetic FROM documents_print_run", {}) == [(True,)]


@pytest.mark.parametrize(("comment", "is_marked"), [(schema.DEMONSTRATION, True), ("", False)])
def test_the_mark_of_a_demonstration_is_seen_by_the_ordinary_account(
    db: None, settings: Any, comment: str, is_marked: bool
) -> None:
    settings.SCHEMA = "kyufu_marked"
    assert schema.is_demonstration(using="default") is False
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kyufu_marked")
        cursor.execute(f"COMMENT ON SCHEMA kyufu_marked IS '{comment}'")
    try:
        assert schema.is_demonstration(using="default") is is_marked
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA kyufu_marked")


@pytest.mark.parametrize("code", ["judge_pending", "issue_approved", "print_rejection"])
def test_without_a_day_nothing_is_done(world: World, head: Rights, worker: Work, code: str) -> None:
    application_id = receive(world.family())
    run = carry(head, code, worker=worker, arguments={})
    assert (run.state, state(application_id)) == (RunState.FAILED, "received")
    assert "基準日" in run.message
    assert run.remedy


@pytest.mark.parametrize("kind", list(documents.Kind))
def test_every_kind_of_document_has_its_run(
    world: World, head: Rights, worker: Work, kind: documents.Kind
) -> None:
    known = runs.kind_of(f"print_{kind.value}")
    assert kind.label in known.title
    assert known.due is not None
    assert known.due() == 0
    assert carry(head, known.code, worker=worker).state is RunState.DONE


def test_every_kind_says_what_it_does_and_asks_for_its_day() -> None:
    for kind in runs.all_kinds():
        assert kind.about.endswith("。"), kind.code
        # What is not offered by itself has its day from the page that begins it; a matching compares what is told last.
        assert kind.day_label or not kind.is_offered or kind.code == "match_register", kind.code
