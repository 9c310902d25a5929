"""The document of an application: looked at before printing, printed, taken as a PDF, and the card handed over.

What shows an address of a protected household (支援措置) opens only by the right to it and a stated reason.
"""

from __future__ import annotations

import base64

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.access import Opening
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.application import ISSUING, done
from kyufu.web.pages.case_access import row_of
from kyufu.web.pages.case_forms import HandoverForm, PrintForm
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.stated import stated
from kyufu.web.screens import StaffRequest, screen

PRINTING = "証・通知の印刷"
NO_PAPER = "いま、この申請から出る証・通知はありません。"
NO_PAPER_REMEDY = "申請の状態を確かめてください。交付または却下の決裁のあとに印刷できます。"
SHELTERED = "支援措置の対象の世帯の証・通知には、住所が載ります。"
SHELTERED_REMEDY = "支援措置を扱う権限のある職員が、理由を入力して開いてください。"
DOTS_PER_INCH = 110
# The name of the file says nothing of whom it is about.
FILE_NAME = "document.pdf"


@screen(
    "application_preview",
    title="証・通知の下見",
    function=Function.PRINT,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PRINTING,
    methods=("GET",),
)
def preview(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show the document of an application as it would be printed today; nothing counts as printed."""
    row = row_of(request, token=token)
    paper = _paper(row)
    _refuse_sheltered(paper)
    return _pictures(request, row=row, paper=paper)


@screen(
    "application_preview_open",
    title="支援措置の世帯の証・通知の下見",
    function=Function.PROTECTED,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PRINTING,
    opens=Opening.PROTECTED_ADDRESS,
)
def preview_open(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show the document of a protected household with its address, for a stated reason."""
    row = row_of(request, token=token)
    return _pictures(request, row=row, paper=_paper(row))


@screen(
    "application_print",
    title="証・通知の印刷",
    function=Function.PRINT,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=PRINTING,
    methods=("POST",),
)
def print_paper(request: StaffRequest, *, token: str) -> HttpResponse:
    """Print the document of an application: the first time as it is, again with a reason."""
    row, form = row_of(request, token=token), PrintForm(request.POST, auto_id="id_print_%s")

    def act() -> None:
        cases.refuse_if_moved(row.application_id, step=form.cleaned_data["step"])
        documents.print_paper(
            _paper(row),
            reason=form.cleaned_data["reprint_reason"],
            by=request.access.actor,
            on=clock.current_date_in_japan(),
            at=clock.current_instant(),
            municipality=settings.KYUFU_MUNICIPALITY,
            watermark=documents.watermark_here(),
        )

    said = "印刷しました。「PDFを開く」から紙に出してください。"
    return done(request, row=row, form=form, name="print_form", act=act, said=said)


@screen(
    "application_pdf",
    title="印刷した証・通知のPDF",
    function=Function.PRINT,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=PRINTING,
    methods=("GET",),
)
def pdf(request: StaffRequest, *, token: str) -> HttpResponse:
    """Give the printed pages of an application's document as a PDF."""
    paper = _paper(row_of(request, token=token))
    _refuse_sheltered(paper)
    return _file(paper)


@screen(
    "application_pdf_open",
    title="支援措置の世帯の印刷した証・通知のPDF",
    function=Function.PROTECTED,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PRINTING,
    opens=Opening.PROTECTED_ADDRESS,
)
def pdf_open(request: StaffRequest, *, token: str) -> HttpResponse:
    """Give the printed pages of a protected household to those who may print as well, for a stated reason."""
    row = row_of(request, token=token)
    paper = _paper(row)
    scope_of(request, function=Function.PRINT, level=Level.UPDATE).require_ward(row.ward_code)
    return _file(paper)


@screen(
    "application_handover",
    title="医療証の手渡し・郵送の記録",
    function=Function.CERTIFICATE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=ISSUING,
    methods=("POST",),
)
def hand_over(request: StaffRequest, *, token: str) -> HttpResponse:
    """Record how the printed card left the office."""
    row, form = row_of(request, token=token), HandoverForm(request.POST, auto_id="id_hand_%s")

    @transaction.atomic
    def act() -> None:
        cases.refuse_if_moved(row.application_id, step=form.cleaned_data["step"])
        paper = _paper(row)
        if paper.kind is not documents.Kind.CERTIFICATE:
            raise Refused("渡す医療証がありません。", remedy=NO_PAPER_REMEDY)
        documents.hand_over_certificate(
            paper.subject_id,
            filing=form.filing(),
            recorded=form.cleaned_data["recorded"],
            by=request.access.actor,
            at=clock.current_instant(),
        )

    said = "医療証を渡した（郵送した）ことを記録しました。窓口での処理は終わりです。"
    return done(request, row=row, form=form, name="handover_form", act=act, said=said)


def _paper(row: cases.ApplicationRow) -> documents.Paper:
    found = documents.paper_of(row.application_id)
    if found is None:
        raise Refused(NO_PAPER, remedy=NO_PAPER_REMEDY)
    return found


def _refuse_sheltered(paper: documents.Paper) -> None:
    today = clock.current_date_in_japan()
    people = registry.people([paper.child_id, paper.guardian_id], valid_on=today, today=today)
    if any(one.protected for one in people.values()):
        raise Refused(SHELTERED, remedy=SHELTERED_REMEDY)


def _pictures(request: StaffRequest, *, row: cases.ApplicationRow, paper: documents.Paper) -> HttpResponse:
    today = clock.current_date_in_japan()
    with stated(request, purpose=request.access.purpose, case_no=row.number):
        pages = documents.preview(
            paper.kind, subject_id=paper.subject_id, on=today, today=today, dots_per_inch=DOTS_PER_INCH,
            municipality=settings.KYUFU_MUNICIPALITY,
        )  # fmt: skip
    pictures = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in pages]
    context = {"row": row, "paper": paper, "pictures": pictures, "opened": bool(request.access.opened)}
    answer = render(request, "pages/application_preview.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _file(paper: documents.Paper) -> HttpResponse:
    answer = HttpResponse(documents.pdf_of(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{FILE_NAME}"'
    answer["Cache-Control"] = "no-store"
    return answer
