"""The city of the tests of protection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.protection.scene import Scene, plant


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for what is written, so that every file in it is of this test and can be read."""
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var"


@pytest.fixture
def scene(transactional_db: None, tmp_path: Path) -> Scene:
    """The city as it stands when somebody starts to look for the address; commits are real, as in tests.cases."""
    return plant(tmp_path)
