"""A print run in a process of its own, which stops at a point and waits to be killed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from uuid import UUID

DURING, DECIDED = "during", "decided"
WAIT = 120


def wait_to_be_killed(marker: Path) -> None:
    """Say that the point is reached, and go no further."""
    marker.touch()
    time.sleep(WAIT)


def main(point: str, marker: Path) -> None:
    """Print eleven certificates in files of four and stop at the point."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kyufu.platform.settings"
    import django

    django.setup()
    from kyufu.audit.api import acting
    from kyufu.documents import files, operations
    from tests.conftest import TESTER
    from tests.documents.sources import Source, order

    operations.CHUNK = operations.PAGES_PER_FILE = 4

    def stop_after_a_file(done: int, total: int) -> None:
        if point == DURING and 0 < done < total:
            wait_to_be_killed(marker)

    def never_publish(uid: UUID, *, folder: str) -> Path:
        wait_to_be_killed(marker)
        raise AssertionError(f"{uid} {folder}")

    if point == DECIDED:
        files.publish = never_publish
    with acting(TESTER):
        operations.run_job(
            Source(list(range(1, 12))).job(), order=order(), municipality="yokohama", report=stop_after_a_file
        )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
