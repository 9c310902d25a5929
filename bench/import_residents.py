"""Import of residents: against a raw COPY of the same file, and the cost a row at ten times the size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from django.conf import settings

from bench import Figure, let_owner_stand_in
from kyufu.cli.main import prepare_django
from kyufu.demo.city import make_city
from kyufu.notation.municipalities import YOKOHAMA

SMALL, LARGE = 20_000, 200_000
MOST_TIMES_A_COPY = 20
MOST_GROWTH = 1.2
LINES_A_WRITE = 1_000


def run() -> list[Figure]:
    """Import a small and a large city into empty schemas, three times each, and copy the large one before each import.

    The ratio is of the sums; the growth compares the quickest import of each size.
    """
    prepare_django()
    folder = Path(settings.VAR_DIR) / "bench" / "import"
    try:
        small_file, large_file = (
            resident_file(folder / str(size), residents=size) for size in (SMALL, LARGE)
        )
        small = min(_import_seconds(small_file) for _ in range(3)) / _rows(small_file)
        copies, imports = zip(
            *((_copy_seconds(large_file), _import_seconds(large_file)) for _ in range(3)), strict=True
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows_note = f"{LARGE:,} / {SMALL:,} residents"
    times = sum(imports) / sum(copies)
    rows = _rows(large_file)
    large = min(imports) / rows
    return [
        Figure("import_times_raw_copy", times, "ratio", MOST_TIMES_A_COPY, "max", f"{rows:,} rows"),
        Figure("import_growth_per_row", large / small, "ratio", MOST_GROWTH, "max", rows_note),
        Figure("import_microseconds_per_row", large * 1_000_000, "µs", None, "max", f"{rows:,} rows"),
    ]


_rows_of: dict[Path, int] = {}


def resident_file(folder: Path, *, residents: int) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    manifest = make_city(
        residents=residents, out=folder, seed=1, municipality="yokohama", as_of=date(2026, 8, 1),
        report=lambda *_: None,
    )  # fmt: skip
    file = next(one for one in manifest.files if one.layout == "resident" and one.name.count("FULL"))
    _rows_of[folder / file.name] = file.rows
    return folder / file.name


def _rows(path: Path) -> int:
    return _rows_of[path]


def _import_seconds(path: Path) -> float:
    from kyufu.platform.feeds.intake import receive_feed
    from kyufu.registry.api import resident_feed

    feed = resident_feed()
    with empty_schema():
        started = perf_counter()
        result = receive_feed(path, feeds={feed.layout.name: feed}, municipality=YOKOHAMA)
        seconds = perf_counter() - started
        if result.landed + result.rejected != _rows(path):
            raise AssertionError("rows are missing")
        return seconds


def _copy_seconds(path: Path) -> float:
    """Copy the data lines as they are into a table of text columns without any index."""
    from django.db import connection

    with empty_schema(), connection.cursor() as cursor, path.open(encoding="utf-8", newline="\n") as file:
        columns = len(list(islice(file, 2))[1].split(","))
        cursor.execute(f"CREATE TABLE bare ({', '.join(f'c{at} text' for at in range(columns))})")
        started = perf_counter()
        with cursor.cursor.copy("COPY bare FROM STDIN (FORMAT csv)") as copy:
            rows = islice(file, _rows(path))
            while block := list(islice(rows, LINES_A_WRITE)):
                copy.write("".join(block))
        return perf_counter() - started


@contextmanager
def empty_schema() -> Iterator[None]:
    """A schema of its own with all tables, gone afterwards; the municipality's own is not touched."""
    from django.core.management import call_command
    from django.db import connection

    from kyufu.registry.vault_seam import NoVault

    let_owner_stand_in()
    schema = "kyufu_bench_import"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
        cursor.execute(f"SET search_path TO {schema}")
    try:
        call_command("migrate", verbosity=0, interactive=False)
        # The municipality's vault is not the place for a benchmark's numbers.
        with patch("kyufu.registry.vault_seam.present_vault", NoVault):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            cursor.execute("CHECKPOINT")
        connection.close()
