"""Shared fixtures: the embedded server (or KYUFU_DATABASE_URL) with a test database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.contenttypes.management import create_contenttypes
from django.core.management.commands import flush
from django.core.management.sql import sql_flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from xdist.scheduler import LoadScopeScheduling

from kyufu.audit.reading import READING, Reading
from kyufu.platform import embedded
from kyufu.platform.access import ACCESS, Access, Channel
from kyufu.platform.actors import Actor
from kyufu.platform.databases import ORDINARY, OWNER, VAULT

TESTER = Access(
    actor=Actor("tester", "試験 担当", "試験課"),
    terminal="試験端末",
    channel=Channel.COMMAND,
    screen="test",
    purpose="試験",
    reference=UUID(int=0),
)
# What a password costs in use, which `products_hashing` gives back, and the least work in its place: a hash of the
# product's own takes a quarter of a second, and the tests of the pages sign in thousands of times.
PRODUCTS_HASHING = {
    name: getattr(Argon2PasswordHasher, name) for name in ("time_cost", "memory_cost", "parallelism")
}
LEAST_HASHING = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


# A drawn case is judged by its answer. How long it took is the machine's matter; bin/bench looks at speed.
hypothesis.settings.register_profile(
    "kyufu", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("kyufu")


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server once, before the workers of a parallel run begin.

    In the process of the tests the owner stands in for the ordinary account, because many tests make tables.
    """
    for name, value in LEAST_HASHING.items():
        setattr(Argon2PasswordHasher, name, value)
    settings.DATABASES[ORDINARY]["USER"] = settings.DATABASES[OWNER]["USER"]
    settings.DATABASES[ORDINARY]["PASSWORD"] = settings.DATABASES[OWNER].get("PASSWORD", "")
    if not settings.DATABASE_URL and not hasattr(config, "workerinput"):
        embedded.ensure_running(settings.VAR_DIR)


# What a test asks for that works on the database.
DATABASE = {"db", "transactional_db", "django_db_setup"}
# Tables of the log, which has no models.
LOG = ["audit_read", "audit_write", "audit_event", "audit_block", "audit_retired"]
# Folders whose files share a city that is dear to make.
SHARING = ("tests/attacks", "tests/browser")


class TogetherByCity(LoadScopeScheduling):
    """In a parallel run a file's tests stay together, and the whole folder's where its files share a city.

    The groups of pytest-xdist would do, but its release 3.8 marks them where pytest 9.2 does not look any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = "/".join(file.split("/")[:2])
        return folder if folder in SHARING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByCity:
    """Hand out the tests so that what they share is made once."""
    return TogetherByCity(config, log)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep bin/check quick: what works on the database takes minutes in all, and is left to bin/test."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    uses_database = DATABASE.intersection(getattr(item, "fixturenames", ()))
    if folder == "browser" or uses_database or item.get_closest_marker("django_db"):
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give the test database the municipality's schema before the migrations run."""
    os.environ.setdefault("KYUFU_TEST", "1")
    for alias in (ORDINARY, OWNER):
        database = settings.DATABASES[alias]
        database["OPTIONS"] = {
            **database["OPTIONS"],
            "options": database["OPTIONS"]["options"].replace(
                f"search_path={settings.SCHEMA}", "search_path=public"
            ),
        }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Beside what Django makes: the vault, and what the ordinary account may do, as in `ensure_tables`.

    At the end, sessions that a test has left are ended, so that the database can be dropped.
    """
    from kyufu.platform import schema

    # Django turns only those connections to the test database that a collected test asks for.
    for alias in connections:
        connections[alias].settings_dict["NAME"] = connections[ORDINARY].settings_dict["NAME"]
    with django_db_blocker.unblock():
        with connections[ORDINARY].cursor() as cursor:
            # Every test finds a log in which nothing has happened, not even the making of the tables.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE audit_event")
            cursor.execute("RESET session_replication_role")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "SCHEMA", "public")
            schema.grant_to_ordinary()
        if VAULT in settings.DATABASES:
            schema.ensure_vault()
            connections[VAULT].close()
    _flush_quickly()
    yield
    with django_db_blocker.unblock(), connections[ORDINARY].cursor() as cursor:
        cursor.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
        )


def _flush_quickly() -> None:
    """Empty the tables after a test in milliseconds: only those with rows, and without what nobody here looks at.

    Some two thousand tests commit for real, and Django's way takes a fifth of a second for each of them.
    """
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    flush.sql_flush = _statements_that_empty


def _statements_that_empty(
    style: object, connection: BaseDatabaseWrapper, reset_sequences: bool = True, allow_cascade: bool = False
) -> list[str]:
    if connection.alias == VAULT:
        return sql_flush(style, connection, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    # No models' tables: the log, and what counts attempts, which would slow down whoever signs in next.
    names += LOG + [kept["LOCATION"] for kept in settings.CACHES.values() if kept.get("LOCATION")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT FROM "{name}")' for name in names))
        filled = [name for name, has_rows in zip(names, cursor.fetchone(), strict=True) if has_rows]
    # No trigger looks at it: neither those of foreign keys nor those of the log, which refuse.
    return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{name}"' for name in filled)]


@pytest.fixture
def ordinary_role(db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the test database by the ordinary account, past everything that Kyufu does."""
    found = connections[ORDINARY].settings_dict
    with psycopg.connect(
        host=str(found["HOST"]), port=found["PORT"] or None, user=settings.ORDINARY_ACCOUNT,
        dbname=str(found["NAME"]), options="-c search_path=public",
    ) as connection:  # fmt: skip
        yield connection


@pytest.fixture
def own_folder(tmp_path: Path, settings: Any) -> Path:
    """What is printed lies in a folder of the test's own: a print clears away what others have left half made."""
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var"


@pytest.fixture
def products_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with the work of the product."""
    for name, value in PRODUCTS_HASHING.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, value)


@pytest.fixture(autouse=True)
def test_access() -> Iterator[Access]:
    """Somebody is always reading; what a test reads is noted and thrown away with the test."""
    access, reading = ACCESS.set(TESTER), READING.set(Reading())
    yield TESTER
    READING.reset(reading)
    ACCESS.reset(access)
