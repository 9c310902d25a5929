"""Tables of figures as pages, files and charts share them, and what is left out of those that leave the house. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kyufu.web.charts import Chart

HIDDEN_TOTAL = "非公表"
Cell = int | str


class FigureTable(NamedTuple):
    """A table: what it counts, its headings, and rows whose first `labels` cells are words and the others numbers.

    `note` says what the figures mean; `chart` draws them ('bar' or 'line' by `kind`); `total`: a row of sums belongs
    below it.
    """

    code: str
    title: str
    note: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: int = 1
    chart: Chart | None = None
    kind: str = "bar"
    unit: str = "人"

    def totals(self) -> tuple[Cell, ...]:
        """The row of sums; the mark for what is not told in a column that leaves something out."""
        if not self.rows:
            return ()
        columns = list(zip(*(row[self.labels :] for row in self.rows), strict=True))
        return ("合計", *[""] * (self.labels - 1), *(_sum(column) for column in columns))


def cross(
    counts: Iterable[tuple[str, str, int]], *, rows: Sequence[str], columns: Sequence[str]
) -> tuple[tuple[Cell, ...], ...]:
    """Rows of label, one number for each column, and their sum, from counts by row and column label."""
    held: dict[tuple[str, str], int] = {}
    for row, column, number in counts:
        held[row, column] = held.get((row, column), 0) + number
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        numbers = [held.get((row, column), 0) for column in columns]
        made.append((row, *numbers, sum(numbers)))
    return tuple(made)


def without_small(table: FigureTable, *, below: int) -> FigureTable:
    """The table as it may leave the house: no cell from 1 to `below` - 1, and none that sums or its fellow would tell.

    A sum beside a hidden cell is left out. Where one cell alone were hidden, its value followed from a sum published
    elsewhere, so the next smallest goes as well. A chart would show the heights, so it is left out too.
    """
    hidden = {
        (at, column)
        for at, row in enumerate(table.rows)
        for column in range(table.labels, len(row))
        if _is_small(row[column], below=below)
    }
    if not hidden:
        return table
    if len(hidden) == 1:
        hidden |= _next_smallest(table, but=hidden)
    rows = tuple(
        tuple(_cell(table, at=at, column=column, hidden=hidden, below=below) for column in range(len(row)))
        for at, row in enumerate(table.rows)
    )
    return table._replace(rows=rows, chart=None)


def _is_small(cell: Cell, *, below: int) -> bool:
    return isinstance(cell, int) and 0 < cell < below


def _next_smallest(table: FigureTable, *, but: set[tuple[int, int]]) -> set[tuple[int, int]]:
    last = len(table.headings) - 1
    others = [
        (cell, (at, column))
        for at, row in enumerate(table.rows)
        for column, cell in enumerate(row)
        if column >= table.labels and column < max(last, table.labels + 1) and isinstance(cell, int) and cell > 0
        and (at, column) not in but
    ]  # fmt: skip
    return {min(others)[1]} if others else set()


def _cell(table: FigureTable, *, at: int, column: int, hidden: set[tuple[int, int]], below: int) -> Cell:
    is_sum = table.headings[column] == "計"
    if is_sum and any(row == at for row, _ in hidden):
        return HIDDEN_TOTAL
    if (at, column) not in hidden:
        return table.rows[at][column]
    return f"{below}未満" if _is_small(table.rows[at][column], below=below) else HIDDEN_TOTAL


def _sum(column: Sequence[Cell]) -> Cell:
    numbers = [cell for cell in column if isinstance(cell, int)]
    return sum(numbers) if len(numbers) == len(column) else HIDDEN_TOTAL
