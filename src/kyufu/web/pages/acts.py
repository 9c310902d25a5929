"""An act of a page with its record: both happen, or neither, and a refusal is an answer like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from kyufu.audit.api import EventKind, record_event
from kyufu.platform.errors import KyufuError

# A refused act leaves everything as it was; the page says so under this status.
CONFLICT = 409
INVALID = 422


def attempt(act: Callable[[], object], *, kind: EventKind, detail: Mapping[str, str]) -> KyufuError | None:
    """Do the act and record it in one transaction; gives the refusal where the rules forbid it, None when done.

    For acts on the main database alone: what the vault does is another transaction, which records itself beforehand.
    """
    try:
        with transaction.atomic():
            act()
            record_event(kind, detail=detail)
    except KyufuError as refusal:
        return refusal
    return None
