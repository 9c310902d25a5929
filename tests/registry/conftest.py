"""A resident register that sends its feeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kyufu.platform.access import ACCESS, Access, Opening
from tests.registry.persons import Register


@pytest.fixture
def register(db: None, tmp_path: Path) -> Register:
    """The resident register as a sender, before its first file."""
    return Register(tmp_path)


@pytest.fixture
def let_through(test_access: Access) -> Iterator[Access]:
    """The test acts as somebody with the right to protected addresses, who gave a reason."""
    access = test_access._replace(opened=frozenset({Opening.PROTECTED_ADDRESS}))
    token = ACCESS.set(access)
    yield access
    ACCESS.reset(token)
