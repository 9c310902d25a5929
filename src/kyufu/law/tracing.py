"""Making of trace steps in blocks: the quantities are made once at import, a judgement adds only the values."""

from __future__ import annotations

from datetime import date

from kyufu.law.decision import Quantity, Step
from kyufu.law.records import maker

_step = maker(Step)


def steps_of(
    quantities: tuple[Quantity, ...], *, values: tuple[int | str | bool | date | None, ...]
) -> tuple[Step, ...]:
    """Steps of a block, in the order of its quantities; there must be as many values."""
    return tuple(map(_step, zip(quantities, values, strict=True)))
