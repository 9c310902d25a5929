"""How fast the demo city is made, and whether a bigger one costs more a row."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

from bench import Figure
from kyufu.demo.city import make_city

SMALL, LARGE = 10_000, 100_000
LARGEST_GROWTH = 1.2
# One million residents in 60 seconds on two cores.
LEAST_RESIDENTS_A_SECOND = 16_700


def run() -> list[Figure]:
    """Make a small and a large city with two processes; the better of two runs counts for each."""
    folder = Path(os.environ.get("KYUFU_VAR", "var")) / "bench" / "city"
    small = min(_seconds_a_row(SMALL, folder=folder) for _ in range(3))
    large, residents_a_second = _large(folder)
    return [
        Figure(
            "city_residents_per_second", residents_a_second, "residents/s", LEAST_RESIDENTS_A_SECOND, "min"
        ),
        Figure(
            "city_growth_per_row",
            large / small,
            "ratio",
            LARGEST_GROWTH,
            "max",
            f"{LARGE:,} / {SMALL:,} residents",
        ),
    ]


def _large(folder: Path) -> tuple[float, float]:
    runs = []
    for _ in range(2):
        started = time.perf_counter()
        seconds_a_row = _seconds_a_row(LARGE, folder=folder)
        runs.append((seconds_a_row, LARGE / (time.perf_counter() - started)))
    return min(runs)


def _seconds_a_row(residents: int, *, folder: Path) -> float:
    started = time.perf_counter()
    manifest = make_city(
        residents=residents, out=folder, seed=1, municipality="yokohama", as_of=date(2026, 8, 1),
        report=lambda *_: None,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    shutil.rmtree(folder)
    return seconds / sum(file.rows for file in manifest.files)
