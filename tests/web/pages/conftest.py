"""Signed-in staff beside a small city, for the tests of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.world import Family, World
from tests.web.town import Town


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, town: Town) -> World:
    """A city without people yet; commits are real, for staleness is about what another one committed."""
    return World(tmp_path)


@pytest.fixture
def family(world: World) -> Family:
    """A father and a child in the town's first ward."""
    return world.family()
