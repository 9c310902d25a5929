"""Data rows: decoded, checked and written as CSV for COPY, the bad ones set aside with their reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.notation.text import to_storage_form
from kyufu.platform.feeds.columns import is_individual_number, plain_row_pattern, problem_in, problem_of
from kyufu.platform.feeds.feed import Derived, Feed
from kyufu.platform.feeds.layout import Kind, Layout

FIRST_DATA_LINE = 3
# Values repeat (family names, towns); the memory of them is bounded.
REMEMBERED = 200_000
BLANKED = "（個人番号）"
_TWELVE_DIGITS = re.compile("(?<![0-9０-９])(?:[0-9０-９][ 　－-]?){11}[0-9０-９](?![0-9０-９])")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that does not land: where, which column, why, and its content without the individual number."""

    row_no: int
    column: str
    code: str
    message: str
    content: str

    @property
    def line(self) -> int:
        """The line of the file that the row stands on."""
        return self.row_no + FIRST_DATA_LINE - 1


@dataclass
class Decoded:
    """What decoding a file leaves behind beside the rows: problems, and row numbers the feed asked to be told of."""

    problems: list[RowProblem] = field(default_factory=list)
    spotted: list[int] = field(default_factory=list)


def decode_rows(feed: Feed, *, lines: Iterator[str], into: Decoded) -> Iterator[str]:
    """Turn the data lines of a file into CSV lines for the staging table: row number, columns, derived columns.

    The individual number is always left empty in them. Rows with a problem are left out and noted in `into`.
    """
    layout, spot = feed.layout, feed.spot
    matches = plain_row_pattern(layout).fullmatch
    take_number = _number_taker(feed, into=into)
    derived = _deriver(feed)
    for given in lines:
        line = to_storage_form(given)
        plain = matches(line) is not None
        values = line[:-1].split(",") if plain else _checked_values(layout, line=line, into=into)
        if values is None or not take_number(values):
            continue
        if spot is not None and spot(line):
            into.spotted.append(int(values[1]))
        # Without quotes in the line no value needs any.
        row = ",".join(values[1:]) if plain else csv_line(values[1:])
        yield row + derived(values) + "\n"


def read_numbers(feed: Feed, *, lines: Iterator[str], left_out: frozenset[int]) -> Iterator[tuple[str, str]]:
    """The pairs of owner and individual number of the rows that landed, for the vault."""
    at, owner = feed.layout.my_number_at, feed.layout.position(feed.number_owner)
    if at is None:
        return
    for line in lines:
        values = next(csv.reader([line]))
        if values[at + 2] and int(values[1]) not in left_out:
            yield to_storage_form(values[owner + 2]), values[at + 2]


def csv_line(values: list[str]) -> str:
    """Values as one CSV line without its end, quoted where needed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()


def _deriver(feed: Feed) -> Callable[[list[str]], str]:
    """Works out the derived columns of a row as the tail of its CSV line."""
    steps = [(feed.layout.position(one.source) + 2, _remembering(one)) for one in feed.derived]

    def derived(values: list[str]) -> str:
        return "".join(["," + work_out(values[source]) for source, work_out in steps])

    return derived


def _number_taker(feed: Feed, *, into: Decoded) -> Callable[[list[str]], bool]:
    """Checks the individual number of a row and blanks it; False when the row must not land."""
    if feed.layout.my_number_at is None:
        return _without_any_number
    at = feed.layout.my_number_at + 2
    owners: dict[int, str] = {}
    owner_at = feed.layout.position(feed.number_owner) + 2
    column = feed.layout.columns[at - 2]

    def take(values: list[str]) -> bool:
        number = values[at]
        if not number:
            return True
        values[at] = ""
        owner = values[owner_at]
        if not INDIVIDUAL_NUMBER.is_valid(number):
            code, message = problem_of(column, value=number) or ("my_number", "")
        elif owners.setdefault(int(number), owner) != owner:
            code, message = (
                "duplicate_number",
                "同じ個人番号が他の行にあります。送り側で正しい番号を確かめてください。",
            )
        else:
            return True
        values[at] = BLANKED
        into.problems.append(RowProblem(int(values[1]), column.name, code, message, csv_line(values[2:])))
        return False

    return take


def _checked_values(layout: Layout, *, line: str, into: Decoded) -> list[str] | None:
    """The values of a line that the plain pattern did not take, or None with the problem noted."""
    row_no = int(line.split(",", 2)[1])
    try:
        values = next(csv.reader([line], strict=True))
    except csv.Error:
        _note(layout, into=into, row_no=row_no, values=[line.rstrip("\n").split(",", 2)[-1]], fault=(
            "", "quotes", "引用符（\"）の使い方が正しくありません。"))  # fmt: skip
        return None
    if len(values) != len(layout.columns) + 2:
        wrong = f"項目の数が {len(layout.columns)} ではありません（{len(values) - 2} 項目）。"
        _note(layout, into=into, row_no=row_no, values=values[2:], fault=("", "columns", wrong))
        return None
    for column, value in zip(layout.columns, values[2:], strict=True):
        if column.kind is not Kind.MY_NUMBER and (problem := problem_in(layout, column=column, value=value)):
            _note(layout, into=into, row_no=row_no, values=values[2:], fault=(column.name, *problem))
            return None
    return values


def _note(
    layout: Layout, *, into: Decoded, row_no: int, values: list[str], fault: tuple[str, str, str]
) -> None:
    column, code, message = fault
    into.problems.append(RowProblem(row_no, column, code, message, _without_number(layout, values=values)))


def _without_number(layout: Layout, *, values: list[str]) -> str:
    """A row as it may be kept: whatever may be an individual number is blanked, in whichever column it stands.

    Where the columns are shifted any twelve digits are; otherwise codes stay, and of texts the numbers that are right.
    """
    if len(values) != len(layout.columns):
        return csv_line([_TWELVE_DIGITS.sub(BLANKED, value) for value in values])
    kept = [_blanked(column.kind, value=value) for column, value in zip(layout.columns, values, strict=True)]
    return csv_line(kept)


def _blanked(kind: Kind, *, value: str) -> str:
    if kind is Kind.MY_NUMBER:
        return BLANKED if value else ""
    if kind is Kind.CODE:
        return value
    return _TWELVE_DIGITS.sub(lambda found: BLANKED if is_individual_number(found[0]) else found[0], value)


def _without_any_number(values: list[str]) -> bool:  # noqa: ARG001 - a layout without the column
    return True


def _remembering(derived: Derived) -> Callable[[str], str]:
    """The derived column's function as CSV text, remembering a bounded number of values."""
    known: dict[str, str] = {}

    def work_out(value: str) -> str:
        found = known.get(value)
        if found is None:
            if len(known) >= REMEMBERED:
                known.clear()
            result = derived.work_out(value)
            found = "" if result is None else '"' + result.replace('"', '""') + '"'
            known[value] = found
        return found

    return work_out
