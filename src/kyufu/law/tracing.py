"""Making of trace steps in blocks: the quantities are made once at import, a judgement adds only the values."""

from __future__ import annotations

from datetime import date
from functools import partial

from kyufu.law.decision import Quantity, Step

# A named tuple's own constructor runs in Python; a judgement has some forty steps, so they are made by the
# tuple's.
_step = partial(tuple.__new__, Step)


def steps_of(
    quantities: tuple[Quantity, ...], *, values: tuple[int | str | bool | date | None, ...]
) -> tuple[Step, ...]:
    """Steps of a block, in the order of its quantities; there must be as many values."""
    return tuple(map(_step, zip(quantities, values, strict=True)))
