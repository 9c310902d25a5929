"""The application `audit`: told of new database sessions, and of migrations that made or changed tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Connects the log to the database's own life; no business signal is used."""

    name = "kyufu.audit"
    label = "audit"

    def ready(self) -> None:
        """Have new sessions told who acts, and new tables watched."""
        from kyufu.audit.session import tell_new_session
        from kyufu.audit.triggers import install_after_migration

        connection_created.connect(tell_new_session, dispatch_uid="kyufu.audit.session")
        post_migrate.connect(install_after_migration, sender=self, dispatch_uid="kyufu.audit.triggers")
