"""The session engine: Django's sessions in the database, found by a keyed hash of what the browser holds.

A copy of the table therefore opens nothing. That an account has one session at a time, and when it ends, is kept by
`staff` beside it, by the same hash.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection, transaction

from kyufu.platform import clock
from kyufu.web.keys import derived_key

# As many bytes as fill the 40 characters of the column.
_HASH_BYTES = 30


class SessionStore(DatabaseStore):
    """Django's database sessions under hashed keys."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        rows = self.model.objects.filter(
            session_key=hashed(self.session_key or ""), expire_date__gt=clock.current_instant()
        )
        found: AbstractBaseSession | None = rows.first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Is there a session of this key?"""
        return bool(self.model.objects.filter(session_key=hashed(session_key)).exists())

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of the present session."""
        row: AbstractBaseSession = self.model(
            session_key=hashed(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session, without a key the present one."""
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=hashed(key)).delete()


def clear_expired_rows(*, at: datetime) -> dict[str, int]:
    """Delete browser sessions and counters of attempts that are over at an instant; how many of each, by name."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE expire_date < %s", [at])
        sessions = cursor.rowcount
        cursor.execute("DELETE FROM web_cache WHERE expires < %s", [at])
        return {"期限切れのサインインの印": sessions, "期限切れの試行回数": cursor.rowcount}


def hashed(session_key: str) -> str:
    """The keyed hash under which a session stands in the tables."""
    key = derived_key("kyufu.web.sessions", length=32)
    digest = hmac.new(key, session_key.encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest[:_HASH_BYTES]).decode()
