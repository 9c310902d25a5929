"""Reads of runs; nothing here is about a person."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from kyufu.platform.errors import BadInput
from kyufu.runs.kinds import Undone
from kyufu.runs.lost import LOST_AFTER
from kyufu.runs.states import RESUMABLE, RunState

PERCENT = 100
# Before so much is done nobody can say how long the rest takes.
LEAST_DONE = 1


class RunSeen(NamedTuple):
    """A run as the pages show it; `is_lost`: its worker has not been heard of and it cannot end by itself."""

    run_id: int
    kind: str
    arguments: Mapping[str, str]
    asked_by: str
    asked_by_name: str
    asked_by_office: str
    asked_at: datetime
    state: RunState
    attempt: int
    began_at: datetime | None
    ended_at: datetime | None
    cancel_asked_at: datetime | None
    done: int
    total: int
    outcome: Mapping[str, str]
    message: str
    remedy: str
    is_lost: bool

    @property
    def percent(self) -> int:
        """How much is done, in whole hundredths."""
        return self.done * PERCENT // self.total if self.total else 0

    @property
    def is_resumable(self) -> bool:
        """May it be taken up again?"""
        return self.state in RESUMABLE or self.is_lost

    @property
    def is_open(self) -> bool:
        """Is more to come of it?"""
        return self.state in (RunState.WAITING, RunState.RUNNING) and not self.is_lost

    def time_left(self, *, at: datetime) -> timedelta | None:
        """How long the rest takes if it goes on as so far; None where that cannot be said."""
        if self.state is not RunState.RUNNING or self.began_at is None or self.done < LEAST_DONE:
            return None
        return (at - self.began_at) * (self.total - self.done) / self.done


class RunStep(NamedTuple):
    """A step of a run: to which state, by whom, when and why."""

    to_state: RunState
    actor_name: str
    actor_office: str
    at: datetime
    why: str


class WorkerSeen(NamedTuple):
    """A worker, when it began and when it was last heard of."""

    name: str
    started_at: datetime
    seen_at: datetime
    is_alive: bool


_COLUMNS = """
r.id, r.kind, r.arguments::text, r.asked_by, r.asked_by_name, r.asked_by_office, r.asked_at, r.state, r.attempt,
r.began_at, r.ended_at, r.cancel_asked_at, r.done, r.total, r.outcome::text, r.message, r.remedy,
r.state = 'running' AND (w.id IS NULL OR w.seen_at < %(since)s)
"""
_FROM = "FROM runs_run r LEFT JOIN runs_worker w ON w.id = r.worker_id"


def latest_runs(
    *, kinds: Collection[str], limit: int, before: int | None, at: datetime
) -> tuple[RunSeen, ...]:
    """The runs of the kinds, newest first, those before an id (key-set paging; None: from the newest)."""
    rows = _fetch(
        f"""SELECT {_COLUMNS} {_FROM} WHERE r.kind = ANY(%(kinds)s)
               AND (%(before)s::bigint IS NULL OR r.id < %(before)s) ORDER BY r.id DESC LIMIT %(limit)s""",
        {"kinds": list(kinds), "before": before, "limit": limit, "since": at - LOST_AFTER},
    )
    return tuple(_seen(row) for row in rows)


def latest_run(kind: str, *, argument: tuple[str, str] | None = None, at: datetime) -> RunSeen | None:
    """The newest run of a kind, of those that were told an argument (name, value) where one is given; None: none."""
    wanted = json.dumps(dict([argument] if argument else []))
    rows = _fetch(
        f"SELECT {_COLUMNS} {_FROM} WHERE r.kind = %(kind)s AND r.arguments @> %(wanted)s::jsonb"
        " ORDER BY r.id DESC LIMIT 1",
        {"kind": kind, "wanted": wanted, "since": at - LOST_AFTER},
    )
    return _seen(rows[0]) if rows else None


def find_run(run_id: int, *, at: datetime) -> RunSeen:
    """One run; raises BadInput where there is none."""
    rows = _fetch(f"SELECT {_COLUMNS} {_FROM} WHERE r.id = %(id)s", {"id": run_id, "since": at - LOST_AFTER})
    if not rows:
        raise BadInput("その一括処理はありません。", remedy="一覧から選び直してください。")
    return _seen(rows[0])


def steps_of(run_id: int) -> tuple[RunStep, ...]:
    """What became of a run, oldest first."""
    rows = _fetch(
        "SELECT to_state, actor_name, actor_office, at, why FROM runs_run_transition"
        " WHERE subject_id = %(id)s ORDER BY id",
        {"id": run_id},
    )
    return tuple(RunStep(RunState(row[0]), *row[1:]) for row in rows)


def undone_of(run_id: int, *, limit: int) -> tuple[Undone, ...]:
    """The cases that a run left as they were, at most `limit`."""
    rows = _fetch(
        "SELECT application_id, number, reason FROM runs_refusal WHERE run_id = %(id)s ORDER BY id LIMIT %(limit)s",
        {"id": run_id, "limit": limit},
    )
    return tuple(Undone(*row) for row in rows)


def workers(*, at: datetime) -> tuple[WorkerSeen, ...]:
    """The workers that were heard of in the last day, the latest first."""
    rows = _fetch(
        "SELECT name, started_at, seen_at, seen_at >= %(since)s FROM runs_worker ORDER BY seen_at DESC",
        {"since": at - LOST_AFTER},
    )
    return tuple(WorkerSeen(*row) for row in rows)


def is_attended(*, at: datetime) -> bool:
    """Is there a worker alive that takes up what waits?"""
    return any(one.is_alive for one in workers(at=at))


def run_counts() -> dict[str, int]:
    """How many runs stand in each state."""
    return dict(_fetch("SELECT state, count(*) FROM runs_run GROUP BY state", {}))


def _seen(row: tuple[Any, ...]) -> RunSeen:
    values = list(row)
    values[2], values[7], values[14] = json.loads(row[2]), RunState(row[7]), json.loads(row[14])
    return RunSeen(*values)


def _fetch(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
