"""A city for the tests of cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.world import World


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet; commits are real, for staleness is about what another one committed."""
    return World(tmp_path)
