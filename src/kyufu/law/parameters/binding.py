"""Binding of dated values to frozen dataclasses: one field, one parameter of the same name."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from kyufu.law.parameters.entries import DATA, Entry, ParameterError
from kyufu.law.parameters.reading import refuse_overlaps_and_gaps

Bound = TypeVar("Bound")


def bind(entries: Sequence[Entry], *, into: type[Bound], on: date) -> Bound:
    """The values in force on a day; raises ParameterError where one of them does not reach back to that day."""
    values = {entry.key: entry.columns["value"] for entry in entries if on in entry.period}
    missing = [field.name for field in fields(into) if field.name not in values]  # type: ignore[arg-type]
    if missing:
        where = entries[0].file if entries else DATA.name
        raise ParameterError(f"{on:%Y-%m-%d} の値がありません：{missing[0]}", file=where, line=1)
    made: Any = into(**values)
    return typing.cast(Bound, made)


def check_binding(entries: Sequence[Entry], *, into: type[Any], file: str) -> None:
    """Refuse at load what could not be bound: unknown or missing names, wrong kinds, overlaps, gaps."""
    kinds = typing.get_type_hints(into)
    for entry in entries:
        kind = kinds.get(entry.key)
        if kind is None:
            raise entry.refused("知らない名前の値です")
        if type(entry.columns["value"]) is not kind:
            raise entry.refused("値の型が違います")
    missing = sorted(kinds.keys() - {entry.key for entry in entries})
    if missing:
        raise ParameterError(f"値がありません：{missing[0]}", file=file, line=1)
    refuse_overlaps_and_gaps(entries)
