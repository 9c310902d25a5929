"""The figures that more than one topic reads: each stands once, in the common file, and is bound where it is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Entry, value_table
from kyufu.law.parameters.overlay import NOTHING, Overlay

COMMON_FILE = "kokuho_common.toml"
COMMON_TABLE = "common"
COMMON_TABLES = (value_table(COMMON_TABLE),)


def with_common(rows: Sequence[Entry], *, into: type[Any], overlay: Overlay = NOTHING) -> list[Entry]:
    """The rows of a topic, and those of the common file that the topic's figures name; raises ParameterError."""
    names = {field.name for field in fields(into)}
    return [*rows, *(each for each in load_common_entries(overlay) if each.key in names)]


@lru_cache(maxsize=8)
def load_common_entries(overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """The rows of the common file; raises ParameterError naming file and line."""
    return load_entries(COMMON_FILE, tables=COMMON_TABLES, overlay=overlay)


def common_entry(name: str, *, on: date) -> Entry | None:
    """The row of a figure in force on a day, for its source and certainty; None where none is kept."""
    rows = load_common_entries()
    return next((entry for entry in rows if entry.key == name and on in entry.period), None)
