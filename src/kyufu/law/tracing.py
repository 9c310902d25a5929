"""The trace of a judgement: every intermediate figure, kept in blocks of fixed quantities and their values.

A judgement has some fifty steps. The quantities of a block are made once at import, a judgement adds a tuple of
values, and a Step is made when someone reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import overload

from kyufu.law.decision import Quantity, Step
from kyufu.law.records import maker

Value = int | str | bool | date | None
Block = tuple[tuple[Quantity, ...], tuple[Value, ...]]
_step = maker(Step)


class Trace(Sequence[Step]):
    """The steps in order; equal to any sequence of the same steps. Immutable and picklable."""

    __slots__ = ("_blocks",)

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self._blocks = blocks

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Quantities and their values, side by side, in the order of the steps."""
        return self._blocks

    def __iter__(self) -> Iterator[Step]:
        for names, values in self._blocks:
            yield from map(_step, zip(names, values, strict=True))

    def __len__(self) -> int:
        return sum(len(values) for _, values in self._blocks)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Trace of {len(self)} steps"
