"""The rights table (権限対応表): on the screen, as CSV, and compared with one that was kept before."""

from __future__ import annotations

import csv
import io

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.audit.api import EventKind, record_event
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, KyufuError
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level
from kyufu.web.pages.accounts import MENU, PURPOSE
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.rights_forms import CompareForm
from kyufu.web.pages.tables import csv_answer, without_mark
from kyufu.web.screens import StaffRequest, screen


@screen("rights_table", title="権限対応表", function=Function.RIGHTS, level=Level.READ, purpose=PURPOSE, menu=MENU,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest) -> HttpResponse:
    """Show every right in force today."""
    today = clock.current_date_in_japan()
    context = {
        "headings": staff.HEADINGS,
        "rows": staff.rights_table(today),
        "today": today,
        "compare_form": CompareForm(),
    }
    return render(request, "pages/rights_table.html", context)


@screen("rights_table_csv", title="権限対応表のCSV出力", function=Function.RIGHTS, level=Level.READ, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def export(_request: StaffRequest) -> HttpResponse:
    """Hand out the table as CSV, which is recorded."""
    today = clock.current_date_in_japan()
    rows = staff.rights_table(today)
    record_event(EventKind.EXPORTED, detail={"帳票": "権限対応表", "件数": str(len(rows))})
    return csv_answer(staff.HEADINGS, rows=rows, name=f"rights-{today:%Y%m%d}")


@screen("rights_table_compare", title="権限対応表の照合", function=Function.RIGHTS, level=Level.READ,
        purpose=PURPOSE, menu=MENU)  # fmt: skip
def compare(request: StaffRequest) -> HttpResponse:
    """Say what differs between a table that was kept and the rights in force today."""
    form = CompareForm(request.POST, request.FILES) if request.method == "POST" else CompareForm()
    if request.method != "POST" or not form.is_valid():
        status = INVALID if form.is_bound else 200
        return render(request, "pages/rights_compare.html", {"form": form}, status=status)
    today = clock.current_date_in_japan()
    context = {"form": form, "headings": staff.HEADINGS, "today": today}
    try:
        kept = _as_kept(form.cleaned_data["table"])
        found = staff.compare_rights_table(kept, source="選んだファイル", on=today)
    except KyufuError as refusal:
        return render(request, "pages/rights_compare.html", context | {"refusal": refusal}, status=CONFLICT)
    return render(request, "pages/rights_compare.html", context | {"found": found})


def _as_kept(text: str) -> str:
    """The uploaded table without the marks that were put before what a spreadsheet would run.

    Raises BadInput where the text is no CSV.
    """
    out = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        csv.writer(out).writerows([without_mark(cell) for cell in row] for row in rows)
    except csv.Error:
        raise BadInput("CSV として読めないファイルです。", remedy="出力した表を指定してください。") from None
    return out.getvalue()
