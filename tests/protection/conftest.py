"""The city of the tests of protection."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protection.scene import Scene, plant


@pytest.fixture
def scene(transactional_db: None, tmp_path: Path) -> Scene:
    """The city as it stands when somebody starts to look for the address; commits are real, as in tests.cases."""
    return plant(tmp_path)
