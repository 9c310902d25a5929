"""One demonstration from a bare folder for all who look at it, and others that a test may disturb."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.journeys.city_run import CityRun, fresh_schema, shared_server


@pytest.fixture(scope="session")
def finished() -> Iterator[CityRun]:
    """A demonstration that ran to its end on a server that it made itself (or on the one that is given).

    Not under pytest's own folder: every session that starts closes that one to the account the server runs as.
    """
    folder = Path(tempfile.mkdtemp(prefix="kyufu-finished-"))
    made = CityRun(folder, fresh_schema(), str(settings.DATABASE_URL))
    done = made.run()
    (made.var / "stdout.log").write_text(done.stdout, encoding="utf-8")
    (made.var / "stderr.log").write_text(done.stderr, encoding="utf-8")
    try:
        assert done.returncode == 0, done.stderr[-2000:]
        yield made
    finally:
        made.remove()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_run(tmp_path: Path) -> Iterator[Callable[[], CityRun]]:
    """Makes demonstrations that share the tests' server, each with its own folder and schema."""
    made: list[CityRun] = []

    def make() -> CityRun:
        made.append(CityRun(tmp_path / f"run-{len(made)}", fresh_schema(), shared_server()))
        return made[-1]

    yield make
    for one in made:
        one.remove()
