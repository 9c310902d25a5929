"""Dated changes laid over the parameter files: pure, the files themselves stay as they were delivered.

A change replaces one column of one key from a day on, until a day or for good; of two that speak of the same days
the later one of the overlay wins. A change may not speak of days on which there is nothing to replace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from kyufu.law.calendar.period import Period, union
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError, Plain, Table

VALUE = "value"


class Change(NamedTuple):
    """One dated value that replaces another: where it stands, what, when, from which source and how sure.

    `origin` says in Japanese where it was decided, as file and line say it of the other values.
    """

    file: str
    table: str
    key: str
    column: str
    value: Plain
    period: Period
    source: str
    certainty: Certainty
    origin: str

    def refused(self, message: str) -> ParameterError:
        """The error that says what is wrong with this change."""
        where = f"[[{self.table}]] {self.key}: {message}"
        return ParameterError(where, file=self.file, line=0, reason=message)


class Overlay(NamedTuple):
    """Changes in the order in which they were decided; equal overlays judge alike, in every process."""

    changes: tuple[Change, ...]

    def of_files(self, files: Iterable[str]) -> tuple[Change, ...]:
        """The changes of some files."""
        wanted = frozenset(files)
        return tuple(change for change in self.changes if change.file in wanted)

    def and_then(self, changes: Iterable[Change]) -> Overlay:
        """This overlay with further changes, which win."""
        return Overlay((*self.changes, *changes))


NOTHING = Overlay(())


def lay_over(
    entries: Sequence[Entry], *, file: str, tables: Iterable[Table], overlay: Overlay
) -> tuple[Entry, ...]:
    """The rows of a file with the changes laid over them; raises ParameterError for one that does not fit.

    Whether the rows then follow each other as they must is for the loader of the file to say.
    """
    known = {table.name: table for table in tables}
    laid = tuple(entries)
    for change in overlay.of_files([file]):
        if change.table not in known:
            raise change.refused("知らない表です")
        laid = _lay_one(laid, change=change, table=known[change.table])
    return laid


def kind_of(entry: Entry, *, column: str, table: Table) -> type:
    """The kind (int, str or bool) that a column of a row has."""
    kind = table.columns[column]
    return type(entry.columns[column]) if kind is object else kind


def refuse_meeting(changes: Sequence[Change]) -> None:
    """Refuse changes decided together that speak of the same column on the same day: neither could win."""
    for at, later in enumerate(changes):
        for earlier in changes[:at]:
            if _place(earlier) == _place(later) and _share_a_day(earlier.period, later.period):
                raise later.refused("同じ基準値の期間が、一緒に出す変更の中で重なっています")


def _lay_one(entries: tuple[Entry, ...], *, change: Change, table: Table) -> tuple[Entry, ...]:
    _refuse_misfit(entries, change=change, table=table)

    def is_cut(entry: Entry) -> bool:
        # The rows of an era begin and end together: whoever cuts one cuts all.
        return entry.table == change.table and (table.in_eras or entry.key == change.key)

    cut = [
        part for entry in entries for part in (_cut(entry, by=change.period) if is_cut(entry) else (entry,))
    ]
    return tuple(
        _replaced(entry, change=change) if _is_meant(entry, change=change) else entry for entry in cut
    )


def _refuse_misfit(entries: Sequence[Entry], *, change: Change, table: Table) -> None:
    if change.column not in table.changeable:
        raise change.refused("この項目は、日付のある変更では変えられません")
    rows = [entry for entry in entries if (entry.table, entry.key) == (change.table, change.key)]
    if not rows:
        raise change.refused("知らない名前の基準値です")
    kinds = {kind_of(row, column=change.column, table=table) for row in rows if change.column in row.columns}
    if kinds - {type(change.value)}:
        raise change.refused("値の型が違います")
    if not change.source.strip():
        raise change.refused("出典が空です")
    if not _covers([row.period for row in rows], period=change.period):
        raise change.refused("もとの値のない日にかかっています")


def _covers(periods: Sequence[Period], *, period: Period) -> bool:
    def reaches(run: Period) -> bool:
        return run.start <= period.start and (
            run.end is None or (period.end is not None and period.end <= run.end)
        )

    return any(reaches(run) for run in union(periods))


def _cut(entry: Entry, *, by: Period) -> Iterator[Entry]:
    days: list[date] = [entry.period.start]
    days += [day for day in (by.start, by.end) if day is not None and day in entry.period and day != days[0]]
    ends: list[date | None] = [*days[1:], entry.period.end]
    for start, end in zip(days, ends, strict=True):
        yield replace(entry, period=Period(start, end))


def _is_meant(entry: Entry, *, change: Change) -> bool:
    return (entry.table, entry.key) == (change.table, change.key) and entry.period.start in change.period


def _replaced(entry: Entry, *, change: Change) -> Entry:
    return replace(
        entry,
        columns={**entry.columns, change.column: change.value},
        source=change.source,
        certainty=change.certainty,
        origin=change.origin,
    )


def _place(change: Change) -> tuple[str, str, str, str]:
    return change.file, change.table, change.key, change.column


def _share_a_day(one: Period, other: Period) -> bool:
    return (one.end is None or other.start < one.end) and (other.end is None or one.start < other.end)
