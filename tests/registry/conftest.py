"""A resident register that sends its feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.registry.persons import Register


@pytest.fixture
def register(db: None, tmp_path: Path) -> Register:
    """The resident register as a sender, before its first file."""
    return Register(tmp_path)
