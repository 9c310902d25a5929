"""Look up a person, and the page of one: household, entitlement, cases, evidence and letters."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.evidence import api as evidence
from kyufu.law.income.evidence import IncomeEvidence
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.evidence_links import evidence_links
from kyufu.web.pages.forms import PersonSearchForm
from kyufu.web.pages.scope import Scope, scope_of
from kyufu.web.pages.stated import Ticket, stated, ticket_of
from kyufu.web.screens import StaffRequest, screen


class Hit(NamedTuple):
    """A person on a list, with the sealed ticket of the page; `is_self` marks the one the page is about."""

    person: registry.SearchHit | registry.PersonView
    key: str
    is_self: bool = False


class IncomeLine(NamedTuple):
    """Income evidence with the sum of its incomes, yen."""

    evidence: IncomeEvidence
    total: int


class ApplicationLine(NamedTuple):
    """An application on the person's page, and whether its page may be opened."""

    row: cases.ApplicationRow
    may_open: bool


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
        return render(request, "pages/person.html", _person(request, ticket=ticket))


def person_on_page(request: StaffRequest, *, ticket: Ticket) -> registry.PersonView:
    """The person of a ticket as registered today; raises Http404 for nobody, Refused outside the right's offices."""
    today = clock.current_date_in_japan()
    person = registry.people([ticket.person], valid_on=today, today=today).get(ticket.person)
    if person is None:
        raise Http404
    scope_of(request).require_person(ticket.person, person=person)
    return person


def _person(request: StaffRequest, *, ticket: Ticket) -> dict[str, Any]:
    person = person_on_page(request, ticket=ticket)
    return {
        "ticket": ticket,
        "person": person,
        "today": clock.current_date_in_japan(),
        "may_reveal": request.rights.may(Function.PROTECTED, level=Level.READ),
        "may_number": request.rights.may(Function.NUMBER, level=Level.UPDATE),
        "may_number_display": request.rights.may(Function.NUMBER_DISPLAY, level=Level.READ),
        "household": _household(ticket),
        "entitlements": cases.entitlements_of([ticket.person]).get(ticket.person, ()),
        "applications": _applications(request, person=ticket.person),
        "certificates": cases.certificates_of([ticket.person]),
        "letters": documents.pages_to(ticket.person),
        **_evidence(ticket.person),
        **evidence_links(request),
    }


def _household(ticket: Ticket) -> list[Hit]:
    today = clock.current_date_in_japan()
    members = registry.household_ids(ticket.person)
    people = registry.people(members, valid_on=today, today=today)
    return [
        Hit(people[one], ticket._replace(person=one).key, is_self=one == ticket.person)
        for one in members
        if one in people
    ]


def _applications(request: StaffRequest, *, person: int) -> list[ApplicationLine]:
    scope = scope_of(request, function=Function.CASE)
    return [
        ApplicationLine(row, scope.holds_ward(row.ward_code)) for row in cases.applications_about([person])
    ]


def _evidence(person: int) -> dict[str, Any]:
    ids = [person]
    return {
        "incomes": [IncomeLine(one, sum(one.incomes)) for one in evidence.income_of(ids)[person]],
        "insurances": evidence.insurance_details_of(ids)[person],
        "assistances": evidence.public_assistance_of(ids)[person],
        "other_schemes": evidence.other_schemes_of(ids)[person],
    }
