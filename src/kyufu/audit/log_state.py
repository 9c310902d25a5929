"""How the log stands: how far it is sealed, and when it was last verified with what result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from kyufu.audit.events import EventKind

_SEALED = """
SELECT count(*), coalesce(sum(record_count), 0), max(no), max(at) FROM audit_block
"""
_VERIFIED = """
SELECT at, detail::text FROM audit_event WHERE kind = %s ORDER BY at DESC, id DESC LIMIT 1
"""
_LAST_EVENT = "SELECT max(at) FROM audit_event WHERE kind = %s"
# Sealed records of one's own have numbers below the last window; the clock is near enough for a state of health.
_OLDEST_OPEN = """
SELECT min(r.at) FROM (SELECT at FROM audit_read UNION ALL SELECT at FROM audit_write
                       UNION ALL SELECT at FROM audit_event) r
 WHERE r.at > coalesce((SELECT max(at) FROM audit_block), '-infinity')
"""


class LogState(NamedTuple):
    """Blocks and records sealed, the last block, and the last verification with what it said (empty: none yet)."""

    blocks: int
    records: int
    last_block_no: int | None
    last_block_at: datetime | None
    verified_at: datetime | None
    verdict: Mapping[str, str]


def log_state() -> LogState:
    """How the log stands now, from its own blocks and events."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALED)
        blocks, records, number, sealed_at = cursor.fetchone()
        cursor.execute(_VERIFIED, [str(EventKind.LOG_VERIFIED)])
        verified = cursor.fetchone()
    verified_at, detail = verified or (None, "{}")
    return LogState(blocks, int(records), number, sealed_at, verified_at, json.loads(detail))


def last_event_at(kind: EventKind) -> datetime | None:
    """When an event of a kind was last written down; None where it never was."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_EVENT, [str(kind)])
        found: datetime | None = cursor.fetchone()[0]
        return found


def oldest_unsealed_at() -> datetime | None:
    """When the oldest record came that was written since the last seal; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_OPEN)
        found: datetime | None = cursor.fetchone()[0]
        return found
