"""The application `audit`: told of new database sessions, and of migrations that made or changed tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AuditConfig(AppConfig):
    """Connects the log to the database's own life; no business signal is used."""

    name = "kyufu.audit"
    label = "audit"

    def ready(self) -> None:
        """Have new sessions told who acts."""
        from kyufu.audit.session import tell_new_session

        connection_created.connect(tell_new_session, dispatch_uid="kyufu.audit.session")
