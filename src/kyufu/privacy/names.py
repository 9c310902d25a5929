"""The Japanese names of tables and columns: `names.toml`, with the tables that the log knows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kyufu.audit.api import exempt_tables, logged_tables
from kyufu.platform.errors import Refused
from kyufu.privacy.live import LiveColumn

FILE = Path(__file__).parent / "names.toml"


class Unnamed(Refused):
    """A column stands in the database for which nobody has written down what it is."""


@dataclass(frozen=True, slots=True)
class TableName:
    """A table whose items are published: its Japanese name, the file (ファイル) it belongs to."""

    name: str
    label: str
    file: str


@cache
def table_names() -> Mapping[str, TableName]:
    """Every table that is published, by name."""
    internal = _content()["internal"]
    logged = {
        name: TableName(name, one.label, one.file)
        for name, one in logged_tables().items()
        if name not in internal
    }
    own = {name: TableName(name, **row) for name, row in _content()["table"].items()}
    return {**logged, **own}


def is_internal(table: str) -> bool:
    """Is the table left out of what is published, with a reason?"""
    return table not in table_names() and (table in exempt_tables() or table in _content()["internal"])


def is_assessed(file: str) -> bool:
    """Is the file one of the assessment (特定個人情報ファイル), and not one about the staff?"""
    return file not in _content()["office_files"]


def item_name(one: LiveColumn) -> str | None:
    """The Japanese name of a record item, None for a column that is technical; raises Unnamed for one without."""
    named = _content()["column"].get(one.table, {}).get(one.column) or _content()["common"].get(one.column)
    if named is not None:
        return str(named)
    if one.column not in _content()["technical"]:
        raise Unnamed(
            f"日本語の項目名がない項目があります（{one.table}.{one.column}）。",
            remedy="この版の不備です。システムの担当へ連絡してください（privacy/names.toml に名前を加えます）。",
        )
    return None


def unnamed(columns: Iterable[LiveColumn]) -> tuple[str, ...]:
    """The columns that have no name, and the tables that are neither named nor left out with a reason."""
    found = []
    for one in columns:
        if one.table not in table_names():
            if not is_internal(one.table):
                found.append(one.table)
            continue
        try:
            item_name(one)
        except Unnamed:
            found.append(f"{one.table}.{one.column}")
    return tuple(dict.fromkeys(found))


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
