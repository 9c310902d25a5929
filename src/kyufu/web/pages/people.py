"""The page of a person: household, entitlement, cases, evidence and letters."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.person_page import Subject, page_of
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.stated import Ticket, stated, ticket_of
from kyufu.web.screens import StaffRequest, screen


class Hit(NamedTuple):
    """A person on a list, with the sealed ticket of the page; `is_self` marks the one the page is about."""

    person: registry.SearchHit | registry.PersonView
    key: str
    is_self: bool = False


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
