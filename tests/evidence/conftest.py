"""Persons to have evidence of, and a neighbouring system to send it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from kyufu.platform.actors import Actor
from tests.evidence.files import FEEDS, Sender

CLERK = Actor("S0001", "職員　一郎", "鶴見区保険年金課")


@pytest.fixture
def clerk() -> Actor:
    """A member of staff."""
    return CLERK


@pytest.fixture
def person(db: None) -> Callable[[str], int]:
    """Registers an addressee by number and gives its id."""

    def register(addressee_no: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registry_addressee (addressee_no, kind) VALUES (%s, 'resident') RETURNING id",
                [addressee_no],
            )
            return int(cursor.fetchone()[0])

    return register


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    """The systems of the tax, insurance and welfare offices, in one."""
    return Sender(tmp_path, FEEDS)
