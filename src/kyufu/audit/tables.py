"""What the log knows of every table of the schema: `tables.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "tables.toml"


@dataclass(frozen=True, slots=True)
class Through:
    """The column that leads to another table's `id`, in which the person's column stands."""

    column: str
    table: str


@dataclass(frozen=True, slots=True)
class LoggedTable:
    """A table whose every write is recorded, its Japanese name and file, and the columns that name a person."""

    name: str
    label: str
    file: str
    retention: str
    persons: tuple[str, ...]
    through: Through | None = None
    values: bool = False
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExemptTable:
    """A table whose writes are not recorded, and why."""

    name: str
    why: str


@cache
def logged_tables() -> dict[str, LoggedTable]:
    """The recorded tables by name."""
    return {row["name"]: _logged(row) for row in _content()["table"]}


@cache
def exempt_tables() -> dict[str, ExemptTable]:
    """The tables that are left out, by name."""
    return {row["name"]: ExemptTable(**row) for row in _content()["exempt"]}


def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _logged(row: dict[str, Any]) -> LoggedTable:
    through = row.get("through")
    return LoggedTable(
        name=row["name"],
        label=row["label"],
        file=row["file"],
        retention=row["retention"],
        persons=tuple(row["persons"]),
        through=Through(**through) if through else None,
        values=row.get("values", False),
        hidden=tuple(row.get("hidden", ())),
    )
