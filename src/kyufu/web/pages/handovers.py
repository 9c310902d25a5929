"""The counter's list of cards that were issued and have neither been handed over nor mailed."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.platform import clock
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.links import opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen

PLACE = "handovers"
PAGE = 50


class WaitingLine(NamedTuple):
    """A card that waits, and the child it is for."""

    card: cases.WaitingCard
    child: registry.PersonView | None


@screen(
    "handovers",
    title="手渡し・郵送を待つ医療証",
    function=Function.CERTIFICATE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="医療証の交付",
    menu="申請・届出",
    methods=("GET",),
)
def show_waiting(request: StaffRequest) -> HttpResponse:
    """List the cards in use of the wards that nobody has been given, the oldest first."""
    token = request.GET.get("after", "")
    after = int(opened(request, token=token, kind=PLACE)) if token else 0
    found = documents.certificates_to_hand_over(scope_of(request).wards, limit=PAGE + 1, after=after)
    shown, today = found[:PAGE], clock.current_date_in_japan()
    people = registry.people({one.child_id for one in shown}, valid_on=today, today=today) if shown else {}
    context = {
        "lines": [WaitingLine(one, people.get(one.child_id)) for one in shown],
        "is_first": not after,
        "next_place": shown[-1].certificate_id if len(found) > PAGE else None,
        "page_size": PAGE,
    }
    return render(request, "pages/handovers.html", context)
