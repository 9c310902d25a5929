"""Start, cancel and resume: by right, one of a kind at a time, each step with who and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.platform import clock
from kyufu.platform.errors import BadInput, KyufuError, Refused
from kyufu.runs import api as runs
from kyufu.runs import carrying
from kyufu.runs.kinds import RunContext
from kyufu.runs.lost import LOST_AFTER, end_lost
from kyufu.runs.models import Run, Worker
from kyufu.runs.states import PAIRS, RunState
from kyufu.runs.worker import claim, enlist
from kyufu.staff.api import Forbidden, Function, Rights
from tests.runs.conftest import TRIAL, Trial, rights_at
from tests.web.town import CONTRACTOR, HEAD, WARD, Town

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], bool]


def start(rights: Rights, code: str = TRIAL) -> int:
    return runs.start_run(code, arguments={"on": "2026-08-01"}, rights=rights, at=clock.current_instant())


def seen(run_id: int) -> runs.RunSeen:
    return runs.find_run(run_id, at=clock.current_instant())


def steps(run_id: int) -> list[RunState]:
    return [one.to_state for one in runs.steps_of(run_id)]


def broken(error: BaseException) -> Callable[[RunContext], Mapping[str, str]]:
    def work(_: RunContext) -> Mapping[str, str]:
        raise error

    return work


def test_a_run_waits_is_carried_and_is_done(head: Rights, trial: Trial, worker: Work) -> None:
    trial.work = lambda context: {"処理した申請": f"{context.arguments['on']}"}
    run_id = start(head)
    assert seen(run_id).state is RunState.WAITING
    assert worker() is True
    ended = seen(run_id)
    assert (ended.state, ended.outcome, ended.attempt) == (RunState.DONE, {"処理した申請": "2026-08-01"}, 1)
    assert steps(run_id) == [RunState.WAITING, RunState.RUNNING, RunState.DONE]
    assert not ended.is_open
    assert not ended.is_resumable
    assert worker() is False


def test_the_work_is_done_in_the_name_of_whoever_asked(head: Rights, trial: Trial, worker: Work) -> None:
    start(head)
    worker()
    (context,) = trial.seen
    assert context.by == head.actor()
    assert context.day("on").isoformat() == "2026-08-01"
    with pytest.raises(BadInput):
        context.day("until")


def test_one_of_a_kind_at_a_time(head: Rights, town: Town, trial: Trial, worker: Work) -> None:
    first = start(head)
    with pytest.raises(Refused, match="すでに順番待ちか実行中"):
        start(rights_at(town, role="head"))
    start(head, code="judge_pending")
    assert len(runs.latest_runs(kinds=[TRIAL], limit=9, before=None, at=clock.current_instant())) == 1
    worker()
    assert start(head) > first


def test_a_run_that_ended_early_is_not_resumed_beside_another(
    head: Rights, trial: Trial, worker: Work
) -> None:
    trial.work = broken(Refused("できません。", remedy="直してください。"))
    first = start(head)
    worker()
    start(head)
    with pytest.raises(Refused, match="すでに順番待ちか実行中"):
        runs.resume_run(first, rights=head, at=clock.current_instant())
    assert seen(first).state is RunState.FAILED


@pytest.mark.parametrize(
    ("role", "office", "code", "may"),
    [
        ("head", HEAD, "judge_pending", True), ("head", HEAD, "print_certificate", True),
        ("counter", HEAD, "judge_pending", True), ("counter", WARD, "judge_pending", False),
        ("counter", WARD, "print_certificate", False), ("approver", HEAD, "issue_approved", False),
        ("approver", HEAD, "print_loss", False), ("auditor", HEAD, "judge_stale", False),
        ("operations", HEAD, "judge_pending", False), ("contractor", CONTRACTOR, "judge_pending", False),
        ("", HEAD, "judge_pending", False),
    ],
)  # fmt: skip
def test_rights(town: Town, role: str, office: str, code: str, may: bool) -> None:
    rights = rights_at(town, role=role, office=office)
    assert runs.may_handle(code, rights=rights) is may
    if may:
        run_id = start(rights, code=code)
        assert runs.cancel_run(run_id, rights=rights, at=clock.current_instant()) is True
        return
    with pytest.raises(Forbidden):
        start(rights, code=code)
    assert Run.objects.count() == 0


def test_nobody_without_the_right_cancels_or_resumes(head: Rights, town: Town, trial: Trial) -> None:
    run_id, clerk = start(head), rights_at(town, role="counter", office=WARD)
    with pytest.raises(Forbidden):
        runs.cancel_run(run_id, rights=clerk, at=clock.current_instant())
    runs.cancel_run(run_id, rights=head, at=clock.current_instant())
    with pytest.raises(Forbidden):
        runs.resume_run(run_id, rights=clerk, at=clock.current_instant())
    assert seen(run_id).state is RunState.CANCELLED


def test_a_right_that_ended_before_the_work_began_stops_it(
    head: Rights, town: Town, trial: Trial, worker: Work
) -> None:
    run_id = start(head)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE runs_run SET account_id = %s", [town.administrators[0]])
    worker()
    assert (seen(run_id).state, trial.seen) == (RunState.FAILED, [])
    assert "権限" in seen(run_id).message


def test_a_run_that_waits_is_cancelled_at_once_and_resumed(head: Rights, trial: Trial, worker: Work) -> None:
    run_id = start(head)
    assert runs.cancel_run(run_id, rights=head, at=clock.current_instant()) is True
    assert worker() is False
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    assert worker() is True
    assert steps(run_id) == [
        RunState.WAITING, RunState.CANCELLED, RunState.WAITING, RunState.RUNNING, RunState.DONE
    ]  # fmt: skip


def test_a_run_under_way_is_cancelled_between_two_blocks(
    head: Rights, trial: Trial, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "SECONDS_BETWEEN_REPORTS", 0.0)
    blocks: list[int] = []

    def work(context: RunContext) -> Mapping[str, str]:
        for block in range(1, 5):
            blocks.append(block)
            if block == 2:
                assert not runs.cancel_run(run_id, rights=head, at=clock.current_instant())
            context.report(block, 4)
        return {}

    trial.work = work
    run_id = start(head)
    worker()
    ended = seen(run_id)
    assert blocks == [1, 2]
    assert (ended.state, ended.done, ended.total, ended.percent) == (RunState.CANCELLED, 2, 4, 50)
    assert ended.is_resumable
    assert "中止の指示" in ended.message
    assert "再開" in ended.remedy


def test_what_is_all_done_is_not_cancelled_any_more(head: Rights, trial: Trial, worker: Work) -> None:
    def work(context: RunContext) -> Mapping[str, str]:
        runs.cancel_run(run_id, rights=head, at=clock.current_instant())
        context.report(4, 4)
        return {"件数": "4件"}

    trial.work = work
    run_id = start(head)
    worker()
    assert (seen(run_id).state, seen(run_id).outcome) == (RunState.DONE, {"件数": "4件"})


def test_what_has_ended_is_neither_cancelled_nor_resumed(head: Rights, trial: Trial, worker: Work) -> None:
    run_id = start(head)
    worker()
    for act in (runs.cancel_run, runs.resume_run):
        with pytest.raises(Refused):
            act(run_id, rights=head, at=clock.current_instant())  # type: ignore[operator]
    with pytest.raises(Refused, match="ありません"):
        runs.cancel_run(run_id + 1, rights=head, at=clock.current_instant())
    with pytest.raises(BadInput):
        seen(run_id + 1)
    with pytest.raises(BadInput):
        start(head, code="no_such_kind")


def test_progress_never_goes_back_and_is_written_once_a_second(
    head: Rights, trial: Trial, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, int]] = []

    def work(context: RunContext) -> Mapping[str, str]:
        for done, total in ((0, 10), (4, 10), (2, 10), (7, 12), (12, 12)):
            context.report(done, total)
            read.append((seen(run_id).done, seen(run_id).total))
        return {}

    trial.work = work
    run_id = start(head)
    worker()
    assert read == [(0, 10), (0, 10), (0, 10), (0, 10), (12, 12)]
    read.clear()
    monkeypatch.setattr(carrying, "SECONDS_BETWEEN_REPORTS", 0.0)
    run_id = start(head)
    worker()
    assert read == [(0, 10), (4, 10), (4, 10), (7, 12), (12, 12)]


def test_the_time_left_is_told_from_what_is_done(head: Rights, trial: Trial) -> None:
    run_id = start(head)
    at = clock.current_instant()
    assert seen(run_id).time_left(at=at) is None
    claim(enlist(at=at), at=at)
    assert seen(run_id).time_left(at=at + timedelta(seconds=10)) is None
    Run.objects.filter(pk=run_id).update(done=25, total=100)
    assert seen(run_id).time_left(at=at + timedelta(seconds=10)) == timedelta(seconds=30)


def test_a_refusal_is_kept_with_its_remedy(head: Rights, trial: Trial, worker: Work) -> None:
    trial.work = broken(KyufuError("別の印刷が実行中です。", remedy="終わってから実行してください。"))
    run_id = start(head)
    worker()
    ended = seen(run_id)
    assert (ended.state, ended.message, ended.remedy) == (
        RunState.FAILED, "別の印刷が実行中です。", "終わってから実行してください。"
    )  # fmt: skip


def test_an_unexpected_error_has_a_number_and_no_value(
    head: Rights, trial: Trial, worker: Work, caplog: pytest.LogCaptureFixture
) -> None:
    trial.work = broken(ValueError("見本　一郎"))
    run_id = start(head)
    worker()
    ended = seen(run_id)
    assert ended.state is RunState.FAILED
    assert "ValueError" in ended.message
    assert "照会番号" in ended.message
    assert "一郎" not in ended.message + ended.remedy + caplog.text + str(runs.steps_of(run_id))


def test_a_database_error_leaves_a_worker_that_goes_on(head: Rights, trial: Trial, worker: Work) -> None:
    def work(_: RunContext) -> Mapping[str, str]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return {}

    trial.work = work
    run_id = start(head)
    worker()
    assert seen(run_id).state is RunState.FAILED
    trial.work = lambda _: {}
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    worker()
    assert (seen(run_id).state, seen(run_id).message) == (RunState.DONE, "")


def test_a_worker_that_is_stopped_says_so_on_the_run(head: Rights, trial: Trial, worker: Work) -> None:
    trial.work = broken(KeyboardInterrupt())
    run_id = start(head)
    with pytest.raises(KeyboardInterrupt):
        worker()
    assert seen(run_id).state is RunState.FAILED
    assert "止められた" in seen(run_id).message


def test_a_lost_worker_is_noticed_and_its_run_goes_on(head: Rights, trial: Trial, worker: Work) -> None:
    run_id, at = start(head), clock.current_instant()
    dead = enlist(at=at)
    claim(dead, at=at)
    assert not seen(run_id).is_lost
    assert end_lost(at=at + LOST_AFTER / 2) == 0
    Worker.objects.filter(pk=dead).update(seen_at=at - LOST_AFTER * 2)
    assert seen(run_id).is_lost
    assert seen(run_id).is_resumable
    assert not seen(run_id).is_open
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    worker()
    assert steps(run_id)[1:] == [
        RunState.RUNNING, RunState.FAILED, RunState.WAITING, RunState.RUNNING, RunState.DONE
    ]  # fmt: skip
    assert seen(run_id).attempt == 2


def test_another_worker_ends_what_a_dead_one_left(head: Rights, trial: Trial, worker: Work) -> None:
    run_id, at = start(head), clock.current_instant()
    claim(enlist(at=at), at=at)
    Worker.objects.exclude(pk=min(Worker.objects.values_list("pk", flat=True))).delete()
    assert worker() is False
    assert seen(run_id).state is RunState.FAILED
    assert "応答しなくなった" in seen(run_id).message


def test_a_worker_held_for_dead_writes_nothing_more(head: Rights, trial: Trial, worker: Work) -> None:
    def work(context: RunContext) -> Mapping[str, str]:
        Worker.objects.update(seen_at=clock.current_instant() - LOST_AFTER * 2)
        end_lost(at=clock.current_instant())
        context.report(1, 2)
        raise AssertionError("the report lets nobody pass who lost the run")

    trial.work = work
    run_id = start(head)
    worker()
    assert (seen(run_id).state, seen(run_id).done) == (RunState.FAILED, 0)
    assert steps(run_id)[-1] is RunState.FAILED


def test_two_workers_never_take_the_same_run(head: Rights, trial: Trial) -> None:
    start(head)
    start(head, code="judge_pending")
    at = clock.current_instant()
    taken = [claim(enlist(at=at), at=at) for _ in range(3)]
    assert [one.kind for one in taken if one] == [TRIAL, "judge_pending"]


def test_the_database_knows_the_steps_and_one_of_a_kind(head: Rights, trial: Trial) -> None:
    run_id = start(head)
    for statement in (
        "UPDATE runs_run SET state = 'done'",
        "UPDATE runs_run SET done = 5",
        "INSERT INTO runs_run_transition (subject_id, from_state, to_state, actor_id, actor_name, actor_office, at,"
        f" why) VALUES ({run_id}, 'waiting', 'done', 'x', 'x', 'x', now(), 'x')",
        "DELETE FROM runs_run_transition",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert seen(run_id).state is RunState.WAITING


def test_whether_somebody_attends_is_told(town: Town) -> None:
    at = clock.current_instant()
    assert not runs.is_attended(at=at)
    enlist(at=at)
    assert runs.is_attended(at=at)
    assert not runs.is_attended(at=at + LOST_AFTER * 2)
    (known,) = runs.workers(at=at + LOST_AFTER * 2)
    assert not known.is_alive


def test_every_state_has_a_word_and_what_ended_well_stays() -> None:
    assert {state.label for state in RunState} == {"順番待ち", "実行中", "完了", "停止（失敗）", "中止"}
    assert PAIRS[RunState.DONE] == frozenset()
    assert set(PAIRS) == set(RunState)


def test_a_kind_is_registered_once(trial: Trial) -> None:
    with pytest.raises(ValueError, match="twice"):
        runs.register_kind(TRIAL, title="もう一つ", function=Function.CASE, work=trial)
    assert runs.kind_of(TRIAL).due is not None
    assert [one.code for one in runs.all_kinds()][:3] == ["judge_pending", "judge_stale", "issue_approved"]
