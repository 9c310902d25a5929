"""Feed layouts as tables of columns: the one description that check, staging and documentation are made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a column may hold; lengths are characters (code points), as in the published item lists."""

    TEXT = "text"  # printable text of any script, stored in normal form
    CODE = "code"  # half-width digits or letters; one of `codes` where a list is given
    INT = "int"  # a whole number of 0 or more
    YEN = "yen"  # whole yen, may be negative
    FLAG = "flag"  # 0 or 1
    DATE = "date"  # YYYY-MM-DD
    MY_NUMBER = "my_number"  # individual number: checked, handed to the vault, never stored


SQL_TYPES = {
    Kind.TEXT: "text", Kind.CODE: "text", Kind.INT: "integer", Kind.YEN: "bigint",
    Kind.FLAG: "boolean", Kind.DATE: "date", Kind.MY_NUMBER: "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: item name, its Japanese name, what it holds, its greatest length, must it be filled, its codes.

    `exact` means that a filled value has exactly `length` characters.
    """

    name: str
    label: str
    kind: Kind
    length: int
    required: bool = False
    codes: tuple[str, ...] = ()
    exact: bool = False

    @property
    def sql_type(self) -> str:
        """The PostgreSQL type of the column in the staging table."""
        return SQL_TYPES[self.kind]

    @property
    def empty_is_null(self) -> bool:
        """Is an empty value NULL in the staging table (numbers, dates, flags) and not an empty text?"""
        return self.sql_type != "text"


@dataclass(frozen=True)
class Layout:
    """A feed's layout: its name in the header, the business number of line 2, its columns.

    The first column is the kind (event, declaration ...) that the trailer counts by.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    version: int = 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names in file order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def my_number_at(self) -> int | None:
        """The position of the individual number among the columns, None in a layout without."""
        return next((at for at, column in enumerate(self.columns) if column.kind is Kind.MY_NUMBER), None)

    def position(self, name: str) -> int:
        """The position of a column; raises ValueError for a name the layout does not have."""
        return self.names.index(name)


def text(name: str, label: str, length: int, *, required: bool = False) -> Column:
    """A column of free text."""
    return Column(name, label, Kind.TEXT, length, required)


def code(
    name: str,
    label: str,
    length: int,
    *,
    required: bool = False,
    codes: tuple[str, ...] = (),
    exact: bool = False,
) -> Column:
    """A column of a code; `codes` lists the values allowed, none means any of half-width digits and letters."""
    return Column(name, label, Kind.CODE, length, required, codes, exact)


def integer(name: str, label: str, length: int, *, required: bool = False) -> Column:
    """A column of a whole number of at most `length` (9 or fewer) digits."""
    return Column(name, label, Kind.INT, length, required)


def yen(name: str, label: str, *, length: int = 13, required: bool = False) -> Column:
    """A column of an amount in yen."""
    return Column(name, label, Kind.YEN, length, required)


def flag(name: str, label: str, *, required: bool = False) -> Column:
    """A column of 0 or 1."""
    return Column(name, label, Kind.FLAG, 1, required)


def day(name: str, label: str, *, required: bool = False) -> Column:
    """A column of a date, YYYY-MM-DD."""
    return Column(name, label, Kind.DATE, 10, required)
