"""Contact records (応対記録) of a person: written down, corrected by a new record, finished; never overwritten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Rights, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.contact_forms import ContactForm, FollowUpForm
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.people import person_on_page
from kyufu.web.pages.stated import PERSON, Ticket, stated, ticket_of, ticket_with
from kyufu.web.screens import StaffRequest, screen

CONTACT, CONTACT_PLACE = "contact", "contacts_after"
PAGE = 20
PURPOSE = "応対の記録"


@screen(
    "contacts",
    title="応対記録",
    function=Function.PERSON,
    level=Level.READ,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_list(request: StaffRequest, *, token: str) -> HttpResponse:
    """List the records of a person, newest first, twenty at a time."""
    ticket = ticket_of(request, token=token)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        before = request.GET.get("after", "")
        place = int(opened(request, token=before, kind=CONTACT_PLACE)) if before else None
        found = registry.contacts_of(ticket.person, limit=PAGE + 1, before=place)
        shown = found[:PAGE]
        context = {
            "ticket": ticket,
            "person": person,
            "contacts": shown,
            "is_first": place is None,
            "next_place": shown[-1].contact_id if len(found) > PAGE else None,
            "may_write": _may_write(request),
        }
        return render(request, "pages/contacts.html", context)


@screen("contact_add", title="応対の記録", function=Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD,
        purpose=PURPOSE)  # fmt: skip
def add(request: StaffRequest, *, token: str) -> HttpResponse:
    """Write down who was in touch, about what."""
    ticket = ticket_of(request, token=token)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        form = ContactForm(
            request.POST if request.method == "POST" else None,
            initial={"contacted_on": clock.current_date_in_japan()},
        )
        page: dict[str, Any] = {"ticket": ticket, "person": person}
        if not form.is_valid():
            return _form_page(request, form=form, status=INVALID if form.is_bound else 200, **page)
        registry.record_contact(
            form.contact(),
            addressee_id=ticket.person,
            ward_code=own_ward(request.rights),
            by=request.access.actor,
            at=clock.current_instant(),
        )
    messages.success(request, "応対を記録しました。")
    return _back(request, ticket=ticket)


@screen("contact_correct", title="応対記録の訂正", function=Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD,
        purpose=PURPOSE)  # fmt: skip
def correct(request: StaffRequest, *, token: str) -> HttpResponse:
    """Write down what a record should have said; the former one stays and is marked as corrected."""
    ticket, contact_id = ticket_with(request, token=token, kind=CONTACT)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        page: dict[str, Any] = {"ticket": ticket, "person": person_on_page(request, ticket=ticket)}
        former = registry.contact_by_id(contact_id)
        form = ContactForm(request.POST if request.method == "POST" else None, initial=_as_written(former))
        if not form.is_valid():
            status = INVALID if form.is_bound else 200
            return _form_page(request, form=form, status=status, former=former, **page)
        try:
            registry.correct_contact(
                form.contact(),
                corrects=contact_id,
                ward_code=own_ward(request.rights),
                by=request.access.actor,
                at=clock.current_instant(),
            )
        except Refused as refusal:
            return _form_page(request, form=form, status=CONFLICT, former=former, refusal=refusal, **page)
    messages.success(request, "訂正を記録しました。訂正前の記録も残っています。")
    return _back(request, ticket=ticket)


@screen("contact_done", title="後で行うことの完了", function=Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD,
        purpose=PURPOSE)  # fmt: skip
def finish(request: StaffRequest, *, token: str) -> HttpResponse:
    """Write down that what was to be done later is done."""
    ticket, contact_id = ticket_with(request, token=token, kind=CONTACT)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        page: dict[str, Any] = {"ticket": ticket, "person": person_on_page(request, ticket=ticket)}
        former = registry.contact_by_id(contact_id)
        form = FollowUpForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            status = INVALID if form.is_bound else 200
            return _form_page(request, form=form, status=status, former=former, **page)
        try:
            registry.finish_follow_up(
                contact_id,
                note=form.cleaned_data["note"],
                by=request.access.actor,
                at=clock.current_instant(),
            )
        except Refused as refusal:
            return _form_page(request, form=form, status=CONFLICT, former=former, refusal=refusal, **page)
    messages.success(request, "完了を記録しました。")
    return _back(request, ticket=ticket)


def own_ward(rights: Rights) -> str:
    """The ward of the office where somebody is posted; empty for one of no ward."""
    return next((one.ward_code for one in rights.held if one.office == rights.office_code), "")


def _may_write(request: StaffRequest) -> bool:
    return request.rights.may(Function.CASE, level=Level.UPDATE, scheme=Scheme.CHILD)


def _as_written(former: registry.ContactSeen) -> dict[str, Any]:
    """The fields of a record; what is finished is not to be done again."""
    fields = {name: getattr(former, name) for name in registry.NewContact._fields}
    return fields | ({"follow_up_on": None} if former.finished else {})


def _back(request: StaffRequest, *, ticket: Ticket) -> HttpResponse:
    return go_to(request, code="person", kind=PERSON, key=ticket.key)


def _form_page(
    request: StaffRequest,
    *,
    form: PageForm,
    status: int,
    ticket: Ticket,
    person: registry.PersonView,
    former: registry.ContactSeen | None = None,
    refusal: KyufuError | None = None,
) -> HttpResponse:
    context = {"form": form, "ticket": ticket, "person": person, "former": former, "refusal": refusal}
    return render(request, "pages/contact_form.html", context, status=status)
