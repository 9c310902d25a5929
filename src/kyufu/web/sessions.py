"""The session engine: Django's sessions in the database, found by a keyed hash of what the browser holds.

A copy of the table therefore opens nothing. That an account has one session at a time, and when it ends, is kept by
`staff` beside it, by the same hash.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession

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


def hashed(session_key: str) -> str:
    """The keyed hash under which a session stands in the tables."""
    key = derived_key("kyufu.web.sessions", length=32)
    digest = hmac.new(key, session_key.encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest[:_HASH_BYTES]).decode()
