"""Files handed in with an application (添付書類): listed on its page, added, shown one by one, withdrawn."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from kyufu.attachments import api as attachments
from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff.api import AccountKind, Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.attachment_forms import AttachForm
from kyufu.web.pages.forms import ReasonForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen

APPLICATION, ATTACHMENT = "application", "attachment"
# What a file may do in the browser: be looked at. It comes from outside and belongs to no page of ours.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
# The name under which a file is saved says nothing of whose it is.
NEUTRAL = {"application/pdf": "document.pdf", "image/png": "document.png", "image/jpeg": "document.jpg",
           attachments.TIFF: "document.tif"}  # fmt: skip


class Line(NamedTuple):
    """A file on the page of its application, with its words."""

    row: attachments.AttachmentRow
    document: str
    form: str
    state: str
    scan: str
    is_here: bool
    is_scanned: bool
    is_saved: bool


class Outcome(NamedTuple):
    """What became of one file that was handed in: `problem` None where it was taken."""

    name: str
    problem: KyufuError | None


def attachments_of(request: StaffRequest, *, row: cases.ApplicationRow) -> dict[str, Any]:
    """What the page of an application needs for `pages/parts/attachments.html`."""
    may_attach = _may_attach(request, row=row)
    return {
        "attachments": [_line(one) for one in attachments.attachments_of(row.application_id)],
        "may_attach": may_attach,
        "may_withdraw": may_attach and request.rights.kind is not AccountKind.CONTRACTOR,
    }


@screen(
    "attachment_add",
    title="添付書類の追加",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="申請の受付・審査",
    contractors=True,
)
def add(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take in files for an application, each by itself: one that is refused takes no other along."""
    row = _application(request, token=token)
    kinds = attachments.document_kinds(on=clock.current_date_in_japan())
    if request.method != "POST":
        return _entry(request, row=row, form=AttachForm(kinds=kinds))
    form = AttachForm(request.POST, request.FILES, kinds=kinds)
    if not form.is_valid():
        return _entry(request, row=row, form=form, status=INVALID)
    kind = form.cleaned_data["kind"]
    outcomes = [_received(request, row=row, kind=kind, file=file) for file in form.handed_in()]
    taken = [one for one in outcomes if one.problem is None]
    if len(taken) < len(outcomes):
        fresh = AttachForm(initial={"kind": kind}, kinds=kinds)
        return _entry(request, row=row, form=fresh, outcomes=outcomes, status=INVALID)
    messages.success(request, f"添付書類を{len(taken)}件受け付けました。")
    return _to(request, application_id=row.application_id)


@screen(
    "attachment_show",
    title="添付書類の表示",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="添付書類の確認",
    methods=("GET",),
    contractors=True,
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a file as it was handed in, closed off from every page of ours; a TIFF is saved, for browsers show none."""
    row = _attachment(request, token=token)
    found = attachments.open_attachment(row.attachment_id)
    way = "attachment" if row.media_type == attachments.TIFF else "inline"
    return HttpResponse(
        found.content,
        content_type=row.media_type,
        headers={
            "Content-Disposition": f'{way}; filename="{NEUTRAL[row.media_type]}"',
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@screen(
    "attachment_withdraw",
    title="添付書類の取下げ",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="申請の受付・審査",
)
def withdraw(request: StaffRequest, *, token: str) -> HttpResponse:
    """Withdraw a file that was attached by mistake, with the reason."""
    row = _attachment(request, token=token)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _withdrawal(request, row=row, form=form, status=INVALID if form.is_bound else 200)
    try:
        attachments.withdraw_attachment(
            row.attachment_id,
            by=request.access.actor,
            at=clock.current_instant(),
            why=form.cleaned_data["reason"],
        )
    except KyufuError as refusal:
        return _withdrawal(request, row=row, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "添付書類を取り下げました。")
    return _to(request, application_id=row.application_id)


def _line(row: attachments.AttachmentRow) -> Line:
    state = attachments.AttachmentState(row.state)
    scan = attachments.Scan(row.scan)
    return Line(
        row,
        attachments.document_label(row.kind),
        attachments.MEDIA_TYPES[row.media_type],
        state.label,
        scan.label,
        state is attachments.AttachmentState.RECEIVED,
        scan is attachments.Scan.CLEAN,
        row.media_type == attachments.TIFF,
    )


def _may_attach(request: StaffRequest, *, row: cases.ApplicationRow) -> bool:
    if row.state == cases.ApplicationState.WITHDRAWN:
        return False
    return scope_of(request, function=Function.CASE, level=Level.UPDATE).holds_ward(row.ward_code)


def _application(request: StaffRequest, *, token: str) -> cases.ApplicationRow:
    """The application of an address, let through by its ward; raises Http404 or Forbidden."""
    row = cases.application_by_id(int(opened(request, token=token, kind=APPLICATION)))
    scope_of(request).require_ward(row.ward_code)
    return row


def _attachment(request: StaffRequest, *, token: str) -> attachments.AttachmentRow:
    """The file of an address, let through by the ward of its application; raises Http404 or Forbidden."""
    row = attachments.attachment_by_id(int(opened(request, token=token, kind=ATTACHMENT)))
    scope_of(request).require_ward(cases.application_by_id(row.application_id).ward_code)
    return row


def _received(
    request: StaffRequest, *, row: cases.ApplicationRow, kind: str, file: UploadedFile[Any]
) -> Outcome:
    handed = attachments.HandedFile(row.application_id, kind, file.name or "", file.read())
    try:
        attachments.receive_attachment(handed, by=request.access.actor, at=clock.current_instant())
    except KyufuError as problem:
        return Outcome(handed.name, problem)
    return Outcome(handed.name, None)


def _entry(
    request: StaffRequest,
    *,
    row: cases.ApplicationRow,
    form: AttachForm,
    outcomes: list[Outcome] | None = None,
    status: int = 200,
) -> HttpResponse:
    limits = attachments.attachment_limits(on=clock.current_date_in_japan())
    shown = outcomes or []
    taken = any(one.problem is None for one in shown)
    context = {"row": row, "form": form, "limits": limits, "outcomes": shown, "taken": taken,
               "body_bytes": settings.KYUFU_BODY_BYTES}  # fmt: skip
    return render(request, "pages/attachment_add.html", context, status=status)


def _withdrawal(
    request: StaffRequest,
    *,
    row: attachments.AttachmentRow,
    form: ReasonForm,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    days = attachments.attachment_limits(on=clock.current_date_in_japan()).withdrawn_days
    context = {"line": _line(row), "form": form, "refusal": refusal, "days": days}
    return render(request, "pages/attachment_withdraw.html", context, status=status)


def _to(request: StaffRequest, *, application_id: int) -> HttpResponse:
    return go_to(request, code="application", kind=APPLICATION, key=application_id)
