"""kill -9 at every block, a lost connection, a full disk, two at once: the tables end as after an undisturbed run."""

from __future__ import annotations

import signal

import pytest
from django.db import connection, connections

from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.renewal import api as renewal
from kyufu.renewal import population
from kyufu.renewal.operations import judgement
from kyufu.runs import api as runs
from kyufu.runs.api import RunState
from kyufu.runs.lost import LOST_AFTER
from kyufu.runs.models import Worker
from kyufu.staff.api import Rights
from tests.renewal.night import Night, Work, approve, carry, child, plan, start, tables, undisturbed
from tests.runs.watching import read_until, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def seen(run_id: int) -> runs.RunSeen:
    return runs.find_run(run_id, at=clock.current_instant())


def kill_at(said: str) -> None:
    """Let a worker in another process carry what waits, and kill it -9 when it has said how far it is."""
    with child(pause=0, point=said) as process:
        read_until(process, said)
        process.send_signal(signal.SIGKILL)
        process.wait()


def kill_again_and_again(run_id: int, *, points: list[str], rights: Rights, worker: Work) -> None:
    """Kill the worker of a run at each point, have the run resumed, and let it end at last."""
    mine = min(Worker.objects.values_list("pk", flat=True))
    for said in points:
        kill_at(said)
        assert seen(run_id).state is RunState.RUNNING
        # The dead worker's heart stands still; the test does not wait for as long as it may.
        Worker.objects.exclude(pk=mine).update(seen_at=clock.current_instant() - LOST_AFTER * 2)
        runs.resume_run(run_id, rights=rights, at=clock.current_instant())
    worker()
    assert seen(run_id).state is RunState.DONE, seen(run_id).message
    assert seen(run_id).attempt == len(points) + 1


def judged(night: Night, rights: Rights, worker: Work) -> int:
    """A renewal that was judged undisturbed, in blocks of three."""
    number = plan(rights)
    assert carry(renewal.JUDGE, number, rights=rights, worker=worker).state is RunState.DONE
    return number


def test_killed_at_every_block_of_the_judgement(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = plan(head)
    run_id = start(renewal.JUDGE, number, head)
    kill_again_and_again(run_id, points=["0/7", "3/7", "6/7", "7/7"], rights=head, worker=worker)
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert carry(renewal.PRINT, number, rights=head, worker=worker).state is RunState.DONE
    assert tables(number) == undisturbed(night)


def test_killed_at_every_block_of_the_effect(
    night: Night, head: Rights, second: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "BLOCK", 3)
    number = judged(night, head, worker)
    approve(number, second)
    run_id = start(renewal.EFFECT, number, head)
    kill_again_and_again(run_id, points=["0/7", "3/7", "6/7", "7/7"], rights=head, worker=worker)
    assert carry(renewal.PRINT, number, rights=head, worker=worker).state is RunState.DONE
    assert tables(number) == undisturbed(night)


def test_killed_between_two_kinds_of_paper_nothing_is_printed_twice(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = judged(night, head, worker)
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    run_id = start(renewal.PRINT, number, head)
    kill_again_and_again(run_id, points=["1/4"], rights=head, worker=worker)
    assert tables(number) == undisturbed(night)
    assert renewal.find_renewal(number).state is renewal.RenewalState.DONE


def test_paused_and_resumed_it_ends_as_an_undisturbed_one(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = plan(head)
    run_id = start(renewal.JUDGE, number, head)
    with child(pause=0.5) as process:
        read_until(process, "3/7")
        assert runs.cancel_run(run_id, rights=head, at=clock.current_instant()) is False
        until(lambda: seen(run_id).state is RunState.CANCELLED)
    assert renewal.find_renewal(number).state is renewal.RenewalState.FROZEN
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    worker()
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert tables(number) == undisturbed(night, printed=False)


def test_two_workers_do_nothing_twice(night: Night, head: Rights, second: Rights, worker: Work) -> None:
    number = plan(head)
    with child(pause=0) as one, child(pause=0) as other:
        for process in (one, other):
            read_until(process, "ready")
        run_id = start(renewal.JUDGE, number, head)
        with pytest.raises(Refused, match="順番待ちか実行中"):
            start(renewal.JUDGE, number, head)
        until(lambda: seen(run_id).state is RunState.DONE)
        approve(number, second)
        effect_id = start(renewal.EFFECT, number, head)
        until(lambda: seen(effect_id).state is RunState.DONE)
    assert tables(number) == undisturbed(night, printed=False)


def test_a_lost_connection_ends_the_run_in_words_and_it_goes_on(
    night: Night, head: Rights, second: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = plan(head)
    freeze = judgement.freeze_renewal

    def freeze_and_cut(*args: object, **named: object) -> object:
        row = freeze(*args, **named)  # type: ignore[arg-type]
        other = connections.create_connection("default")
        other.settings_dict["NAME"] = connection.settings_dict["NAME"]
        with connection.cursor() as mine, other.cursor() as cutter:
            mine.execute("SELECT pg_backend_pid()")
            cutter.execute("SELECT pg_terminate_backend(%s)", [mine.fetchone()[0]])
        other.close()
        return row

    monkeypatch.setattr(judgement, "freeze_renewal", freeze_and_cut)
    run_id = start(renewal.JUDGE, number, head)
    worker()
    assert seen(run_id).state is RunState.FAILED
    monkeypatch.undo()
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    worker()
    assert seen(run_id).state is RunState.DONE
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert tables(number) == undisturbed(night, printed=False)


FULL = """
CREATE FUNCTION test_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER test_full BEFORE INSERT ON {} FOR EACH STATEMENT EXECUTE FUNCTION test_full();
"""


@pytest.mark.parametrize(
    "table", ["renewal_member", "renewal_result", "cases_certificate", "renewal_outcome"]
)
def test_a_full_disk_is_said_and_costs_nothing(
    night: Night, head: Rights, second: Rights, worker: Work, table: str
) -> None:
    number = plan(head)
    in_judgement = table in ("renewal_member", "renewal_result")
    if not in_judgement:
        judged_run = carry(renewal.JUDGE, number, rights=head, worker=worker)
        assert judged_run.state is RunState.DONE
        approve(number, second)
    with connection.cursor() as cursor:
        cursor.execute(FULL.format(table))
    try:
        run_id = start(renewal.JUDGE if in_judgement else renewal.EFFECT, number, head)
        worker()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION test_full() CASCADE")
    assert seen(run_id).state is RunState.FAILED
    assert "空きがなくなった" in seen(run_id).message
    assert fetch("SELECT count(*) FROM cases_certificate WHERE kind = 'renewal'", {}) == [(0,)]
    runs.resume_run(run_id, rights=head, at=clock.current_instant())
    worker()
    assert seen(run_id).state is RunState.DONE
    if in_judgement:
        approve(number, second)
        assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert tables(number) == undisturbed(night, printed=False)


def test_run_a_second_time_there_is_nothing_to_do(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = judged(night, head, worker)
    with pytest.raises(Refused, match="すでに進められています"):
        plan(head)
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    again = carry(renewal.EFFECT, number, rights=head, worker=worker)
    assert again.state is RunState.FAILED
    assert "反映済" in again.message
    assert carry(renewal.PRINT, number, rights=head, worker=worker).state is RunState.DONE
    before = tables(number)
    later = judged(night, head, worker)
    assert renewal.find_renewal(later).in_count == 0
    approve(later, second)
    assert carry(renewal.EFFECT, later, rights=head, worker=worker).state is RunState.DONE
    assert carry(renewal.PRINT, later, rights=head, worker=worker).state is RunState.DONE
    assert tables(number) == before == undisturbed(night)
