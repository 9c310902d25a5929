"""Acts on one certificate (医療証): marked void, or handed back; as it was seen, and with a reason."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Forbidden, Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.fields import ReasonField
from kyufu.web.pages.forms import DecideForm
from kyufu.web.pages.links import go_to
from kyufu.web.pages.scope import OUTSIDE_REMEDY, OUTSIDE_TEXT, scope_of
from kyufu.web.pages.stated import PERSON, Ticket, stated, ticket_with
from kyufu.web.screens import StaffRequest, screen

CERTIFICATE = "certificate"
PURPOSE = "医療証の無効・回収の記録"
Mark = Callable[..., None]


class MarkForm(DecideForm):
    """Why, and what of the certificate was seen."""

    why = ReasonField(label="理由")


@screen("certificate_void", title="医療証を無効にする", function=Function.CERTIFICATE, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose=PURPOSE)  # fmt: skip
def void(request: StaffRequest, *, token: str) -> HttpResponse:
    """Mark a certificate void, so that it may not be used any more."""
    return _mark(request, token=token, mark=cases.void_seen, to_state=cases.CertificateState.VOIDED)


@screen("certificate_recover", title="医療証の回収を記録する", function=Function.CERTIFICATE, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose=PURPOSE)  # fmt: skip
def recover(request: StaffRequest, *, token: str) -> HttpResponse:
    """Note that a certificate was handed back."""
    return _mark(request, token=token, mark=cases.recover_seen, to_state=cases.CertificateState.RECOVERED)


def _mark(request: StaffRequest, *, token: str, mark: Mark, to_state: cases.CertificateState) -> HttpResponse:
    ticket, certificate_id = ticket_with(request, token=token, kind=CERTIFICATE)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        held = _held(request, certificate_id=certificate_id)
        if request.method != "POST":
            return _page(request, ticket=ticket, held=held, to_state=to_state)
        form = MarkForm(request.POST)
        if not form.is_valid():
            return _page(request, ticket=ticket, held=held, to_state=to_state, form=form, status=INVALID)
        try:
            mark(
                certificate_id,
                seen=form.cleaned_data["seen"],
                by=request.access.actor,
                at=clock.current_instant(),
                why=form.cleaned_data["why"],
            )
        except Refused as refusal:
            return _page(request, ticket=ticket, held=_held(request, certificate_id=certificate_id),
                         to_state=to_state, form=form, refusal=refusal, status=CONFLICT)  # fmt: skip
    messages.success(
        request, f"医療証 {held.certificate.number} の{cases.japanese(to_state)}を記録しました。"
    )
    return go_to(request, code="person", kind=PERSON, key=ticket.key)


def _held(request: StaffRequest, *, certificate_id: int) -> cases.CertificateInHand:
    """The certificate, let through by the ward that received its application, or by the child's own.

    A protected child's ward is kept from us: then the ward of the application alone.
    """
    held = cases.certificate_by_id(certificate_id)
    scope = scope_of(request)
    if scope.is_head or scope.holds_ward(held.ward_code):
        return held
    today = clock.current_date_in_japan()
    child = registry.people([held.child_id], valid_on=today, today=today).get(held.child_id)
    if child is None or child.protected or not scope.held_of({held.child_id: child}):
        raise Forbidden(OUTSIDE_TEXT, remedy=OUTSIDE_REMEDY)
    return held


def _page(
    request: StaffRequest,
    *,
    ticket: Ticket,
    held: cases.CertificateInHand,
    to_state: cases.CertificateState,
    form: MarkForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    certificate_id = held.certificate.certificate_id
    digest = cases.certificate_digest(certificate_id)
    why = form["why"].value() if form is not None else ""
    fresh = MarkForm(initial={"seen": digest, "why": why}) if form is None or refusal else form
    context = {
        "ticket": ticket,
        "certificate": held.certificate,
        "key": ticket.key_of(certificate_id),
        "is_voiding": to_state is cases.CertificateState.VOIDED,
        "may_mark": held.certificate.state in _steps_to(to_state),
        "steps": cases.certificate_history(certificate_id),
        "form": fresh,
        "refusal": refusal,
    }
    return render(request, "pages/certificate_mark.html", context, status=status)


def _steps_to(to_state: cases.CertificateState) -> frozenset[str]:
    """The states from which a certificate can come to a state; the table of steps says so in the end."""
    issued, voided, replaced = (
        cases.CertificateState.ISSUED, cases.CertificateState.VOIDED, cases.CertificateState.REPLACED,
    )  # fmt: skip
    return frozenset({issued} if to_state is voided else {issued, voided, replaced})
