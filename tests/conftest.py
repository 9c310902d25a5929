"""Shared fixtures: the embedded server (or KYUFU_DATABASE_URL) with a test database of its own."""

from __future__ import annotations

import os

import pytest
from django.conf import settings

from kyufu.platform import embedded


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server once, before the workers of a parallel run begin."""
    if not settings.DATABASE_URL and not hasattr(config, "workerinput"):
        embedded.ensure_running(settings.VAR_DIR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give the test database the municipality's schema before the migrations run."""
    os.environ.setdefault("KYUFU_TEST", "1")
    database = settings.DATABASES["default"]
    database["OPTIONS"] = {
        **database["OPTIONS"],
        "options": database["OPTIONS"]["options"].replace(
            f"search_path={settings.SCHEMA}", "search_path=public"
        ),
    }
