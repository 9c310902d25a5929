"""A small city with its offices, two rights administrators and a clerk."""

from __future__ import annotations

import pytest

from tests.staff.town import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    """Offices, two rights administrators and a clerk, on a Monday in July."""
    return build_town()
