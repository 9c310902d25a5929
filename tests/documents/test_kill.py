"""kill -9 in the middle of a print run: no half file counts, nothing is lost, the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from kyufu.documents import files, queries
from kyufu.documents.models import Document, PrintRun
from kyufu.documents.operations import run_job
from tests.documents.killed_run import DECIDED, DURING
from tests.documents.reading import reader
from tests.documents.sources import Source, order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
SCHEMA = "public"


def kill_run_at(point: str, *, var: Path) -> None:
    """Start a run in another process on this test's database, kill it -9 at the point, and see it gone."""
    database = connection.settings_dict
    url = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@:{database['PORT'] or 5432}"
        f"/{database['NAME']}?host={database['HOST']}"
    )
    marker = var / "reached"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.documents.killed_run", point, str(marker)],
        cwd=ROOT, start_new_session=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "KYUFU_DATABASE_URL": url,
             "KYUFU_SCHEMA": SCHEMA, "KYUFU_VAR": str(var)},
    )  # fmt: skip
    try:
        wait_until(lambda: marker.exists() or process.poll() is not None)
        assert process.poll() is None, "the run ended before it reached the point"
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        wait_until(lambda: not group_lives(process.pid))
    finally:
        if group_lives(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
    marker.unlink()


def group_lives(leader: int) -> bool:
    """Is there still a process of the run, a helper of it included?"""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(reached: Callable[[], bool]) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def finish(source: Source) -> None:
    """The run that a clerk starts after the kill."""
    run_job(source.job(), order=order(), municipality="yokohama", report=lambda _done, _total: None)


def printed_pages(var: Path) -> int:
    """Pages in all the files that lie in the folders of print runs."""
    found = [path for path in (var / "documents").rglob("*.pdf") if files.STAGING not in path.parts]
    return sum(len(reader(path.read_bytes()).pages) for path in found)


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own, as the municipality that the killed process is."""
    settings.VAR_DIR, settings.SCHEMA = tmp_path, SCHEMA
    return tmp_path


def test_killed_before_the_decision_nothing_counts(var: Path) -> None:
    kill_run_at(DURING, var=var)
    assert list((files.root() / files.STAGING).iterdir())
    assert not PrintRun.objects.exists()
    assert printed_pages(var) == 0
    finish(Source(list(range(1, 12))))
    assert (Document.objects.count(), printed_pages(var)) == (11, 11)
    assert list((files.root() / files.STAGING).iterdir()) == []


def test_killed_after_the_decision_the_files_come_to_their_place(var: Path) -> None:
    kill_run_at(DECIDED, var=var)
    assert PrintRun.objects.get().documents == 11
    assert queries.runs()[0].folder_found is False
    finish(Source(list(range(1, 12))))
    assert PrintRun.objects.count() == 1
    assert queries.runs()[0].folder_found is True
    assert (Document.objects.count(), printed_pages(var)) == (11, 11)
    assert list((files.root() / files.STAGING).iterdir()) == []
