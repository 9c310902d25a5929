"""The application's record of what is written in the vault: it stands before the act does, or the act fails.

Two databases have no common commit. The record is committed last of all before the vault commits: where it cannot be
written the vault rolls back, and where the vault fails after it, the record names an act that did not come to be, which
the log of the application may, and the vault never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import transaction

from kyufu.audit.api import EventKind, record_event
from kyufu.mynumber import database as db
from kyufu.platform.errors import KyufuError

ACT, REASON, RESULT = "操作", "理由", "結果"
REFUSED = "拒否"


@contextmanager
def recorded(
    act: str, *, reason: str, subjects: Sequence[int], detail: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run one act as a transaction of the vault that is in the log, as refused where it is refused.

    `subjects` are the addressee ids whose numbers it is about. Raises Refused where no reason is given.
    """
    db.require_reason(reason)
    said = {ACT: act, REASON: reason, **(detail or {})}
    try:
        with db.in_vault():
            yield
            record(EventKind.NUMBER_CHANGED, detail=said, subjects=subjects)
    except KyufuError:
        record(EventKind.NUMBER_CHANGED, detail=said | {RESULT: REFUSED}, subjects=subjects)
        raise


def record(kind: EventKind, *, detail: Mapping[str, str], subjects: Sequence[int] = ()) -> None:
    """Write an event down at once, so that no later failure takes it along; what is empty is left out."""
    with transaction.atomic(durable=True):
        record_event(kind, detail={name: text for name, text in detail.items() if text}, subjects=subjects)
