"""A register with persons, a receiving system, and two persons who may allow deliveries."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.exchange.basic.api import register_system
from tests.exchange.basic.parts import SYSTEM, rights
from tests.registry.persons import Register


@pytest.fixture
def register(db: None, tmp_path: Path) -> Register:
    """The resident register as a sender, before its first file."""
    return Register(tmp_path)


@pytest.fixture
def var(tmp_path: Path, settings: object) -> Path:
    """The folder under which deliveries are written."""
    settings.VAR_DIR = tmp_path / "var"  # type: ignore[attr-defined]
    return tmp_path / "var"


@pytest.fixture
def system(db: None) -> str:
    """A system that may ask for items; nothing is allowed yet."""
    register_system(SYSTEM, name="国民健康保険システム", rights=rights())
    return SYSTEM
