"""Carry one run to its end: under the name of whoever answers for it, with progress, and every end written down."""

from __future__ import annotations

import errno
import logging
import secrets
import socket
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from kyufu.audit.api import acting
from kyufu.platform import clock
from kyufu.platform.access import Access, Channel
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import KyufuError
from kyufu.platform.transitions import move
from kyufu.runs.kinds import RunContext, RunKind, Undone, kind_of
from kyufu.runs.lost import SYSTEM
from kyufu.runs.models import Run, RunRefusal
from kyufu.runs.rights import require_kind
from kyufu.runs.states import RUNS, RunState
from kyufu.staff.api import rights_of

_LOG = logging.getLogger("kyufu.runs")
SECONDS_BETWEEN_REPORTS = 1.0
# What is shown of the cases left undone; the counts say how many there are in all.
MOST_KEPT = 1_000
STOPPED = (
    "処理係が止められたため、途中で止まりました。",
    "処理係を起動し、「再開する」を押してください。続きから進みます。",
)
CANCELLED = (
    "中止の指示により、途中で止めました。済んだ分はそのまま残っています。",
    "続けるときは「再開する」を押してください。",
)
NO_ROOM = (
    "保存場所の空きがなくなったため、途中で止まりました。",
    "システムの担当へ連絡してください。空きができたら「再開する」を押してください。続きから進みます。",
)
DISK_FULL = "53100"
UNEXPECTED = "システムの中で問題が起き、途中で止まりました（照会番号 {}、{}）。"
UNEXPECTED_REMEDY = (
    "照会番号をシステムの担当へ連絡してください。原因が解消したら「再開する」を押してください。"
)

_REPORT = """
UPDATE runs_run SET total = greatest(total, %(total)s, %(done)s), done = greatest(done, %(done)s)
 WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' RETURNING cancel_asked_at IS NOT NULL
"""


class RunCancelled(Exception):
    """Somebody asked that the run be cancelled; the work stops between two blocks."""


class RunLost(RunCancelled):
    """The run was taken from this worker, which was held for dead; nothing may be written down any more."""


class End(NamedTuple):
    """How an attempt ended."""

    state: RunState
    outcome: Mapping[str, str]
    message: str
    remedy: str


@dataclass
class Progress:
    """The progress of one attempt, written at most once a second."""

    run_id: int
    attempt: int
    last: float = field(default=float("-inf"))

    def report(self, done: int, total: int) -> None:
        """Write down how far the work is; raises RunCancelled where it should go no further.

        What is all done is not cancelled any more.
        """
        now = time.monotonic()
        if done < total and now - self.last < SECONDS_BETWEEN_REPORTS:
            return
        self.last = now
        with connection.cursor() as cursor:
            cursor.execute(
                _REPORT, {"id": self.run_id, "attempt": self.attempt, "done": done, "total": total}
            )
            row = cursor.fetchone()
        if row is None:
            raise RunLost
        if row[0] and done < total:
            raise RunCancelled

    def leave_undone(self, cases: Sequence[Undone]) -> None:
        """Keep the cases that could not be dealt with; raises RunLost where the run is another's by now."""
        with transaction.atomic():
            if not _mine(self.run_id, attempt=self.attempt).exists():
                raise RunLost
            RunRefusal.objects.bulk_create(
                RunRefusal(
                    run_id=self.run_id,
                    application_id=one.application_id,
                    number=one.number,
                    reason=one.reason,
                )
                for one in cases[:MOST_KEPT]
            )


def carry(
    run_id: int, *, attempt: int, kind: str, arguments: Mapping[str, str], account_id: int, by: Actor
) -> None:
    """Do the work of a run that was taken up, and write down how it ended."""
    at, progress = clock.current_instant(), Progress(run_id, attempt)
    context = RunContext(
        arguments, by, at, at.astimezone(JAPAN).date(), progress.report, progress.leave_undone
    )
    try:
        end = _worked(kind, context=context, account_id=account_id)
    except RunLost:
        _LOG.warning("run %s was taken from this worker", run_id)
        return
    except KeyboardInterrupt:
        _close(run_id, attempt=attempt, end=End(RunState.FAILED, {}, *STOPPED))
        raise
    _close(run_id, attempt=attempt, end=end)


def _worked(code: str, *, context: RunContext, account_id: int) -> End:
    try:
        kind = kind_of(code)
        rights = rights_of(account_id, on=context.today)
        # Between the asking and the work a right may have ended.
        require_kind(kind, rights=rights)
        with acting(_access(kind, by=context.by)):
            return End(RunState.DONE, kind.work(context), "", "")
    except RunLost:
        raise
    except RunCancelled:
        return End(RunState.CANCELLED, {}, *CANCELLED)
    except KyufuError as error:
        return End(RunState.FAILED, {}, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001 - the end of every attempt is written down, whatever it was
        return End(RunState.FAILED, {}, *NO_ROOM) if _is_for_want_of_room(error) else _unexpected(error)


def _is_for_want_of_room(error: Exception) -> bool:
    """Is a disk full, that of the files or that of the database?"""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error.__cause__, "sqlstate", None) == DISK_FULL


def _unexpected(error: Exception) -> End:
    """An end with a number and the kind of the error; its own words may hold a person's values."""
    reference = secrets.token_hex(4).upper()
    places = [
        f"{frame.f_globals.get('__name__')}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    _LOG.error("run failed %s %s %s", reference, type(error).__name__, " ".join(places[-4:]))
    message = UNEXPECTED.format(reference, type(error).__name__)
    return End(RunState.FAILED, {}, message, UNEXPECTED_REMEDY)


def _access(kind: RunKind, *, by: Actor) -> Access:
    return Access(
        actor=by,
        terminal=f"{socket.gethostname()}／処理係",
        channel=Channel.BATCH,
        screen=f"run_{kind.code}",
        purpose=kind.title,
        reference=uuid4(),
    )


def _close(run_id: int, *, attempt: int, end: End) -> None:
    """Write the end down, where the run is still this worker's."""
    if not connection.in_atomic_block:
        # An interrupted statement leaves a connection that answers nothing any more.
        connection.close_if_unusable_or_obsolete()
    _write_end(run_id, attempt=attempt, end=end, at=clock.current_instant())


@transaction.atomic
def _write_end(run_id: int, *, attempt: int, end: End, at: datetime) -> None:
    if not _mine(run_id, attempt=attempt).exists():
        return
    Run.objects.filter(pk=run_id).update(
        ended_at=at, outcome=dict(end.outcome), message=end.message, remedy=end.remedy
    )
    move(
        RUNS, subject_id=run_id, from_state=RunState.RUNNING, to_state=end.state, by=SYSTEM, at=at,
        why=end.message or "すべて終了",
    )  # fmt: skip


def _mine(run_id: int, *, attempt: int) -> QuerySet[Run]:
    """The run, locked, where this attempt still carries it."""
    return Run.objects.select_for_update().filter(pk=run_id, attempt=attempt, state=RunState.RUNNING)
