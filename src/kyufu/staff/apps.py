"""The roles of roles.toml are in the tables after every migration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db import connections, router
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    name = "kyufu.staff"
    label = "staff"

    def ready(self) -> None:
        """Ask to be told when this module's migrations have run."""
        post_migrate.connect(_seed, sender=self)


def _seed(*, using: str, **_: object) -> None:
    from kyufu.staff.models import RoleRight
    from kyufu.staff.roles import seed_roles

    # Another database's migrations, and those that go back before the first, leave no table.
    if router.allow_migrate_model(using, RoleRight) and (
        RoleRight._meta.db_table in connections[using].introspection.table_names()
    ):
        seed_roles(using=using)
