"""Lists of applications within the offices of the right, and one application: explained, approved or sent back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.law.child.explain import explain
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.attachments import attachments_of
from kyufu.web.pages.forms import DecideForm, SendBackForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import StaffRequest, screen

APPLICATION, LIST_PLACE = "application", "applications"
PAGE = 50
PURPOSE = "application"


@screen(
    "applications",
    title="申請・届出の一覧",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="申請の受付・審査",
    menu="申請・届出",
    methods=("GET",),
    contractors=True,
)
def show_list(request: StaffRequest) -> HttpResponse:
    """List the applications of one state, or of all, fifty at a time in the order of their receipt."""
    state = request.GET.get("state", "")
    if state and state not in set(cases.ApplicationState):
        raise Http404
    wards = scope_of(request).wards
    after = _place(request)
    rows = cases.applications_in(wards, state=state or None, limit=PAGE + 1, after=after)
    shown = rows[:PAGE]
    return render(
        request,
        "pages/applications.html",
        {
            "rows": shown,
            "state": state,
            "counts": cases.state_counts_in(wards),
            "is_first": not after,
            "next_place": shown[-1].application_id if len(rows) > PAGE else None,
            "page_size": PAGE,
        },
    )


def _place(request: StaffRequest) -> int:
    """The application after which the page begins, from the sealed `after` of the address; 0 for the first page."""
    token = request.GET.get("after", "")
    return int(opened(request, token=token, kind=LIST_PLACE)) if token else 0


@screen(
    "application",
    title="申請・届出",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="申請の受付・審査",
    methods=("GET",),
    contractors=True,
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show an application with its history and why the law decides so."""
    return _page(request, row=_row(request, token=token))


@screen(
    "application_approve",
    title="申請・届出の決裁",
    function=Function.APPROVAL,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="申請の決裁",
    methods=("POST",),
)
def approve(request: StaffRequest, *, token: str) -> HttpResponse:
    """Approve the decision that was shown, as another person than the one who judged."""
    row = _row(request, token=token)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, row=row, approve_form=form, status=422)
    try:
        cases.approve_seen(
            row.application_id,
            seen=form.cleaned_data["seen"],
            by=request.access.actor,
            at=clock.current_instant(),
        )
    except Refused as refusal:
        return _page(request, row=row, refusal=refusal, status=409)
    messages.success(request, "決裁しました。")
    return _to(request, row=row)


@screen(
    "application_send_back",
    title="申請・届出の差戻し",
    function=Function.APPROVAL,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="申請の決裁",
    methods=("POST",),
)
def send_back(request: StaffRequest, *, token: str) -> HttpResponse:
    """Send the decision that was shown back to be judged again, with the reason."""
    row = _row(request, token=token)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, row=row, send_back_form=form, status=422)
    data = form.cleaned_data
    try:
        cases.send_back_seen(
            row.application_id,
            seen=data["seen"],
            by=request.access.actor,
            at=clock.current_instant(),
            why=data["why"],
        )
    except Refused as refusal:
        return _page(request, row=row, refusal=refusal, status=409)
    messages.success(request, "差し戻しました。")
    return _to(request, row=row)


def _row(request: StaffRequest, *, token: str) -> cases.ApplicationRow:
    """The application of an address, let through by the office that received it; raises Http404 or Refused."""
    key = opened(request, token=token, kind=APPLICATION)
    row = cases.application_by_id(int(key))
    scope_of(request).require_ward(row.ward_code)
    return row


def _to(request: StaffRequest, *, row: cases.ApplicationRow) -> HttpResponse:
    return go_to(request, code="application", kind=APPLICATION, key=row.application_id)


def _page(
    request: StaffRequest,
    *,
    row: cases.ApplicationRow,
    approve_form: DecideForm | None = None,
    send_back_form: SendBackForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    file = cases.case_file(row.application_id)
    seen = "" if row.decision_id is None else cases.decision_digest(row.decision_id)
    return render(
        request,
        "pages/application.html",
        {
            "row": row,
            "file": file,
            "matter": cases.japanese_matter(cases.Kind(row.kind), matter=row.matter),
            "persons": _persons(row, file=file),
            "may_see_persons": request.rights.may(Function.PERSON, level=Level.READ),
            "steps": cases.application_history(row.application_id),
            "refusal": refusal,
            "form": approve_form or send_back_form,
            "approve_form": DecideForm(initial={"seen": seen}),
            "send_back_form": send_back_form or SendBackForm(initial={"seen": seen}),
            "seen": seen,
            **_decision(row),
            **_asked_of(request, row=row, file=file),
            **attachments_of(request, row=row),
        },
        status=status,
    )


def _decision(row: cases.ApplicationRow) -> dict[str, Any]:
    """The latest decision told step by step, and why it must not be approved, if so."""
    if row.decision_id is None:
        return {"explanation": "", "stale": ""}
    decision = cases.decisions([row.decision_id])[row.decision_id]
    stale = cases.refuse_if_stale([row.decision_id]).get(row.decision_id, "")
    return {"explanation": explain(decision), "decision": decision, "stale": stale}


def _asked_of(request: StaffRequest, *, row: cases.ApplicationRow, file: cases.CaseFile) -> dict[str, bool]:
    """What the page asks of this member of staff: to decide, or to leave it to another."""
    is_judge = file.judged_by_id == request.access.actor.staff_id
    approves = scope_of(request, function=Function.APPROVAL, level=Level.UPDATE)
    may_decide = row.state == cases.ApplicationState.JUDGED and approves.holds_ward(row.ward_code)
    return {"may_decide": may_decide and not is_judge, "is_judge": may_decide and is_judge}


def _persons(row: cases.ApplicationRow, *, file: cases.CaseFile) -> list[dict[str, Any]]:
    today = clock.current_date_in_japan()
    ids = [row.child_id, *(one.addressee_id for one in file.guardians)]
    people = registry.people(ids, valid_on=today, today=today)
    relations = ["児童", *(one.relation for one in file.guardians)]
    return [
        {"person": people.get(one), "relation": relation, "key": Ticket(one, PURPOSE, row.number).key}
        for one, relation in zip(ids, relations, strict=True)
    ]
