"""Folders and files of print runs: written aside, moved into place only when the ledger has them.

A run writes into `var/documents/<schema>/.staging/<uid>`: each municipality (schema) has its own lock and ledger,
so it has its own folder too and clears away nothing of another's. Its transaction decides; then the folder is
renamed. A kill before the decision leaves a staging folder that the ledger does not know, which the next run clears
away; a kill after it leaves one that the ledger knows, which the next run moves into place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings

STAGING = ".staging"
PRIVATE_FOLDER = 0o700


def root() -> Path:
    """The folder of the municipality's print runs; readable by its owner alone."""
    everybodys = Path(settings.VAR_DIR) / "documents"
    _make_private(everybodys)
    folder = everybodys / settings.SCHEMA
    _make_private(folder)
    return folder


def open_staging(uid: UUID) -> Path:
    """Make the folder that a run writes into until it is decided."""
    folder = _staging(uid)
    _make_private(folder)
    return folder


def publish(uid: UUID, *, folder: str) -> Path:
    """Move a decided run's folder to its place; does nothing when it is there already."""
    place = root() / folder
    if not place.exists():
        _staging(uid).rename(place)
        _sync(place.parent)
    return place


def discard(uid: UUID) -> None:
    """Throw away what an undecided run has written."""
    shutil.rmtree(_staging(uid), ignore_errors=True)


def settle(folder_of: Callable[[UUID], str | None]) -> None:
    """Finish what a killed run left: publish what the ledger knows, discard the rest.

    `folder_of` answers the place of a run in the ledger, None for a run it does not know. The caller holds
    the lock of printing, so no staging folder belongs to a living run. What is no staging folder of a run is left
    alone: somebody else has put it there.
    """
    for uid in _staged():
        folder = folder_of(uid)
        if folder is None:
            discard(uid)
        else:
            publish(uid, folder=folder)


def _staged() -> list[UUID]:
    """The runs that have a staging folder."""
    return sorted(UUID(left.name) for left in _staging_root().iterdir() if _is_of_a_run(left))


def _is_of_a_run(left: Path) -> bool:
    try:
        uid = UUID(left.name)
    except ValueError:
        return False
    return left.name == str(uid) and left.is_dir() and not left.is_symlink()


def _staging_root() -> Path:
    folder = root() / STAGING
    _make_private(folder)
    return folder


def _staging(uid: UUID) -> Path:
    return _staging_root() / str(uid)


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
