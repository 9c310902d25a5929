"""kill -9 of the worker in mid-run, cancel and resume: the tables end as after an undisturbed run."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.runs import api as runs
from kyufu.runs.lost import LOST_AFTER
from kyufu.runs.models import Worker
from kyufu.runs.states import RunState
from kyufu.staff.api import Rights
from tests.cases.test_bulk import city
from tests.cases.world import APPROVER, AT, World, quiet
from tests.runs.watching import PATIENCE, process_of, read_until, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Work = Callable[[], bool]
# What the cases look like afterwards, without numbers that count attempts and without who and when.
TABLES = """
SELECT a.number, a.state, d.outcome, d.reason_codes, d.valid::text, d.judged_for, d.judged_by_id, d.facts_hash,
       (SELECT count(*) FROM cases_decision x WHERE x.application_id = a.id),
       (SELECT array_agg(h.to_state ORDER BY h.id) FROM cases_application_transition h WHERE h.subject_id = a.id),
       (SELECT count(*) FROM cases_certificate c WHERE c.application_id = a.id)
  FROM cases_application a LEFT JOIN cases_decision d ON d.id = a.decision_id ORDER BY a.number
"""


def child(pause: float) -> AbstractContextManager[subprocess.Popen[str]]:
    """A worker that takes its time; killed at the end, its helpers too."""
    return process_of("tests.runs.worker_child", str(pause))


def start(rights: Rights, code: str = "judge_pending") -> int:
    return runs.start_run(code, arguments={"on": "2026-08-01"}, rights=rights, at=clock.current_instant())


def seen(run_id: int) -> runs.RunSeen:
    return runs.find_run(run_id, at=clock.current_instant())


def carried_on(rights: Rights, run_id: int, worker: Work) -> list[tuple[object, ...]]:
    """Resume the run, let it end, approve and issue; what the tables hold then."""
    runs.resume_run(run_id, rights=rights, at=clock.current_instant())
    worker()
    assert seen(run_id).state is RunState.DONE
    return the_rest(rights, worker)


def the_rest(rights: Rights, worker: Work) -> list[tuple[object, ...]]:
    """Approve, issue by a run, and give what the tables hold."""
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    start(rights, "issue_approved")
    worker()
    return fetch(TABLES, {})


def undisturbed(world: World, head: Rights, worker: Work) -> list[tuple[object, ...]]:
    """The tables after runs that nobody disturbed."""
    city(world)
    run_id = start(head)
    worker()
    assert seen(run_id).state is RunState.DONE
    return the_rest(head, worker)


def test_an_undisturbed_run_accounts_for_everyone(world: World, head: Rights, worker: Work) -> None:
    rows = undisturbed(world, head, worker)
    assert sorted(str(row[1]) for row in rows) == ["issued"] * 7 + ["rejected"] * 2 + ["undecided"]
    assert {row[8] for row in rows} == {1}
    assert {row[5] for row in rows} == {date(2026, 8, 1)}
    assert {row[6] for row in rows} == {head.staff_no}


def test_a_run_whose_worker_was_killed_ends_as_an_undisturbed_one(
    world: World, head: Rights, worker: Work
) -> None:
    city(world)
    run_id = start(head)
    with child(pause=60) as process:
        read_until(process, "0/10")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert seen(run_id).state is RunState.RUNNING
    # The dead worker's heart stands still; the test does not wait for as long as it may.
    Worker.objects.update(seen_at=clock.current_instant() - LOST_AFTER * 2)
    with child(pause=0.3) as process:
        read_until(process, "ready")
        until(lambda: seen(run_id).state is RunState.FAILED)
        runs.resume_run(run_id, rights=head, at=clock.current_instant())
        read_until(process, "3/10")
        process.send_signal(signal.SIGKILL)
        process.wait()
    judged = fetch("SELECT count(*) FROM cases_decision", {})[0][0]
    assert 0 < judged < 10
    Worker.objects.exclude(pk=min(Worker.objects.values_list("pk", flat=True))).update(
        seen_at=clock.current_instant() - LOST_AFTER * 2
    )
    rows = carried_on(head, run_id, worker)
    assert [row[1] for row in rows].count("issued") == 7
    assert {row[8] for row in rows} == {1}, "nobody is judged twice"
    assert [row[9] for row in rows] == [steps_of(row) for row in rows]
    assert seen(run_id).attempt == 3


def steps_of(row: tuple[object, ...]) -> list[str]:
    """The steps that an application takes where nothing disturbs it, by where it ends."""
    ways = {
        "issued": ["received", "judged", "approved", "issued"],
        "rejected": ["received", "judged", "rejected"],
        "undecided": ["received", "undecided"],
    }
    return ways[str(row[1])]


def test_a_run_that_was_cancelled_and_resumed_ends_as_an_undisturbed_one(
    world: World, head: Rights, worker: Work
) -> None:
    city(world)
    run_id = start(head)
    with child(pause=0.5) as process:
        read_until(process, "3/10")
        assert runs.cancel_run(run_id, rights=head, at=clock.current_instant()) is False
        until(lambda: seen(run_id).state is RunState.CANCELLED)
    assert 0 < fetch("SELECT count(*) FROM cases_decision", {})[0][0] < 10
    rows = carried_on(head, run_id, worker)
    assert [row[9] for row in rows] == [steps_of(row) for row in rows]
    assert {row[8] for row in rows} == {1}


def test_a_worker_told_to_stop_ends_its_run_in_words(world: World, head: Rights, worker: Work) -> None:
    city(world)
    run_id = start(head)
    with child(pause=60) as process:
        read_until(process, "0/10")
        process.send_signal(signal.SIGINT)
        process.wait(2 * PATIENCE)
    assert seen(run_id).state is RunState.FAILED
    assert "止められた" in seen(run_id).message
    assert len(carried_on(head, run_id, worker)) == 10


def test_two_workers_share_the_work_and_nothing_is_done_twice(
    world: World, head: Rights, worker: Work
) -> None:
    city(world)
    with child(pause=0) as one, child(pause=0) as other:
        for process in (one, other):
            read_until(process, "ready")
        run_id = start(head)
        until(lambda: seen(run_id).state is RunState.DONE)
    assert seen(run_id).attempt == 1
    rows = the_rest(head, worker)
    assert [row[9] for row in rows] == [steps_of(row) for row in rows]
