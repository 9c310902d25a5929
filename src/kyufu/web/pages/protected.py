"""The address of a protected person (支援措置): by a right of its own, a proof of who asks, and a stated reason."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.platform import clock
from kyufu.platform.access import Opening
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.people import person_on_page
from kyufu.web.pages.stated import ticket_of
from kyufu.web.screens import StaffRequest, screen


@screen(
    "protected_address",
    title="支援措置対象者の住所",
    function=Function.PROTECTED,
    level=Level.READ,
    purpose="支援措置対象者の住所の確認",
    opens=Opening.PROTECTED_ADDRESS,
)
def show_protected_address(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show where a protected person lives and where letters go; the answer is not to be kept anywhere."""
    ticket = ticket_of(request, token=token)
    today = clock.current_date_in_japan()
    person = person_on_page(request, ticket=ticket)
    found = registry.protected_address(ticket.person, on=today, today=today)
    sent_to = None if isinstance(found.sent_to, registry.AddressWithheld) else found.sent_to
    context = {"ticket": ticket, "person": person, "registered": found.registered, "sent_to": sent_to}
    answer = render(request, "pages/protected_address.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
