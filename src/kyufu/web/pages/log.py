"""Search of the log: who read, wrote or did what, of whom, on which screen, within a period; and its CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.audit import api as audit
from kyufu.audit.api import EventKind, LogQuery, LogRecord
from kyufu.platform import clock
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.audit_forms import LogSearchForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.tables import csv_answer
from kyufu.web.screens import StaffRequest, all_screens, screen
from kyufu.web.tokens import token_for

PURPOSE = "操作記録の点検"
MENU = "監査"
PLACE = "log"
PAGE = 50
# A spreadsheet of more records than this is asked for by shorter periods.
EXPORTED = 10_000
TOO_MANY = f"条件に合う記録が{EXPORTED:,}件を超えるため、出力を取りやめました。"
TOO_MANY_REMEDY = "期間を短く分けて、それぞれ出力してください。"
_BETWEEN = "|"
HEADINGS = (
    "日時", "記録", "職員番号", "氏名", "所属", "端末", "方法", "画面", "利用目的", "受付番号", "内容", "対象者の数",
)  # fmt: skip


class Line(NamedTuple):
    """A record with the name of its screen and whom it is about, as far as shown."""

    record: LogRecord
    screen: str
    persons: list[registry.PersonView]
    more: int


@screen("log", title="操作記録の検索", function=Function.AUDIT, level=Level.READ, purpose=PURPOSE, menu=MENU)
def search(request: StaffRequest) -> HttpResponse:
    """Search one part of the log, newest first, fifty records at a time."""
    form = _form(request)
    if request.method != "POST":
        return render(request, "pages/log.html", {"form": form})
    if not form.is_valid():
        return render(request, "pages/log.html", {"form": form}, status=INVALID)
    stream, before = form.stream_asked(), place_of(request, name="before")
    query = _query(form)._replace(before=before)
    found = audit.search_log(stream, query=query, limit=PAGE + 1)
    shown = found[:PAGE]
    context = {
        "form": form,
        "searched": True,
        "lines": _lines(shown),
        "stream": stream,
        "next_place": sealed_place(request, last=shown[-1]) if len(found) > PAGE else "",
    }
    return render(request, "pages/log.html", context)


@screen(
    "log_csv",
    title="操作記録のCSV出力",
    function=Function.AUDIT,
    level=Level.READ,
    purpose=PURPOSE,
    methods=("POST",),
    reauth=True,
)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the records of a search as CSV, which is itself recorded."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "pages/log.html", {"form": form}, status=INVALID)
    found = audit.search_log(form.stream_asked(), query=_query(form), limit=EXPORTED + 1)
    if len(found) > EXPORTED:
        raise Refused(TOO_MANY, remedy=TOO_MANY_REMEDY)
    detail = {"記録": form.stream_asked().label, "件数": str(len(found))}
    audit.record_event(EventKind.LOG_EXPORTED, detail=detail)
    day = clock.current_date_in_japan()
    return csv_answer(HEADINGS, rows=map(_cells, found), name=f"log-{day:%Y%m%d}")


@screen("log_state", title="操作記録の検証の状況", function=Function.AUDIT, level=Level.READ, purpose=PURPOSE,
        menu=MENU, methods=("GET",))  # fmt: skip
def show_state(request: StaffRequest) -> HttpResponse:
    """Show how far the log is sealed, and what the last verification said."""
    return render(request, "pages/log_state.html", {"state": audit.log_state()})


def screen_names() -> dict[str, str]:
    """The titles of the screens by code."""
    return {one.code: one.title for one in all_screens()}


def _form(request: StaffRequest) -> LogSearchForm:
    screens = sorted(screen_names().items(), key=lambda one: one[1])
    return LogSearchForm(request.POST if request.method == "POST" else None, screens=screens)


def _query(form: LogSearchForm) -> LogQuery:
    data = form.cleaned_data
    return LogQuery(form.start(), form.end(), data["staff_no"], form.addressee_id(), data["screen"])


def _lines(records: list[LogRecord]) -> list[Line]:
    today = clock.current_date_in_japan()
    subjects = {one for record in records for one in record.subjects}
    people = registry.people(sorted(subjects), valid_on=today, today=today) if subjects else {}
    names = screen_names()
    return [
        Line(record, names.get(record.screen, record.screen), persons, record.extent - len(persons))
        for record in records
        for persons in [[people[one] for one in record.subjects if one in people]]
    ]


def _cells(record: LogRecord) -> tuple[Any, ...]:
    return (
        f"{record.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}", record.stream.label, record.staff_no, record.name,
        record.office, record.terminal, record.channel, screen_names().get(record.screen, record.screen),
        record.purpose, record.case_no, "、".join(record.what), record.extent,
    )  # fmt: skip


def sealed_place(request: StaffRequest, *, last: LogRecord) -> str:
    """Where the next page of the log begins, sealed."""
    at, number = last.key
    key = f"{at.isoformat()}{_BETWEEN}{number}"
    return token_for(kind=PLACE, key=key, account_id=request.rights.account_id)


def place_of(request: StaffRequest, *, name: str) -> tuple[datetime, int] | None:
    """Where the page of the log begins, from the sealed field `name` of the request; None for the first page."""
    token = request.POST.get(name, "") or request.GET.get(name, "")
    if not token:
        return None
    at, number = opened(request, token=token, kind=PLACE).split(_BETWEEN)
    return datetime.fromisoformat(at), int(number)
