"""Workers that died, and the runs that they left: noticed by a heart that stopped beating."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.transitions import record_steps
from kyufu.runs.states import RUNS

# The heart beats every few seconds; a machine that swaps may be late by more, so that ten beats are let pass.
BEAT_SECONDS = 3.0
LOST_AFTER = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)
LOST_TEXT = "処理係が応答しなくなったため、途中で止まりました。"
LOST_REMEDY = (
    "処理係が動いていることを確かめ、「再開する」を押してください。済んだ分はそのまま残り、続きから進みます。"
)
SYSTEM = Actor("system", "システム", "自動処理")

_LOST = """
SELECT r.id FROM runs_run r LEFT JOIN runs_worker w ON w.id = r.worker_id
 WHERE r.state = 'running' AND (w.id IS NULL OR w.seen_at < %(since)s OR w.id = %(idle)s)
 ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
"""
_SAY = """
UPDATE runs_run SET ended_at = %(at)s, message = %(message)s, remedy = %(remedy)s WHERE id = ANY(%(ids)s)
"""
_FORGET = "DELETE FROM runs_worker WHERE seen_at < %(since)s"


@transaction.atomic
def end_lost(*, at: datetime, idle: int | None = None) -> int:
    """End the runs whose worker has not been heard of, as failed, so that they can be resumed; how many.

    `idle` is a worker that looks for work: what stands in its name it could not end, as when the server was gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"since": at - LOST_AFTER, "idle": idle})
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        cursor.execute(_SAY, {"at": at, "ids": ids, "message": LOST_TEXT, "remedy": LOST_REMEDY})
    record_steps(
        RUNS,
        steps="SELECT id, 'running', 'failed', %(why)s::text, NULL::bigint FROM unnest(%(ids)s::bigint[]) AS lost (id)",
        parameters={"ids": ids, "why": LOST_TEXT},
        by=SYSTEM,
        at=at,
    )
    return len(ids)


def forget_old_workers(*, at: datetime) -> None:
    """Take out the rows of workers that ended without a word long ago."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"since": at - FORGOTTEN_AFTER})
