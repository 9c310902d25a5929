"""The first page after sign-in: what waits, for whom, and how long one's own rights last."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.template.response import TemplateResponse

from kyufu.audit import api as audit
from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen


class Waiting(NamedTuple):
    """How many applications stand in a state that waits for somebody."""

    state: cases.ApplicationState
    total: int


@screen(
    "home",
    title="ホーム",
    function=None,
    level=Level.NONE,
    purpose="業務の開始",
    contractors=True,
    methods=("GET",),
)
def show_home(request: StaffRequest) -> HttpResponse:
    """Show the own work: applications, what waits for a second person, reviews, and the own rights."""
    context = {
        "waiting": _waiting(request),
        "proposals": waiting_proposals(request),
        "reviews": audit.reviews_to_answer(request.rights.staff_no),
        "grants": _own_grants(request),
    }
    return TemplateResponse(request, "pages/home.html", context)


def waiting_proposals(request: StaffRequest) -> list[staff.Proposed]:
    """What waits for this person as the second one: by right, and not proposed by them."""
    return [
        one
        for one in staff.open_proposals(at=clock.current_instant())
        if one.proposed_by.staff_id != request.rights.staff_no
        and request.rights.may(staff.NEEDS[one.kind], level=Level.UPDATE)
    ]


def _waiting(request: StaffRequest) -> list[Waiting] | None:
    """The open applications of the offices by state; None for those who may not see cases."""
    scope = scope_of(request, function=Function.CASE, level=Level.READ)
    if not scope.wards:
        return None
    counts = cases.state_counts_in(scope.wards)
    return [Waiting(one, counts.get(one, 0)) for one in cases.ApplicationState if one in cases.OPEN_STATES]


def _own_grants(request: StaffRequest) -> list[staff.GrantSeen]:
    today = clock.current_date_in_japan()
    return [
        grant
        for grant in staff.current_grants(request.rights.account_id, on=today)
        if grant.state is staff.GrantState.CONFIRMED and grant.valid_from <= today
    ]
