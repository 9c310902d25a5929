"""A worker in a process of its own, started, watched from outside and killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from time import monotonic, sleep

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@contextmanager
def process_of(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A worker on this test's database that begins as a module does, with words for it; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, connection.settings_dict["NAME"], *words],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "kyufu.platform.settings",
             "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(reached: Callable[[], bool]) -> None:
    """Wait for something another process does."""
    end = monotonic() + PATIENCE
    while not reached():
        assert monotonic() < end, "waited too long"
        sleep(0.05)


def read_until(process: subprocess.Popen[str], said: str) -> None:
    """Read what the worker says until it has said something; a worker that does not come to it is killed."""
    assert process.stdout is not None
    patience = Timer(PATIENCE, process.kill)
    patience.start()
    try:
        for line in process.stdout:
            if line.strip() == said:
                return
    finally:
        patience.cancel()
    raise AssertionError(f"the worker ended, or was given up, before it said {said}")
