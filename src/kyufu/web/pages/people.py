"""Look up a person, and the page of one: household, entitlement, cases, evidence and letters."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.forms import PersonSearchForm
from kyufu.web.pages.person_page import Subject, page_of
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.pages.stated import Ticket, stated, ticket_of
from kyufu.web.screens import StaffRequest, screen


class Hit(NamedTuple):
    """A person on a list, with the sealed ticket of the page; `is_self` marks the one the page is about."""

    person: registry.SearchHit | registry.PersonView
    key: str
    is_self: bool = False


@screen(
    "people",
    title="個人の検索",
    function=Function.PERSON,
    level=Level.READ,
    purpose="個人の検索",
    menu="個人",
    contractors=True,
)
def search(request: StaffRequest) -> HttpResponse:
    """Look a person up by name, reading, alias or addressee number, for a stated purpose."""
    if request.method != "POST":
        return render(request, "pages/people.html", {"form": PersonSearchForm()})
    form = PersonSearchForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/people.html", {"form": form}, status=422)
    data = form.cleaned_data
    with stated(request, purpose=form.purpose_label(), case_no=data["case_no"]):
        found = _found(
            data["text"], purpose=data["purpose"], case_no=data["case_no"], scope=scope_of(request)
        )
        return render(request, "pages/people.html", {"form": form, "searched": True, **found})


def _found(text: str, *, purpose: str, case_no: str, scope: Scope) -> dict[str, Any]:
    today = clock.current_date_in_japan()
    hits = registry.search_people(text, today=today)
    people = registry.people([hit.addressee_id for hit in hits], valid_on=today, today=today)
    held = scope.held_of(people)
    inside = [hit for hit in hits if hit.addressee_id in held]
    return {
        "hits": [Hit(hit, Ticket(hit.addressee_id, purpose, case_no).key) for hit in inside],
        "out_of_scope": len(hits) - len(inside),
        "too_many": len(hits) >= registry.SEARCH_LIMIT,
    }


@screen(
    "person",
    title="個人",
    function=Function.PERSON,
    level=Level.READ,
    purpose="個人の確認",
    methods=("GET",),
    contractors=True,
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show all that is known of a person, under the purpose stated at the search."""
    ticket = ticket_of(request, token=token)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        subject = Subject(ticket, person_on_page(request, ticket=ticket), clock.current_date_in_japan())
        context = {
            **page_of(request, subject=subject),
            "may_reveal": request.rights.may(Function.PROTECTED, level=Level.READ),
            "may_number": request.rights.may(Function.NUMBER, level=Level.UPDATE),
            "may_number_display": request.rights.may(Function.NUMBER_DISPLAY, level=Level.READ),
        }
        return render(request, "pages/person.html", context)


def person_on_page(request: StaffRequest, *, ticket: Ticket) -> registry.PersonView:
    """The person of a ticket as registered today; raises Http404 for nobody, Refused outside the right's offices."""
    today = clock.current_date_in_japan()
    person = registry.people([ticket.person], valid_on=today, today=today).get(ticket.person)
    if person is None:
        raise Http404
    scope_of(request).require_person(ticket.person, person=person)
    return person
