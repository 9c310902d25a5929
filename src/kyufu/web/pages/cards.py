"""Certificates (医療証) for the head office: counts by ward and month, the list, one's history, re-print."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.fields import DayField, ReasonField
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.runs import MENU
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.worklists import key_of, names_of, place
from kyufu.web.screens import StaffRequest, screen

CARD, PLACE = "card", "cards"
PURPOSE = "医療証の管理"
PAGE = 50
MONTHS = 12


class FilterForm(PageForm):
    """The day of issue by which the list is narrowed."""

    issued_on = DayField(label="交付日", required=False)


class ReprintForm(PageForm):
    """Why a certificate is printed again, and the date of the paper."""

    on = DayField(label="文書の日付")
    reason = ReasonField(label="再印刷の理由")


@screen(
    "certificates",
    title="医療証の一覧",
    function=Function.CERTIFICATE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    menu=MENU,
    methods=("GET",),
)
def show_list(request: StaffRequest) -> HttpResponse:
    """Count what became of certificates by ward and month, and list them by state, ward and day of issue."""
    scope = scope_of(request)
    wards = None if scope.is_head else scope.wards
    offered = scope.ours if scope.is_head else scope.wards
    state, ward = request.GET.get("state", ""), request.GET.get("ward", "")
    if state not in {"", *cases.CertificateState} or ward not in {"", *offered}:
        raise Http404
    form = FilterForm(request.GET)
    issued_on = form.cleaned_data["issued_on"] if form.is_valid() else None
    rows = cases.certificates_in(
        [ward] if ward else wards, state=state or None, issued_on=issued_on, limit=PAGE + 1,
        after=place(request, kind=PLACE),
    )  # fmt: skip
    context = {
        "rows": rows[:PAGE], "state": state, "ward": ward, "form": form, "states": list(cases.CertificateState),
        "wards": sorted(offered), "asked": _asked(request),
        "next_place": rows[PAGE - 1].certificate_id if len(rows) > PAGE else None,
        "totals": cases.certificate_totals(wards, **_last_year(clock.current_date_in_japan())),
    }  # fmt: skip
    return render(request, "pages/cards.html", context, status=200 if form.is_valid() else INVALID)


@screen(
    "certificate_record",
    title="医療証の記録",
    function=Function.CERTIFICATE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show one certificate: what became of it, and where it was printed."""
    return _page(request, card=_card(request, token=token))


@screen(
    "certificate_reprint",
    title="医療証の再印刷",
    function=Function.PRINT,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="医療証の再印刷",
    methods=("POST",),
)
def reprint(request: StaffRequest, *, token: str) -> HttpResponse:
    """Print a certificate again that was damaged on its way or at the printer, with the reason."""
    card = _card(request, token=token)
    form = ReprintForm(request.POST)
    if not form.is_valid():
        return _page(request, card=card, form=form, status=INVALID)
    try:
        printed = documents.reprint(
            documents.Kind.CERTIFICATE, subject_id=card.certificate_id, reason=form.cleaned_data["reason"],
            by=request.access.actor, on=form.cleaned_data["on"], at=clock.current_instant(),
            watermark=documents.watermark_here(),
        )  # fmt: skip
    except KyufuError as refusal:
        return _page(request, card=card, form=form, refusal=refusal, status=CONFLICT)
    if printed.documents:
        messages.success(
            request,
            f"再印刷のファイルを作りました（フォルダ {printed.folder.name if printed.folder else ''}）。",
        )
    else:
        messages.warning(request, "再印刷できませんでした。住所と判定の状態を確かめてください。")
    return go_to(request, code="certificate_record", kind=CARD, key=card.certificate_id)


def _card(request: StaffRequest, *, token: str) -> cases.CertificateListed:
    """The certificate of an address, let through by the ward that received its application."""
    card = cases.certificate_listed(int(opened(request, token=token, kind=CARD)))
    scope = scope_of(request)
    if not scope.is_head:
        scope.require_ward(card.ward_code)
    return card


def _page(
    request: StaffRequest,
    *,
    card: cases.CertificateListed,
    form: ReprintForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = clock.current_date_in_japan()
    people = names_of(request, ids=[card.child_id], today=today)
    context: dict[str, Any] = {
        "card": card,
        "person": people.get(card.child_id),
        "key": key_of(card.child_id, people=people),
        "steps": cases.certificate_history(card.certificate_id),
        "pages": _printed(card),
        "may_print": request.rights.may(Function.PRINT, level=Level.UPDATE),
        "may_see_case": request.rights.may(Function.CASE, level=Level.READ),
        "form": form,
        "reprint_form": form or ReprintForm(),
        "refusal": refusal,
    }
    return render(request, "pages/card_record.html", context, status=status)


def _printed(card: cases.CertificateListed) -> list[documents.PrintedPage]:
    return [
        one
        for one in documents.pages_to(card.guardian_id)
        if one.kind is documents.Kind.CERTIFICATE and one.subject_id == card.certificate_id
    ]


def _asked(request: StaffRequest) -> str:
    """What the list is narrowed by, for the address of its next page; nothing personal."""
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()


def _last_year(today: date) -> dict[str, date]:
    """The twelve months that end with the present one."""
    first = date(today.year - 1, today.month, 1)
    start = date(first.year + first.month // MONTHS, first.month % MONTHS + 1, 1)
    end = date(today.year + today.month // MONTHS, today.month % MONTHS + 1, 1)
    return {"first_day": start, "ends_before": end}
