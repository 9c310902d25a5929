"""Tables of figures as an Excel file: a sheet each, with number formats and a chart, and the conditions first."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from kyufu.web.figures import SUM, FigureTable
from kyufu.web.pages.tables import as_cell

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONDITIONS = "条件"
FIRST_ROW = 4
# What Excel refuses in the name of a sheet, and how long one may be.
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "・"))
NAME_LENGTH = 31
WIDE, NARROW = 34, 12


def write_workbook(tables: Sequence[FigureTable], *, conditions: Sequence[tuple[str, str]]) -> bytes:
    """The file: the sheet of conditions, then the tables, each with its sums and its chart.

    Words that a spreadsheet would take for a formula get a mark before them; nothing is written as a formula.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = _formats(book)
        _write_conditions(book.add_worksheet(CONDITIONS), conditions=conditions, formats=formats)
        for number, table in enumerate(tables, start=1):
            name = f"{number} {table.title}".translate(NOT_IN_NAMES)[:NAME_LENGTH]
            sheet = book.add_worksheet(name)
            _write_table(sheet, table=table, formats=formats)
            _add_chart(book, sheet=sheet, table=table, name=name)
    return out.getvalue()


def workbook_answer(
    tables: Sequence[FigureTable], *, conditions: Sequence[tuple[str, str]], name: str
) -> HttpResponse:
    """The file to keep; `name` is ASCII and says the kind of list."""
    answer = HttpResponse(write_workbook(tables, conditions=conditions), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


def _formats(book: Any) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#949494"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({**line, "bold": True, "bg_color": "#f2f2f2", "text_wrap": True}),
        "word": book.add_format(line),
        "number": book.add_format({**line, "num_format": "#,##0"}),
        "sum": book.add_format({**line, "bold": True, "num_format": "#,##0", "top": 2}),
        "note": book.add_format({"text_wrap": False, "font_color": "#595959"}),
    }


def _write_conditions(sheet: Any, *, conditions: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, WIDE * 3)
    sheet.write_string(0, 0, "この統計の条件", formats["title"])
    for at, (name, said) in enumerate(conditions, start=2):
        sheet.write_string(at, 0, as_cell(name), formats["head"])
        sheet.write_string(at, 1, as_cell(said), formats["word"])


def _write_table(sheet: Any, *, table: FigureTable, formats: dict[str, Any]) -> None:
    sheet.set_column(0, table.labels - 1, WIDE)
    sheet.set_column(table.labels, max(len(table.headings) - 1, table.labels), NARROW)
    sheet.write_string(0, 0, table.title, formats["title"])
    sheet.write_string(1, 0, table.note, formats["note"])
    for column, heading in enumerate(table.headings):
        sheet.write_string(FIRST_ROW - 1, column, as_cell(heading), formats["head"])
    for at, row in enumerate(table.rows):
        _write_row(sheet, at=FIRST_ROW + at, row=row, formats=formats, number="number")
    if table.rows:
        _write_row(sheet, at=FIRST_ROW + len(table.rows), row=table.totals(), formats=formats, number="sum")
    sheet.freeze_panes(FIRST_ROW, table.labels)
    sheet.repeat_rows(FIRST_ROW - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_row(
    sheet: Any, *, at: int, row: Sequence[int | str], formats: dict[str, Any], number: str
) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            sheet.write_number(at, column, cell, formats[number])
        else:
            sheet.write_string(at, column, as_cell(cell), formats["sum" if number == "sum" else "word"])


def _add_chart(book: Any, *, sheet: Any, table: FigureTable, name: str) -> None:
    if table.chart is None or not table.rows:
        return
    chart = book.add_chart({"type": "column" if table.kind == "bar" else "line"})
    last = FIRST_ROW + len(table.rows) - 1
    for column in range(table.labels, len(table.headings)):
        if table.headings[column] == SUM:
            continue
        chart.add_series(
            {
                "name": [name, FIRST_ROW - 1, column],
                "categories": [name, FIRST_ROW, 0, last, 0],
                "values": [name, FIRST_ROW, column, last, column],
            }
        )
    chart.set_title({"name": table.title})
    sheet.insert_chart(FIRST_ROW, len(table.headings) + 1, chart)
