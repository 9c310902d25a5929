"""Which account Django uses for which tables: the vault's are reached by the vault's own account alone."""

from __future__ import annotations

from django.db import models

from kyufu.platform.databases import VAULT

VAULT_APP = "mynumber"


class VaultRouter:
    """Sends the tables of `mynumber` to the vault, and keeps every other table out of it."""

    def db_for_read(self, model: type[models.Model], **_: object) -> str | None:
        """The vault for its own tables, no opinion on others."""
        return VAULT if model._meta.app_label == VAULT_APP else None

    def db_for_write(self, model: type[models.Model], **_: object) -> str | None:
        """The vault for its own tables, no opinion on others."""
        return VAULT if model._meta.app_label == VAULT_APP else None

    def allow_migrate(self, db: str, app_label: str, **_: object) -> bool:
        """Are the tables of this app made by this account?"""
        return (db == VAULT) is (app_label == VAULT_APP)
