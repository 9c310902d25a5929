"""Tables handed out as files: CSV that no spreadsheet takes for formulas, and that Excel reads as UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection); the mark makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXT_MARK = "'"
BYTE_ORDER_MARK = "\ufeff"


def as_cell(value: Any) -> str:
    """A value as the text of a cell: what a spreadsheet would run as a formula gets a mark before it."""
    text = "" if value is None else str(value)
    return f"{TEXT_MARK}{text}" if text.lstrip(" \u3000").startswith(FORMULA_STARTS) else text


def without_mark(cell: str) -> str:
    """The text of a cell as it was before `as_cell` marked it."""
    bare = cell.removeprefix(TEXT_MARK)
    return bare if cell == as_cell(bare) else cell


def write_csv(head: Sequence[str], *, rows: Iterable[Sequence[Any]]) -> str:
    """The table as CSV text, its first line the headings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([as_cell(one) for one in head])
    writer.writerows([as_cell(one) for one in row] for row in rows)
    return out.getvalue()


def csv_answer(head: Sequence[str], *, rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """The table as a file to keep; `name` is ASCII and says the kind of list, never whom it is about."""
    answer = HttpResponse(
        BYTE_ORDER_MARK + write_csv(head, rows=rows), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
