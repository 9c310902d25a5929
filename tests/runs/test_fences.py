"""One connection carries a run, and a worker outlives what befalls its server: restarts, lost connections, no room."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection

from kyufu.platform import clock
from kyufu.runs import api as runs
from kyufu.runs import carrying, worker
from kyufu.runs.carrying import MOST_KEPT, Progress, RunLost
from kyufu.runs.kinds import RunContext, Undone
from kyufu.runs.lost import FORGOTTEN_AFTER, LOST_AFTER, end_lost
from kyufu.runs.models import Worker
from kyufu.runs.states import RunState
from kyufu.runs.worker import beat, claim, enlist, fence, unfence, work_until
from kyufu.staff.api import Rights
from tests.runs.conftest import TRIAL, Trial

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], bool]


def start(rights: Rights, code: str = TRIAL) -> int:
    return runs.start_run(code, arguments={}, rights=rights, at=clock.current_instant())


def seen(run_id: int) -> runs.RunSeen:
    return runs.find_run(run_id, at=clock.current_instant())


@contextmanager
def stranger() -> Iterator[psycopg.Connection[Any]]:
    """A connection of another process, as that of another worker is."""
    found = connection.get_connection_params()
    kept = {
        name: found[name]
        for name in ("host", "port", "user", "password", "dbname", "options")
        if name in found
    }
    with psycopg.connect(**kept, autocommit=True) as other:
        yield other


def holds(other: psycopg.Connection[Any], run_id: int) -> bool:
    """Does the other connection get the run's lock?"""
    row = other.execute(f"SELECT pg_try_advisory_lock({worker._FENCE})", [run_id]).fetchone()
    assert row is not None
    return bool(row[0])


def kill_my_connection() -> None:
    """What an administrator, or the restart of the server, does to the connection of this worker."""
    with stranger() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend()])


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_run_waits_while_a_worker_that_was_held_for_dead_is_still_at_it(
    head: Rights, trial: Trial, worker: Work
) -> None:
    run_id = start(head)
    with stranger() as other:
        assert holds(other, run_id)
        assert worker() is False
        assert seen(run_id).state is RunState.WAITING
    assert worker() is True
    assert seen(run_id).state is RunState.DONE


def test_another_run_is_not_kept_waiting_by_it(head: Rights, trial: Trial, worker: Work) -> None:
    first, second = start(head), start(head, "judge_pending")
    with stranger() as other:
        assert holds(other, first)
        assert worker() is True
        assert (seen(first).state, seen(second).attempt) == (RunState.WAITING, 1)


def test_the_lock_is_held_during_the_work_and_let_go_after_it(
    head: Rights, trial: Trial, worker: Work
) -> None:
    held: list[bool] = []

    def work(_: RunContext) -> Mapping[str, str]:
        with stranger() as other:
            held.append(not holds(other, run_id))
        return {}

    trial.work = work
    run_id = start(head)
    worker()
    with stranger() as other:
        assert holds(other, run_id)
    assert held == [True]


def test_the_lock_is_let_go_by_a_worker_that_is_stopped(head: Rights, trial: Trial, worker: Work) -> None:
    def work(_: RunContext) -> Mapping[str, str]:
        raise KeyboardInterrupt

    trial.work = work
    run_id = start(head)
    with pytest.raises(KeyboardInterrupt):
        worker()
    with stranger() as other:
        assert holds(other, run_id)


def test_locks_are_of_a_run_and_a_connection(head: Rights) -> None:
    assert fence(1)
    assert fence(1), "the same worker meets no lock of its own"
    with stranger() as other:
        assert not holds(other, 1)
        assert holds(other, 2)
        assert not fence(2)
    unfence(1)
    unfence(1)
    with stranger() as other:
        assert holds(other, 1)


def test_cases_left_are_kept_by_the_attempt_that_carries_and_by_no_other(head: Rights, trial: Trial) -> None:
    run_id, at = start(head), clock.current_instant()
    former = claim(enlist(at=at), at=at)
    assert former is not None
    Worker.objects.all().delete()
    runs.resume_run(run_id, rights=head, at=at)
    present = claim(enlist(at=at), at=at)
    assert present is not None
    Progress(run_id, present.attempt).leave_undone([Undone(1, "R8-1", "理由")])
    with pytest.raises(RunLost):
        Progress(run_id, former.attempt).leave_undone([Undone(2, "R8-2", "理由")])
    assert [one.number for one in runs.undone_of(run_id, limit=9)] == ["R8-1"]
    unfence(run_id)
    unfence(run_id)


@pytest.mark.parametrize("cases", [MOST_KEPT - 1, MOST_KEPT, MOST_KEPT + 1])
def test_so_many_cases_are_kept_and_no_more(head: Rights, trial: Trial, worker: Work, cases: int) -> None:
    def work(context: RunContext) -> Mapping[str, str]:
        context.leave_undone([Undone(number, f"R8-{number}", "理由") for number in range(cases)])
        return {"見送った申請": f"{cases:,}件"}

    trial.work = work
    run_id = start(head)
    worker()
    kept = runs.undone_of(run_id, limit=10 * MOST_KEPT)
    assert [one.application_id for one in kept] == list(range(min(cases, MOST_KEPT)))
    assert seen(run_id).outcome == {"見送った申請": f"{cases:,}件"}, (
        "the counts say how many there are in all"
    )


def test_a_worker_whose_connection_is_lost_ends_the_run_and_goes_on(
    head: Rights, trial: Trial, worker: Work
) -> None:
    def work(_: RunContext) -> Mapping[str, str]:
        kill_my_connection()
        backend()
        return {}

    trial.work = work
    run_id = start(head)
    assert worker() is True
    ended = seen(run_id)
    assert (ended.state, "照会番号" in ended.message, "OperationalError" in ended.message) == (
        RunState.FAILED, True, True
    )  # fmt: skip
    trial.work = lambda _: {"件数": "1件"}
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    assert worker() is True
    assert (seen(run_id).state, seen(run_id).attempt) == (RunState.DONE, 2)


def test_a_worker_that_waits_outlives_the_loss_of_its_connection(
    head: Rights, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process goes on: it is no end of the worker, as a restart of the server is none."""
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    looks: list[int] = []
    stop = threading.Event()
    once = worker.work_once

    def look(worker_id: int) -> bool:
        looks.append(worker_id)
        if len(looks) == 1:
            backend()
            kill_my_connection()
        done = once(worker_id)
        if done:
            stop.set()
        return done

    monkeypatch.setattr(worker, "work_once", look)
    run_id = start(head)
    work_until(stop)
    assert seen(run_id).state is RunState.DONE
    assert len(looks) >= 2
    assert Worker.objects.count() == 0, "who ends takes its row away"


@pytest.mark.parametrize("error", [OperationalError("見本　一郎"), InterfaceError("見本　一郎")])
def test_a_server_that_does_not_answer_is_asked_again_and_its_words_are_not_kept(
    head: Rights, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.0)
    stop, looks = threading.Event(), iter((error, error, False))

    def look(_: int) -> bool:
        found = next(looks)
        if isinstance(found, Exception):
            raise found
        stop.set()
        return False

    monkeypatch.setattr(worker, "work_once", look)
    work_until(stop)
    assert type(error).__name__ in caplog.text
    assert "一郎" not in caplog.text


def test_any_other_error_ends_the_worker_loudly_and_takes_its_row_away(
    head: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_: int) -> bool:
        raise AssertionError("a fault of the program")

    monkeypatch.setattr(worker, "work_once", look)
    with pytest.raises(AssertionError, match="a fault"):
        work_until(threading.Event())
    assert Worker.objects.count() == 0


def test_what_a_worker_could_not_end_it_ends_before_it_looks_for_more(head: Rights, trial: Trial) -> None:
    run_id, at = start(head), clock.current_instant()
    mine = enlist(at=at)
    assert claim(mine, at=at) is not None
    assert end_lost(at=at) == 0, "its heart beats, so that others let it be"
    assert end_lost(at=at, idle=mine + 1) == 0
    assert end_lost(at=at, idle=mine) == 1
    assert (seen(run_id).state, seen(run_id).is_resumable) == (RunState.FAILED, True)
    unfence(run_id)


def test_an_end_that_cannot_be_written_is_written_once_the_server_answers(
    head: Rights, trial: Trial, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = carrying._write_end

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the server is restarting")

    run_id = start(head)
    monkeypatch.setattr(carrying, "_write_end", gone)
    with pytest.raises(OperationalError):
        worker()
    assert seen(run_id).state is RunState.RUNNING
    monkeypatch.setattr(carrying, "_write_end", write)
    assert worker() is False
    assert seen(run_id).state is RunState.FAILED
    assert seen(run_id).remedy


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_in_words(head: Rights, trial: Trial, worker: Work, number: int) -> None:
    def work(_: RunContext) -> Mapping[str, str]:
        raise OSError(number, "No space left on device", "/var/kyufu/documents/見本　一郎.pdf")

    trial.work = work
    run_id = start(head)
    worker()
    ended = seen(run_id)
    assert ended.state is RunState.FAILED
    assert "空きがなくなった" in ended.message
    assert "再開" in ended.remedy
    assert "一郎" not in ended.message + ended.remedy


def test_a_full_disk_of_the_database_is_said_in_the_same_words(
    head: Rights, trial: Trial, worker: Work
) -> None:
    def work(_: RunContext) -> Mapping[str, str]:
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull("could not extend file")

    trial.work = work
    run_id = start(head)
    worker()
    assert "空きがなくなった" in seen(run_id).message


def test_another_fault_of_a_file_is_no_full_disk(head: Rights, trial: Trial, worker: Work) -> None:
    def work(_: RunContext) -> Mapping[str, str]:
        raise OSError(errno.EACCES, "Permission denied", "/var/kyufu/見本　一郎.pdf")

    trial.work = work
    run_id = start(head)
    worker()
    ended = seen(run_id)
    assert "PermissionError" in ended.message
    assert "一郎" not in ended.message
    assert "空き" not in ended.message


def test_a_heart_beats_again_where_it_was_forgotten(head: Rights) -> None:
    at = clock.current_instant()
    mine = enlist(at=at)
    later = at + FORGOTTEN_AFTER + timedelta(hours=1)
    enlist(at=later)
    assert not Worker.objects.filter(pk=mine).exists()
    assert not [one for one in runs.workers(at=later) if one.seen_at < later]
    beat(mine, at=later)
    assert Worker.objects.get(pk=mine).seen_at == later
    beat(mine, at=later + LOST_AFTER)
    assert Worker.objects.get(pk=mine).seen_at == later + LOST_AFTER
    assert Worker.objects.count() == 2


def test_who_was_silent_for_less_than_a_day_is_remembered(head: Rights) -> None:
    at = clock.current_instant()
    mine = enlist(at=at)
    enlist(at=at + FORGOTTEN_AFTER)
    assert Worker.objects.filter(pk=mine).exists()


@pytest.mark.parametrize(
    ("silent", "lost"),
    [(timedelta(0), False), (LOST_AFTER, False), (LOST_AFTER + timedelta(microseconds=1), True)],
)
def test_a_worker_is_missed_after_so_long_and_no_sooner(
    head: Rights, trial: Trial, silent: timedelta, lost: bool
) -> None:
    run_id, at = start(head), clock.current_instant()
    claim(enlist(at=at), at=at)
    assert runs.find_run(run_id, at=at + silent).is_lost is lost
    assert runs.is_attended(at=at + silent) is not lost
    assert end_lost(at=at + silent) == int(lost)
    unfence(run_id)
