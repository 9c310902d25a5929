"""The list of files in which the virus scanner found something: what was kept of them is that they came."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.attachments import api as attachments
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.links import opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen

REFUSED_PLACE = "refused_attachment"
PAGE = 50


@screen(
    "attachments_refused",
    title="受け付けなかった添付書類",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="有害な添付書類の確認",
    menu="申請・届出",
    methods=("GET",),
)
def show_refused(request: StaffRequest) -> HttpResponse:
    """List the files in which the scanner found something, newest first."""
    token = request.GET.get("after", "")
    after = int(opened(request, token=token, kind=REFUSED_PLACE)) if token else 0
    rows = attachments.refused_in(scope_of(request).wards, limit=PAGE + 1, after=after)
    shown = [(one, attachments.document_label(one.kind)) for one in rows[:PAGE]]
    next_place = rows[PAGE - 1].refusal_id if len(rows) > PAGE else None
    return render(
        request, "pages/attachments_refused.html", {"rows": shown, "next_place": next_place, "after": after}
    )
