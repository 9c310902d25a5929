"""A citizen's request for disclosure (開示請求): who read their data, as a page to print and as CSV."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.audit import api as audit
from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.audit_forms import DisclosureForm
from kyufu.web.pages.stated import stated
from kyufu.web.pages.tables import csv_answer
from kyufu.web.screens import StaffRequest, screen

PURPOSE = "開示請求への対応"
MENU = "監査"


@screen(
    "disclosure",
    title="開示請求の印刷",
    function=Function.DISCLOSURE,
    level=Level.READ,
    purpose=PURPOSE,
    menu=MENU,
    reauth=True,
)
def show(request: StaffRequest) -> HttpResponse:
    """Print who read a person's data within a period, with what the law withholds; the print is recorded."""
    form = DisclosureForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = INVALID if form.is_bound else 200
        return render(request, "pages/disclosure.html", {"form": form}, status=status)
    today = clock.current_date_in_japan()
    with stated(request, purpose=PURPOSE, case_no=form.cleaned_data["request_no"]):
        rows = _rows(form, kind=EventKind.PRINTED)
        person = registry.people([form.person()], valid_on=today, today=today).get(form.person())
        context = {
            "form": form,
            "rows": [row.texts() for row in rows],
            "headings": audit.DISCLOSURE_HEADINGS,
            "person": person,
            "first_day": form.cleaned_data["first_day"],
            "last_day": form.cleaned_data["last_day"],
            "request_no": form.cleaned_data["request_no"],
            "today": today,
        }
        answer = render(request, "pages/disclosure_print.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@screen("disclosure_csv", title="開示請求のCSV出力", function=Function.DISCLOSURE, level=Level.READ, purpose=PURPOSE,
        methods=("POST",), reauth=True)  # fmt: skip
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the same as CSV, which is recorded."""
    form = DisclosureForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/disclosure.html", {"form": form}, status=INVALID)
    with stated(request, purpose=PURPOSE, case_no=form.cleaned_data["request_no"]):
        rows = _rows(form, kind=EventKind.EXPORTED)
    day = clock.current_date_in_japan()
    return csv_answer(
        audit.DISCLOSURE_HEADINGS, rows=(row.texts() for row in rows), name=f"disclosure-{day:%Y%m%d}"
    )


def _rows(form: DisclosureForm, *, kind: EventKind) -> list[audit.DisclosureRow]:
    """The readings of the person, recorded as disclosed and as printed or exported."""
    request_no, person = form.cleaned_data["request_no"], form.person()
    today = clock.current_date_in_japan()
    numbers = registry.merged_ids([person]).get(person, (person,))
    rows = audit.reads_of(numbers, since=form.start(), until=form.end(), on=today)
    audit.record_disclosure(person, request_no=request_no, rows=rows)
    detail = {"帳票": "開示請求（閲覧の記録）", "受付番号": request_no, "件数": str(len(rows))}
    audit.record_event(kind, detail=detail, subjects=[person])
    return rows
