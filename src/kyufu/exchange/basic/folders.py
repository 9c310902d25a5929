"""Where delivered files lie: written aside, moved into place only when the ledger has them; for their owner alone.

`var/exchange/<schema>/<system>/`, with `.staging/<uid>` for a file that is being written. Who calls holds the lock of
the system, so no staging file belongs to a living delivery. A kill before the ledger's commit leaves a staging file
that the ledger does not know, which the next delivery throws away; a kill after it one that it moves into place.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TextIO
from uuid import UUID

from django.conf import settings

STAGING = ".staging"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
_IS_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def place_of(system: str, *, name: str) -> Path:
    """Where a delivered file of a system lies."""
    return _folder(system) / name


def open_staging(system: str, *, uid: UUID) -> TextIO:
    """A new file to write a delivery into, readable by its owner alone; lines end as written."""
    folder = _staging(system)
    for made in (folder.parents[2], folder.parents[1], folder.parent, folder):
        made.mkdir(parents=True, exist_ok=True)
        made.chmod(PRIVATE_FOLDER)
    descriptor = os.open(folder / str(uid), os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def finish(file: TextIO) -> None:
    """See that what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def publish(system: str, *, uid: UUID, name: str) -> Path:
    """Move a file that the ledger has to its place; does nothing when it is there already."""
    place = place_of(system, name=name)
    if place.exists():
        return place
    (_staging(system) / str(uid)).rename(place)
    _sync(place.parent)
    return place


def settle(system: str, *, name_of: Callable[[UUID], str | None]) -> None:
    """Finish what a killed delivery left; `name_of` gives the name in the ledger, None for what it does not know.

    What is no file of a delivery is left alone: somebody else has put it there.
    """
    for uid in _staged(system):
        name = name_of(uid)
        if name is None:
            (_staging(system) / str(uid)).unlink()
        else:
            publish(system, uid=uid, name=name)


def _staged(system: str) -> list[UUID]:
    folder = _staging(system)
    names = sorted(left.name for left in folder.iterdir()) if folder.is_dir() else []
    return [UUID(name) for name in names if _IS_UID.fullmatch(name)]


def _folder(system: str) -> Path:
    return Path(settings.VAR_DIR) / "exchange" / settings.SCHEMA / system


def _staging(system: str) -> Path:
    return _folder(system) / STAGING


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
