"""Tables of figures as pages, files and charts share them, and what is left out of those that leave the house. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kyufu.web.charts import Chart

HIDDEN_TOTAL, SUM = "非公表", "計"
Cell = int | str
_Place = tuple[int, int]


class FigureTable(NamedTuple):
    """A table: what it counts, its headings, and rows whose first `labels` cells are words and the others numbers.

    `note` says what the figures mean; `chart` draws them ('bar' or 'line' by `kind`); `total`: a row of sums belongs
    below it. `groups` names for each row the coarser row of another table that it is a part of.
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
    groups: tuple[str, ...] = ()

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

    A sum beside a hidden cell is left out. Where one cell alone of a row, a column or a group were hidden, its value
    followed from a sum that another table tells, so the next smallest goes as well. A chart would show the heights, so
    it is left out too.
    """
    hidden = {place for place, cell in _numbers(table).items() if 0 < cell < below}
    if not hidden:
        return table
    _hide_fellows(table, hidden=hidden)
    rows = tuple(
        tuple(_cell(table, at=at, column=column, hidden=hidden, below=below) for column in range(len(row)))
        for at, row in enumerate(table.rows)
    )
    return table._replace(rows=rows, chart=None)


def _numbers(table: FigureTable) -> dict[_Place, int]:
    """The cells that are counts and no sums of the table itself."""
    return {
        (at, column): cell
        for at, row in enumerate(table.rows)
        for column, cell in enumerate(row)
        if column >= table.labels and table.headings[column] != SUM and isinstance(cell, int)
    }


def _hide_fellows(table: FigureTable, *, hidden: set[_Place]) -> None:
    """Hide further cells until no row, column or group of a column hides one alone, where it has another."""
    numbers = _numbers(table)
    lines = _lines(numbers, groups=table.groups)
    while alone := [line for line in lines if len(hidden.intersection(line)) == 1]:
        for line in alone:
            if len(hidden.intersection(line)) == 1:
                hidden.add(
                    min((place for place in line if place not in hidden), key=_smallest_first(numbers))
                )


def _lines(numbers: Iterable[_Place], *, groups: Sequence[str]) -> list[list[_Place]]:
    """The cells whose sum may be told elsewhere: of a row, of a column, of a group of rows in a column."""
    found: dict[tuple[str, object, object], list[_Place]] = {}
    for at, column in numbers:
        found.setdefault(("row", at, ""), []).append((at, column))
        found.setdefault(("column", column, ""), []).append((at, column))
        if groups:
            found.setdefault(("group", column, groups[at]), []).append((at, column))
    # The narrowest first: a fellow out of a group is one out of its column, too.
    return sorted((line for line in found.values() if len(line) > 1), key=len)


def _smallest_first(numbers: Mapping[_Place, int]) -> Callable[[_Place], tuple[bool, int, _Place]]:
    """Nothing is taken for a fellow only where there is nobody else: a zero tells little, but it hides less."""
    return lambda place: (numbers[place] == 0, numbers[place], place)


def _is_small(cell: Cell, *, below: int) -> bool:
    return isinstance(cell, int) and 0 < cell < below


def _cell(table: FigureTable, *, at: int, column: int, hidden: set[tuple[int, int]], below: int) -> Cell:
    is_sum = table.headings[column] == SUM
    if is_sum and any(row == at for row, _ in hidden):
        return HIDDEN_TOTAL
    if (at, column) not in hidden:
        return table.rows[at][column]
    return f"{below}未満" if _is_small(table.rows[at][column], below=below) else HIDDEN_TOTAL


def _sum(column: Sequence[Cell]) -> Cell:
    numbers = [cell for cell in column if isinstance(cell, int)]
    return sum(numbers) if len(numbers) == len(column) else HIDDEN_TOTAL
