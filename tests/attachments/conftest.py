"""A city with an application, and a key of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cases.world import Family, World, receive


@pytest.fixture
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """A key file of this test alone, and no scanner."""
    path = tmp_path / "attachment-key"
    monkeypatch.setenv("KYUFU_ATTACHMENT_KEY_FILE", str(path))
    monkeypatch.delenv("KYUFU_ATTACHMENT_KEY", raising=False)
    settings.KYUFU_SCAN_COMMAND = ""
    return path


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, own_key: Path) -> World:
    """A city without anybody in it yet; commits are real."""
    return World(tmp_path)


@pytest.fixture
def family(world: World) -> Family:
    """A father and a child."""
    return world.family()


@pytest.fixture
def application(family: Family) -> int:
    """An application for the child."""
    return receive(family)
