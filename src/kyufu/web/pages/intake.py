"""Receive what is handed in at the counter: new, change, loss, re-issue and withdrawal (受付)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.draft_offers import Offer, forget, keep, offered
from kyufu.web.pages.intake_facts import Desk, Notice, desk_of, may_be_child, notices_of
from kyufu.web.pages.intake_forms import (
    ChangeForm,
    IntakeForm,
    LossForm,
    NewForm,
    ReissueForm,
    Section,
    WithdrawalForm,
)
from kyufu.web.pages.intake_summary import Line, summary
from kyufu.web.pages.links import go_to
from kyufu.web.pages.people import Hit, person_on_page
from kyufu.web.pages.stated import Ticket, stated, ticket_of
from kyufu.web.screens import StaffRequest, View, screen

APPLICATION = "application"
PURPOSE = "申請・届出の受付"
CONFIRM, RECEIVE, EDIT = "confirm", "receive", "edit"
CHANGED = "確認の画面を表示したあとに、関係する登録や申請が変わりました。まだ受け付けていません。"
LOOK_AGAIN = "下の内容をもう一度確かめてください。"


class Confirmation(NamedTuple):
    """What will be received, in words; what is noticed, what is against it, what the identity check lacks."""

    lines: Sequence[Line]
    notices: Sequence[Notice]
    against: KyufuError | None
    missing: Sequence[str]
    digest: str


def _publish(code: str, *, title: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    return screen(
        code, title=title, function=Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD, purpose=PURPOSE,
        contractors=True,
    )  # fmt: skip


@_publish("intake_new", title="新規申請の受付")
def receive_new(request: StaffRequest, *, token: str) -> HttpResponse:
    """Receive a new application for a child."""
    return _intake(request, token=token, form_class=NewForm)


@_publish("intake_change", title="異動届の受付")
def receive_change(request: StaffRequest, *, token: str) -> HttpResponse:
    """Receive a change report."""
    return _intake(request, token=token, form_class=ChangeForm)


@_publish("intake_loss", title="喪失届の受付")
def receive_loss(request: StaffRequest, *, token: str) -> HttpResponse:
    """Receive a report that the entitlement ends."""
    return _intake(request, token=token, form_class=LossForm)


@_publish("intake_reissue", title="再交付申請の受付")
def receive_reissue(request: StaffRequest, *, token: str) -> HttpResponse:
    """Receive an application for the card to be issued again."""
    return _intake(request, token=token, form_class=ReissueForm)


@_publish("intake_withdrawal", title="取下書の受付")
def receive_withdrawal(request: StaffRequest, *, token: str) -> HttpResponse:
    """Receive the withdrawal of an application that is still open."""
    return _intake(request, token=token, form_class=WithdrawalForm)


def _intake(request: StaffRequest, *, token: str, form_class: type[IntakeForm]) -> HttpResponse:
    """Ask, have it confirmed, and receive: one address for all three, told apart by what was sent."""
    ticket = ticket_of(request, token=token)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        today = clock.current_date_in_japan()
        if not may_be_child(person, on=today):
            return _choose_child(request, ticket=ticket, person=person)
        desk = desk_of(request, child_id=ticket.person, child=person, today=today)
        if request.method != "POST":
            return _opened(request, ticket=ticket, desk=desk, form_class=form_class)
        return _sent(request, ticket=ticket, form=form_class(request.POST, desk=desk))


def _choose_child(request: StaffRequest, *, ticket: Ticket, person: registry.PersonView) -> HttpResponse:
    """The children of an adult's household, of whom one is chosen first."""
    today = clock.current_date_in_japan()
    people = registry.people(registry.household_ids(ticket.person), valid_on=today, today=today)
    children = [
        Hit(one, ticket._replace(person=found).key)
        for found, one in people.items()
        if found != ticket.person and may_be_child(one, on=today)
    ]
    context = {"ticket": ticket, "person": person, "children": children}
    return render(request, "pages/intake_choose.html", context)


def _opened(
    request: StaffRequest, *, ticket: Ticket, desk: Desk, form_class: type[IntakeForm]
) -> HttpResponse:
    offer = offered(request, key=ticket.key)
    form = form_class(desk=desk, initial=offer.initial(form_class))
    return _page(request, ticket=ticket, form=form, offer=offer)


def _sent(request: StaffRequest, *, ticket: Ticket, form: IntakeForm) -> HttpResponse:
    offer = keep(request, key=ticket.key)
    if not form.is_valid():
        return _page(request, ticket=ticket, form=form, offer=offer, status=422)
    step = request.POST.get("step")
    if step == EDIT:
        return _page(request, ticket=ticket, form=form, offer=offer)
    shown = _confirmation(form)
    if step != RECEIVE:
        return _ask(request, ticket=ticket, form=form, shown=shown)
    if shown.against is None and request.POST.get("confirmed") == shown.digest:
        return _receive(request, ticket=ticket, form=form)
    refusal = shown.against or Refused(CHANGED, remedy=LOOK_AGAIN)
    return _ask(request, ticket=ticket, form=form, shown=shown, refusal=refusal)


def _receive(request: StaffRequest, *, ticket: Ticket, form: IntakeForm) -> HttpResponse:
    """Receive it; where another was quicker after all, say who it was and keep what was typed."""
    filing, missing = form.filing(), form.missing()
    receive = (
        cases.withdraw_application if filing.kind is cases.Kind.WITHDRAWAL else cases.receive_application
    )
    try:
        row = receive(filing, by=request.access.actor, at=clock.current_instant())
    except KyufuError as refusal:
        fresh = desk_of(request, child_id=ticket.person, child=form.desk.child, today=form.desk.today)
        again = type(form)(request.POST, desk=fresh)
        if not again.is_valid():
            return _page(request, ticket=ticket, form=again, refusal=refusal, status=409)
        return _ask(request, ticket=ticket, form=again, shown=_confirmation(again), refusal=refusal)
    forget(request, key=ticket.key)
    messages.success(request, _what_next(row, filing=filing))
    if missing:
        messages.warning(request, f"足りないもの：{''.join(missing)}")
    return go_to(request, code="application", kind=APPLICATION, key=row.application_id)


def _what_next(row: cases.ApplicationRow, *, filing: cases.Filing) -> str:
    if filing.kind is cases.Kind.WITHDRAWAL:
        return f"取下書を受け付けました。受付番号 {row.number}。受付番号 {filing.target_no} の申請を取り下げました。"
    if row.state == cases.ApplicationState.INCOMPLETE:
        return f"補正待ちとして受け付けました。受付番号 {row.number}。次は、足りないものの補正です。"
    return f"受け付けました。受付番号 {row.number}。次は判定です。"


def _confirmation(form: IntakeForm) -> Confirmation:
    """What the form would have received now, with a digest by which a change after it is told."""
    filing = form.filing()
    lines = summary(form, filing=filing)
    notices = notices_of(form.desk, filing=filing)
    against = cases.misfit_of(filing)
    told = repr((filing, lines, notices, str(against)))
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    return Confirmation(lines, notices, against, form.missing(), digest)


def _ask(
    request: StaffRequest,
    *,
    ticket: Ticket,
    form: IntakeForm,
    shown: Confirmation,
    refusal: KyufuError | None = None,
) -> HttpResponse:
    """The second step: what will be received, in words, with everything typed carried along."""
    carried = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    context = {
        "ticket": ticket,
        "shown": shown,
        "carried": carried,
        "refusal": refusal,
        "person": form.desk.child,
    }
    return render(request, "pages/intake_confirm.html", context, status=409 if refusal else 200)


def _page(
    request: StaffRequest,
    *,
    ticket: Ticket,
    form: IntakeForm,
    offer: Offer | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    sections: Sequence[Section] = list(form.sections)
    context = {
        "ticket": ticket, "form": form, "sections": sections, "desk": form.desk, "person": form.desk.child,
        "offer": offer, "refusal": refusal,
    }  # fmt: skip
    return render(request, "pages/intake_form.html", context, status=status)
