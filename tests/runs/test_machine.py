"""Whatever staff and workers do in whatever order, a run goes the ways of its table, and one attempt carries it.

A model of a few lines is compared with the tables after each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.runs import api as runs
from kyufu.runs import carrying
from kyufu.runs.carrying import CANCELLED, End, Progress, RunCancelled, RunLost, _write_end
from kyufu.runs.kinds import Undone
from kyufu.runs.lost import LOST_AFTER, end_lost
from kyufu.runs.models import Worker
from kyufu.runs.states import PAIRS, RESUMABLE, RunState
from kyufu.runs.worker import claim, enlist
from kyufu.staff.api import Rights
from tests.runs.conftest import TRIAL, Trial

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip
WAITING, RUNNING = RunState.WAITING, RunState.RUNNING


class Attempt:
    """An attempt that some worker believes to carry; it may have been held for dead long ago."""

    def __init__(self, run_id: int, number: int, worker_id: int) -> None:
        self.run_id, self.number, self.worker_id = run_id, number, worker_id


class Runs(RuleBasedStateMachine):
    """Staff start, cancel and resume; workers claim, report, end, die and are missed."""

    rights: Rights

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = clock.current_instant()
        self.run_id: int | None = None
        self.state, self.number, self.asked_to_cancel = WAITING, 0, False
        self.done = self.total = 0
        self.steps: list[RunState] = []
        self.attempts: list[Attempt] = []
        self.undone: set[str] = set()
        self.held_for_dead = False

    def _to(self, state: RunState) -> None:
        self.state = state
        self.steps.append(state)

    @property
    def _current(self) -> Attempt | None:
        if self.state is not RUNNING:
            return None
        return self.attempts[-1]

    @rule()
    def start(self) -> None:
        """A second one is refused while one is open, and leaves nothing."""
        if self.run_id is not None and self.state in (WAITING, RUNNING):
            with pytest.raises(Refused), transaction.atomic():
                runs.start_run(TRIAL, arguments={}, rights=self.rights, at=self.at)
            return
        self.run_id = runs.start_run(TRIAL, arguments={}, rights=self.rights, at=self.at)
        self.number, self.done, self.total, self.asked_to_cancel = 0, 0, 0, False
        self.steps, self.undone = [], set()
        self._to(WAITING)

    @precondition(lambda self: self.run_id is not None)
    @rule()
    def cancel(self) -> None:
        """What waits ends at once, what runs is marked, what has ended refuses."""
        assert self.run_id is not None
        if self.state in (WAITING, RUNNING):
            at_once = runs.cancel_run(self.run_id, rights=self.rights, at=self.at)
            assert at_once is (self.state is WAITING)
            if at_once:
                self._to(RunState.CANCELLED)
            else:
                self.asked_to_cancel = True
            return
        with pytest.raises(Refused), transaction.atomic():
            runs.cancel_run(self.run_id, rights=self.rights, at=self.at)

    @precondition(lambda self: self.run_id is not None)
    @rule()
    def resume(self) -> None:
        """What ended early waits again; a run whose worker is missed is ended first."""
        assert self.run_id is not None
        self._notice()
        if self.state in RESUMABLE:
            runs.resume_run(self.run_id, rights=self.rights, at=self.at)
            self._to(WAITING)
            return
        with pytest.raises(Refused), transaction.atomic():
            runs.resume_run(self.run_id, rights=self.rights, at=self.at)

    @rule()
    def claim(self) -> None:
        """A new worker takes what waits, with a clean slate."""
        worker_id = enlist(at=self.at)
        claimed = claim(worker_id, at=self.at)
        if self.run_id is None or self.state is not WAITING:
            assert claimed is None
            return
        assert claimed is not None
        self.number += 1
        assert (claimed.run_id, claimed.attempt) == (self.run_id, self.number)
        self.done, self.total, self.asked_to_cancel, self.held_for_dead = 0, 0, False, False
        self.undone = set()
        self.attempts.append(Attempt(claimed.run_id, self.number, worker_id))
        self._to(RUNNING)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), done=st.integers(0, 20), more=st.integers(0, 20))
    def report(self, data: st.DataObject, done: int, more: int) -> None:
        """Progress is the present attempt's alone, and never goes back."""
        attempt = data.draw(st.sampled_from(self.attempts))
        progress = Progress(attempt.run_id, attempt.number)
        if attempt is not self._current:
            with pytest.raises(RunLost):
                progress.report(done, done + more)
            return
        self.total = max(self.total, done + more, done)
        self.done = max(self.done, done)
        if self.asked_to_cancel and more:
            with pytest.raises(RunCancelled) as told:
                progress.report(done, done + more)
            assert not isinstance(told.value, RunLost)
        else:
            progress.report(done, done + more)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), number=st.integers(1, 9))
    def leave_undone(self, data: st.DataObject, number: int) -> None:
        """Only the attempt that carries the run says what it left."""
        attempt = data.draw(st.sampled_from(self.attempts))
        progress, left = Progress(attempt.run_id, attempt.number), [Undone(number, f"R8-{number}", "理由")]
        if attempt is not self._current:
            with pytest.raises(RunLost), transaction.atomic():
                progress.leave_undone(left)
            return
        progress.leave_undone(left)
        self.undone.add(f"R8-{number}")

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), state=st.sampled_from([RunState.DONE, RunState.FAILED, RunState.CANCELLED]))
    def end(self, data: st.DataObject, state: RunState) -> None:
        """An attempt that is not the present one ends nothing."""
        attempt = data.draw(st.sampled_from(self.attempts))
        words = CANCELLED if state is not RunState.DONE else ("", "")
        _write_end(
            attempt.run_id, attempt=attempt.number, end=End(state, {"件数": "1件"}, *words), at=self.at
        )
        if attempt is self._current:
            self._to(state)

    @precondition(lambda self: self._current is not None)
    @rule(forgotten=st.booleans())
    def die(self, forgotten: bool) -> None:
        """The worker is heard of no more, or its row is gone."""
        current = self._current
        assert current is not None
        row = Worker.objects.filter(pk=current.worker_id)
        if forgotten:
            row.delete()
        else:
            row.update(seen_at=self.at - LOST_AFTER - timedelta(seconds=1))
        self.held_for_dead = True

    @rule()
    def notice(self) -> None:
        """Another worker looks around."""
        ended = end_lost(at=self.at)
        assert ended == (self.state is RUNNING and self.held_for_dead)
        self._notice()

    def _notice(self) -> None:
        if self.state is RUNNING and self.held_for_dead:
            self._to(RunState.FAILED)

    @invariant()
    def tables_agree_with_the_model(self) -> None:
        """State, attempt, progress, steps and cases left are those of the model."""
        if self.run_id is None:
            return
        seen = runs.find_run(self.run_id, at=self.at)
        assert (seen.state, seen.attempt, seen.done, seen.total) == (
            self.state, self.number, self.done, self.total
        )  # fmt: skip
        assert [one.to_state for one in runs.steps_of(self.run_id)] == self.steps
        assert {one.number for one in runs.undone_of(self.run_id, limit=100)} == self.undone
        assert seen.is_lost is (self.state is RUNNING and self.held_for_dead)
        assert (seen.ended_at is not None) or seen.state in (WAITING, RUNNING) or self.number == 0

    @invariant()
    def every_step_is_in_the_table(self) -> None:
        """No way leads past it."""
        for source, target in zip(self.steps, self.steps[1:], strict=False):
            assert target in PAIRS[source]


@contextmanager
def thrown_away() -> Iterator[None]:
    """What an example has written is gone with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(db: None) -> None:
    """Nobody is needed here."""


@pytest.fixture
def town(db: None) -> object:
    """Offices and two administrators, in the transaction of the test."""
    from tests.web.town import build_town

    return build_town()


def test_a_run_goes_the_ways_of_its_table(
    head: Rights, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "SECONDS_BETWEEN_REPORTS", 0.0)

    class Example(Runs):
        """One example, thrown away at its end."""

        rights = head

        def __init__(self) -> None:
            self._kept = thrown_away()
            self._kept.__enter__()
            super().__init__()

        def teardown(self) -> None:
            self._kept.__exit__(None, None, None)

    run_state_machine_as_test(Example, settings=FEW)
