"""The cache in the database, without loss: one-time codes that were used and attempts that were counted stand in it."""

from __future__ import annotations

from datetime import datetime

from django.core.cache.backends.db import DatabaseCache
from django.db import connections
from django.db.backends.utils import CursorWrapper


class LosslessCache(DatabaseCache):
    """Takes out what is over, and nothing else, however much there is.

    Django's own makes room by throwing out entries in force: a code that was used could be used again.
    """

    def _cull(self, db: str, cursor: CursorWrapper, now: datetime, num: int) -> None:  # noqa: ARG002 - Django's
        operations = connections[db].ops
        cursor.execute(
            f"DELETE FROM {operations.quote_name(self._table)} WHERE expires < %s",  # type: ignore[attr-defined]
            [operations.adapt_datetimefield_value(now)],
        )
