"""Reading of a TOML parameter file: known tables and keys only, every row dated, sourced and certain.

`from` is the first day, `to` the day on which the value is no longer in force (half-open; left out while
open). A key of a table may not overlap with itself nor leave a gap. The wrong row is named by file and line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from kyufu.law.calendar.period import Period
from kyufu.law.parameters.entries import Certainty, Entry, ParameterError, Table

_HEADER = re.compile(r"\s*\[\[\s*([\w.-]+)\s*\]\]")
_AT_LINE = re.compile(r"at line (\d+)")
_DATED = frozenset({"from", "to", "source", "certainty"})


def read_entries(path: Path, *, tables: Iterable[Table]) -> tuple[Entry, ...]:
    """All rows of a file in its order; raises ParameterError naming file and line of the first fault."""
    text = _text_of(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at_line = _AT_LINE.search(str(error))
        line = int(at_line[1]) if at_line else text.count("\n") + 1
        raise ParameterError("TOMLとして読めません", file=path.name, line=line) from None
    known = {table.name: table for table in tables}
    lines = _header_lines(text)
    entries: list[Entry] = []
    for name, rows in content.items():
        if name not in known or name not in lines or len(lines[name]) != len(rows):
            raise ParameterError(f"知らない表です：{name}", file=path.name, line=lines.get(name, [1])[0])
        at = zip(rows, lines[name], strict=True)
        entries += [_entry(row, table=known[name], file=path.name, line=line) for row, line in at]
    return tuple(entries)


def _text_of(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ParameterError("UTF-8で書かれていません", file=path.name, line=line) from None


def _header_lines(text: str) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            lines.setdefault(header[1], []).append(number)
    return lines


def _entry(row: Mapping[str, Any], *, table: Table, file: str, line: int) -> Entry:
    def refuse(message: str) -> ParameterError:
        return ParameterError(f"[[{table.name}]] {message}", file=file, line=line)

    for name in row:
        if name not in table.columns and name not in _DATED:
            raise refuse(f"知らない項目です：{name}")
    for name in (*table.columns, "from", "source", "certainty"):
        if name not in row and name not in table.optional:
            raise refuse(f"項目がありません：{name}")
    for name, kind in table.columns.items():
        if name in row and not _is_kind(row[name], kind=kind):
            raise refuse(f"値の型が違います：{name}")
    if row["certainty"] not in list(Certainty):
        raise refuse(f"certainty は {'、'.join(Certainty)} のいずれかです")
    if not isinstance(row["source"], str) or not row["source"].strip():
        raise refuse("source（出典）が空です")
    return Entry(
        table=table.name,
        key=str(row[table.key]),
        columns={name: row[name] for name in table.columns if name in row},
        period=_period(row, refuse=refuse),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
        file=file,
        line=line,
    )


def _is_kind(value: object, *, kind: type) -> bool:
    if kind is object:
        return isinstance(value, int | str | bool)
    return type(value) is kind


def _period(row: Mapping[str, Any], *, refuse: Callable[[str], ParameterError]) -> Period:
    start, end = row["from"], row.get("to")
    if type(start) is not date or (end is not None and type(end) is not date):
        raise refuse("from と to は日付です")
    if end is not None and end <= start:
        raise refuse("to が from より後ではありません")
    return Period(start, end)


def refuse_overlaps_and_gaps(entries: Sequence[Entry]) -> None:
    """Check that the rows of one key follow each other without overlap or gap and that the last one is open."""
    for _, rows in _by_key(entries).items():
        for earlier, later in pairwise(rows):
            if earlier.period.end is None or later.period.start < earlier.period.end:
                raise later.refused("期間が前の行と重なっています")
            if later.period.start > earlier.period.end:
                raise later.refused("前の行との間に期間の空きがあります")
        if rows[-1].period.end is not None:
            raise rows[-1].refused("最後の行に to があり、その後の値がありません")


def _by_key(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: each.period.start):
        found.setdefault((entry.table, entry.key), []).append(entry)
    return found
