"""A small city with its offices, two rights administrators and a clerk."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from tests.staff.town import Town, build_town


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as in use, but with the least work: hundreds of accounts are made here."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.fixture
def town(db: None) -> Town:
    """Offices, two rights administrators and a clerk, on a Monday in July."""
    return build_town()
