"""An empty log before and after each test that commits, a key in a folder of its own, and somebody who acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from kyufu.audit.signing import Signer, open_signer
from kyufu.audit.tables_sql import TABLES
from kyufu.platform.access import Access, Channel
from kyufu.platform.actors import Actor

CLERK = Actor("S001", "鶴見花子", "鶴見区保険年金課")
OTHER = Actor("S002", "港北次郎", "港北区保険年金課")


def access(**changes: Any) -> Access:
    """A clerk at a terminal with a case."""
    made = Access(CLERK, "T-01", Channel.SCREEN, "person", "資格の確認", uuid4(), "R0000001")
    return made._replace(**changes)


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run SQL as the owner of the tables, past everything that Kyufu does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        return cursor.fetchall() if cursor.description else []


def tamper(statement: str, *values: Any) -> None:
    """Change the log as somebody would who owns the tables: its triggers off."""
    for table in tables_of_the_log():
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run(statement, *values)
    for table in tables_of_the_log():
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tables_of_the_log() -> list[str]:
    """The log's tables with their partitions."""
    found = run(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = ANY(%s::regclass[])", list(TABLES)
    )
    return [*TABLES, *(name for (name,) in found if "pkey" not in name)]


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    """Where the signing key of this test lies."""
    settings.AUDIT_KEY_FILE = tmp_path / "keys" / "signing-key"
    return Path(settings.AUDIT_KEY_FILE)


@pytest.fixture
def signer(key_file: Path) -> Signer:
    """A key made for this test."""
    return open_signer(key_file)


@pytest.fixture
def log(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[..., Any]]:
    """The empty log, in a test whose transactions really commit."""
    tamper(f"TRUNCATE {', '.join(TABLES)}")
    yield run
    tamper(f"TRUNCATE {', '.join(TABLES)}")
