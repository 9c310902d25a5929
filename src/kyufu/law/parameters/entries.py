"""One dated value of a parameter file: what, from when to when, from which source and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kyufu.law.calendar.period import Period

Plain = int | str | bool


class Certainty(StrEnum):
    """How sure a value is: read in an official text, in a text that quotes one, or assumed and to be
    confirmed.
    """

    ASSUMED = "assumed"
    SECONDARY = "secondary"
    OFFICIAL = "official"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return {"assumed": "仮定（要確認）", "secondary": "二次資料", "official": "公表資料"}[self.value]


class ParameterError(ValueError):
    """A parameter file that cannot be used: names the file, the line and the reason in Japanese.

    `reason` is the reason alone, for those who have never seen the file.
    """

    def __init__(self, message: str, *, file: str, line: int, reason: str = "") -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.reason = reason or message


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated row of a table: its key within the table, its own columns, and where it stands.

    `origin` says in Japanese where a value was decided that stands in no file.
    """

    table: str
    key: str
    columns: Mapping[str, Plain]
    period: Period
    source: str
    certainty: Certainty
    file: str
    line: int
    origin: str = ""

    def refused(self, message: str) -> ParameterError:
        """The error that says what is wrong with this row."""
        where = f"[[{self.table}]] {self.key}: {message}"
        return ParameterError(where, file=self.file, line=self.line, reason=message)


@dataclass(frozen=True, slots=True)
class Table:
    """The shape of a table: the column that is the key, and the kind of each column; `optional` may be left
    out.

    `changeable` columns may be replaced by dated changes; the rows of a table `in_eras` begin and end together.
    """

    name: str
    key: str
    columns: Mapping[str, type]
    optional: frozenset[str] = frozenset()
    changeable: frozenset[str] = frozenset()
    in_eras: bool = False


def value_table(name: str) -> Table:
    """A table of single values: name, label, value (its kind is checked where it is bound) and unit."""
    columns = {"name": str, "label": str, "value": object, "unit": str}
    return Table(name, "name", columns, changeable=frozenset({"value"}))


DATA = Path(__file__).parent
# Further folders, of municipalities that are not delivered with Kyufu.
_FURTHER: list[Path] = []


def add_folder(folder: Path) -> None:
    """Look for parameter files in a further folder as well; twice changes nothing."""
    if folder not in _FURTHER:
        _FURTHER.append(folder)


def path_of(name: str, *, delivered: Path = DATA) -> Path:
    """Where a parameter file lies: among those delivered, else in a further folder."""
    folders = (delivered, *_FURTHER)
    return next((path for folder in folders if (path := folder / name).is_file()), delivered / name)
