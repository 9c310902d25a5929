"""Staff of the head office, a worker, and a city on the evening before its renewal."""

from __future__ import annotations

import pytest

from kyufu.staff.api import Rights
from tests.cases.world import World
from tests.renewal.night import Night, make_night
from tests.runs.conftest import head, rights_at, town, worker, world
from tests.web.town import Town

__all__ = ["head", "town", "worker", "world"]


@pytest.fixture
def second(town: Town) -> Rights:
    """The rights of an approver at the head office."""
    return rights_at(town, role="approver")


@pytest.fixture
def night(world: World) -> Night:
    """A small city."""
    return make_night(world)
