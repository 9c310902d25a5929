"""How often Python looks for cycles of objects: seldom, where a bulk run makes millions of records that have none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Records made before the youngest are looked at, how often the middle ones are then, and how often the oldest.
SELDOM = (200_000, 20, 50)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for cycles seldom until the block ends, and never among what was there before it."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def collect_seldom() -> None:
    """The same to the end of the process, for a worker of a bulk run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
