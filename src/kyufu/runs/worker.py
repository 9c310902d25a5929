"""The worker (処理係): takes up what waits, one run at a time, and keeps its heart beating meanwhile."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, connection, transaction

from kyufu.platform import clock
from kyufu.platform.actors import Actor
from kyufu.platform.transitions import move
from kyufu.runs.carrying import carry
from kyufu.runs.lost import BEAT_SECONDS, SYSTEM, end_lost, forget_old_workers
from kyufu.runs.models import Run, RunRefusal, Worker
from kyufu.runs.periodic import Looking
from kyufu.runs.states import RUNS, RunState

POLL_SECONDS = 1.0
_LOG = logging.getLogger("kyufu.runs")
_FENCE = "hashtextextended('kyufu.runs ' || current_schema() || ' ' || %s::bigint, 0)"


class Claimed(NamedTuple):
    """A run that a worker has taken up, and which attempt of it this is."""

    run_id: int
    attempt: int
    kind: str
    arguments: dict[str, str]
    account_id: int
    by: Actor


def work_until(stop: threading.Event) -> None:
    """Take up runs until told to stop; a run under way then is handed back as one to be resumed."""
    looking = Looking()
    with _alive() as worker_id:
        while not stop.is_set():
            looking.look()
            if not _work(worker_id):
                stop.wait(POLL_SECONDS)


def _work(worker_id: int) -> bool:
    """Take up a run; where the server restarts, or has no room, nothing was done and it is tried again."""
    try:
        return work_once(worker_id)
    except (OperationalError, InterfaceError) as error:
        _LOG.error("the database does not answer: %s", type(error).__name__)
        connection.close()
        return False


def work_once(worker_id: int) -> bool:
    """Take up the oldest run that waits and carry it to its end; False where none waits."""
    at = clock.current_instant()
    end_lost(at=at, idle=worker_id)
    claimed = claim(worker_id, at=at)
    if claimed is None:
        return False
    try:
        carry(claimed.run_id, attempt=claimed.attempt, kind=claimed.kind, arguments=claimed.arguments,
              account_id=claimed.account_id, by=claimed.by)  # fmt: skip
    finally:
        unfence(claimed.run_id)
    return True


@transaction.atomic
def claim(worker_id: int, *, at: datetime) -> Claimed | None:
    """Take the oldest run that waits, which no other worker is taking; None where there is none.

    A run whose former worker was held for dead and is still at a block waits until that has ended.
    """
    waiting = (
        Run.objects.select_for_update(skip_locked=True)
        .filter(state=RunState.WAITING)
        .order_by("asked_at", "id")
    )
    run = next((one for one in waiting if fence(one.pk)), None)
    if run is None:
        return None
    RunRefusal.objects.filter(run=run).delete()
    Run.objects.filter(pk=run.pk).update(
        attempt=run.attempt + 1, worker_id=worker_id, began_at=at, ended_at=None, cancel_asked_at=None,
        done=0, total=0, outcome={}, message="", remedy="",
    )  # fmt: skip
    move(
        RUNS, subject_id=run.pk, from_state=RunState.WAITING, to_state=RunState.RUNNING, by=SYSTEM, at=at,
        why="処理係が開始",
    )  # fmt: skip
    by = Actor(run.asked_by, run.asked_by_name, run.asked_by_office)
    return Claimed(run.pk, run.attempt + 1, run.kind, dict(run.arguments), run.account_id, by)


def fence(run_id: int) -> bool:
    """Keep every other connection from carrying the run; False where one does. Ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_FENCE})", [run_id])
        return bool(cursor.fetchone()[0])


def unfence(run_id: int) -> None:
    """Let others carry the run; a connection that was lost has done so already."""
    if connection.connection is not None and connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({_FENCE})", [run_id])


def enlist(*, at: datetime) -> int:
    """Write down a worker of this process; returns its id."""
    forget_old_workers(at=at)
    return int(Worker.objects.create(name=_name(), started_at=at, seen_at=at).pk)


def beat(worker_id: int, *, at: datetime) -> None:
    """Let the worker be heard of, also where it was silent for so long that it was forgotten."""
    if not Worker.objects.filter(pk=worker_id).update(seen_at=at):
        Worker.objects.create(pk=worker_id, name=_name(), started_at=at, seen_at=at)


def _name() -> str:
    return f"{socket.gethostname()}（{os.getpid()}）"


@contextmanager
def _alive() -> Iterator[int]:
    worker_id = enlist(at=clock.current_instant())
    ended = threading.Event()
    heart = threading.Thread(target=_beat_until, args=(worker_id, ended), daemon=True, name="heart")
    heart.start()
    try:
        yield worker_id
    finally:
        ended.set()
        # A server that answers nothing must not keep the worker from ending.
        heart.join(BEAT_SECONDS)
        with suppress(OperationalError, InterfaceError):
            Worker.objects.filter(pk=worker_id).delete()


def _beat_until(worker_id: int, ended: threading.Event) -> None:
    """On a connection of its own: a block of work may take minutes, and must not be taken for a death."""
    try:
        while not ended.wait(BEAT_SECONDS):
            try:
                beat(worker_id, at=clock.current_instant())
            except (OperationalError, InterfaceError):
                # The server is restarting, or gone. In the second case the work itself fails, loudly.
                connection.close()
    finally:
        connection.close()
