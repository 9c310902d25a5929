"""The staging table: a temporary table of one transaction that good rows are copied into."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import methodcaller
from pathlib import Path
from typing import TypeVar

from django.db import connection

from kyufu.platform.db import copy_rows
from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.feed import Feed, RowRule, Staged
from kyufu.platform.feeds.layout import Kind, Layout
from kyufu.platform.feeds.rows import RowProblem, csv_line

TABLE = "feed_staging"
ROWS_A_WRITE = 1_000
WORK_MEMORY = "256MB"
LINES_BEFORE_ROWS = 2
_DECODED = methodcaller("decode", "utf-8")
T = TypeVar("T")


def batched(items: Iterable[T], *, size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block


def data_lines(path: Path, *, rows: int, sha256: str) -> Iterator[str]:
    """The data lines of a file whose frame was checked; raises BadInput when its bytes changed since."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for raw in islice(file, LINES_BEFORE_ROWS):
            digest.update(raw)
        # In blocks: a call for each line costs more than what it does.
        for block in batched(islice(file, rows), size=ROWS_A_WRITE):
            digest.update(b"".join(block))
            yield from map(_DECODED, block)
        digest.update(file.read())
    if digest.hexdigest() != sha256:
        raise BadInput(
            f"{path.name}: 取り込みの途中でファイルの内容が変わりました。",
            remedy="書き込みが終わってから取り込み直してください。何も取り込んでいません。",
        )


def make_staging(feed: Feed) -> None:
    """Make the empty staging table of a feed; it goes with the transaction."""
    columns = [("row_no", "integer"), *((column.name, column.sql_type) for column in feed.layout.columns)]
    columns += [(one.name, one.sql_type) for one in feed.derived]
    columns += feed.extra
    definition = ", ".join(f"{name} {sql_type}" for name, sql_type in columns)
    with connection.cursor() as cursor:
        # One import runs at a time: it may sort and hash in memory what counter queries may not.
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} ({definition}) ON COMMIT DROP")


def fill_staging(feed: Feed, *, rows: Iterator[str], report: Callable[[int], None]) -> int:
    """Copy CSV lines into the staging table; `report` is called with the rows done so far; returns their number."""
    names = ["row_no", *feed.layout.names, *(one.name for one in feed.derived)]
    texts = [column.name for column in feed.layout.columns if not column.empty_is_null]
    done = 0
    with connection.cursor() as cursor:
        options = f"FORMAT csv, ENCODING 'UTF8', FORCE_NOT_NULL ({', '.join(texts)})"
        with cursor.cursor.copy(f"COPY {TABLE} ({', '.join(names)}) FROM STDIN WITH ({options})") as copy:
            for block in batched(rows, size=ROWS_A_WRITE):
                copy.write("".join(block))
                done += len(block)
                report(done)
        cursor.execute(f"ANALYZE {TABLE} (row_no, {feed.number_owner})" if done else "SELECT 1")
    return done


def apply_rules(feed: Feed) -> list[RowProblem]:
    """Take the rows that a rule of the feed refuses out of the staging table; the first rule that holds counts."""
    problems: list[RowProblem] = []
    for rule in feed.rules:
        problems += _refused_by(rule, layout=feed.layout)
    return problems


def write_problems(problems: list[RowProblem], *, staged: Staged) -> None:
    """Put rows that do not land on the worklist, in file order."""
    copy_rows(
        table="platform_rejected_row",
        columns=("file_id", "line", "row_no", "\"column\"", "code", "message", "content"),
        rows=[
            (staged.file_id, one.line, one.row_no, one.column, one.code, one.message, one.content)
            for one in sorted(problems, key=lambda one: one.row_no)
        ],
    )  # fmt: skip


def _refused_by(rule: RowRule, *, layout: Layout) -> list[RowProblem]:
    columns = ", ".join(f"s.{_as_given(column.name, column.kind)}" for column in layout.columns)
    with connection.cursor() as cursor:
        # First all rows are found and then taken out: a rule may compare a row with others of the file.
        cursor.execute(f"SELECT s.row_no, {columns} FROM {TABLE} s WHERE {rule.condition}")
        found = cursor.fetchall()
        cursor.execute(f"DELETE FROM {TABLE} WHERE row_no = ANY(%s)", [[row[0] for row in found]])
    return [
        RowProblem(
            row[0], rule.column, rule.code, rule.message, csv_line([_text(value) for value in row[1:]])
        )
        for row in found
    ]


def _as_given(name: str, kind: Kind) -> str:
    return f"{name}::integer" if kind is Kind.FLAG else name


def _text(value: object) -> str:
    return "" if value is None else str(value)
