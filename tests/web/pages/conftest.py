"""Signed-in staff beside a small city, for the tests of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.world import World
from tests.web.town import Town


@pytest.fixture
def world(tmp_path: Path, town: Town) -> World:
    """A city without people yet, in which the town's staff work."""
    return World(tmp_path)
