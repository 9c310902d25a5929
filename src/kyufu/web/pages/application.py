"""One application: shown, judged, approved or sent back, issued and closed; each act on what was seen alone."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.case_access import row_of, to_application
from kyufu.web.pages.case_forms import CloseForm, StepForm
from kyufu.web.pages.case_view import Asked, case_page
from kyufu.web.pages.forms import DecideForm, PageForm, SendBackForm
from kyufu.web.screens import StaffRequest, screen

JUDGING = "申請の受付・審査"
DECIDING = "申請の決裁"
ISSUING = "医療証の交付"


@screen(
    "application",
    title="申請・届出",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=JUDGING,
    methods=("GET",),
    contractors=True,
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show an application with what comes next, its history and why the law decides so."""
    return case_page(request, row=row_of(request, token=token))


@screen(
    "application_judge",
    title="申請・届出の判定",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=JUDGING,
    methods=("POST",),
)
def judge(request: StaffRequest, *, token: str) -> HttpResponse:
    """Ask the law about the application as of today, for the first time or again."""
    row, form = row_of(request, token=token), StepForm(request.POST)

    def act() -> None:
        cases.judge_seen(
            row.application_id,
            step=form.cleaned_data["step"],
            municipality=settings.KYUFU_MUNICIPALITY,
            on=clock.current_date_in_japan(),
            by=request.access.actor,
            at=clock.current_instant(),
        )

    return done(request, row=row, form=form, name="", act=act, said="判定しました。")


@screen(
    "application_approve",
    title="申請・届出の決裁",
    function=Function.APPROVAL,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=DECIDING,
    methods=("POST",),
)
def approve(request: StaffRequest, *, token: str) -> HttpResponse:
    """Approve the decision that was shown, as another person than the one who judged."""
    row, form = row_of(request, token=token), DecideForm(request.POST)

    def act() -> None:
        seen, at = form.cleaned_data["seen"], clock.current_instant()
        cases.approve_seen(row.application_id, seen=seen, by=request.access.actor, at=at)

    return done(request, row=row, form=form, name="approve_form", act=act, said="決裁しました。")


@screen(
    "application_send_back",
    title="申請・届出の差戻し",
    function=Function.APPROVAL,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=DECIDING,
    methods=("POST",),
)
def send_back(request: StaffRequest, *, token: str) -> HttpResponse:
    """Send the decision that was shown back to be judged again, with the reason."""
    row, form = row_of(request, token=token), SendBackForm(request.POST)

    def act() -> None:
        data, at = form.cleaned_data, clock.current_instant()
        cases.send_back_seen(
            row.application_id, seen=data["seen"], by=request.access.actor, at=at, why=data["why"]
        )

    return done(request, row=row, form=form, name="send_back_form", act=act, said="差し戻しました。")


@screen(
    "application_issue",
    title="医療証の交付",
    function=Function.CERTIFICATE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=ISSUING,
    methods=("POST",),
)
def issue(request: StaffRequest, *, token: str) -> HttpResponse:
    """Issue the certificate of an approved application."""
    row, form = row_of(request, token=token), StepForm(request.POST)

    def act() -> None:
        cases.issue_seen(
            row.application_id,
            step=form.cleaned_data["step"],
            municipality=settings.KYUFU_MUNICIPALITY,
            on=clock.current_date_in_japan(),
            by=request.access.actor,
            at=clock.current_instant(),
        )

    said = "医療証を交付しました。続けて印刷してください。"
    return done(request, row=row, form=form, name="", act=act, said=said)


@screen(
    "application_close",
    title="申請・届出の完結",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=JUDGING,
    methods=("POST",),
)
def close(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close an application that was issued or rejected, with the reason."""
    row, form = row_of(request, token=token), CloseForm(request.POST, auto_id="id_close_%s")

    def act() -> None:
        data, at = form.cleaned_data, clock.current_instant()
        cases.close_seen(
            row.application_id, step=data["step"], by=request.access.actor, at=at, why=data["why"]
        )

    return done(request, row=row, form=form, name="close_form", act=act, said="完結しました。")


def done(
    request: StaffRequest,
    *,
    row: cases.ApplicationRow,
    form: PageForm,
    name: str,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """Do the act of a form that is in order, and go back to the page; it says what was wrong or refused else.

    `name` is what the page calls the form, so that what was typed stays there; empty for one of a single button.
    """
    if not form.is_valid():
        return case_page(request, row=row, asked=Asked(forms={name or "act_form": form}, status=INVALID))
    try:
        act()
    except KyufuError as refusal:
        fresh = cases.application_by_id(row.application_id)
        typed = {name: form.cleaned_data}
        return case_page(request, row=fresh, asked=Asked(refusal=refusal, typed=typed, status=CONFLICT))
    messages.success(request, said)
    return to_application(request, row=row)
