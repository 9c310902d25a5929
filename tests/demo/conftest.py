"""A city of 6,000 (two chunks) that the tests of the generator look at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kyufu.demo.city import Manifest, make_city
from tests.demo.feed_checker import Feed, read_feed

AS_OF = date(2026, 8, 1)
RESIDENTS = 6_000


def make(out: Path, *, seed: int = 1, processes: int = 1, residents: int = RESIDENTS) -> Manifest:
    return make_city(
        residents=residents,
        out=out,
        seed=seed,
        municipality="yokohama",
        as_of=AS_OF,
        report=lambda *_: None,
        processes=processes,
    )


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    make(folder)
    return folder


@pytest.fixture(scope="session")
def feeds(city_folder: Path) -> dict[str, Feed]:
    """The feed files by layout and mode, such as «resident FULL»."""
    read = [read_feed(path) for path in sorted(city_folder.glob("*.csv"))]
    return {f"{feed.layout} {feed.mode}": feed for feed in read}
