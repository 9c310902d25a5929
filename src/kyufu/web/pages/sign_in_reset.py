"""The second person's yes to a reset of somebody's sign-in: the temporary password comes once, in this answer."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Proposed
from kyufu.web.screens import StaffRequest
from kyufu.web.signin.records import record_reset

KIND = ProposalKind.SIGN_IN_RESET


@sensitive_variables()
def carry_out(request: StaffRequest, *, proposal: Proposed, seen: str) -> HttpResponse:
    """Confirm and show the password, which nothing may keep; raises Refused where it may not be carried out."""
    with transaction.atomic():
        done = staff.confirm_reset(
            proposal.proposal_id, seen=seen, rights=request.rights, at=clock.current_instant()
        )
        record_reset(done, proposed_by=proposal.proposed_by.staff_id)
        context = {"done": done, "proposal": proposal}
        answer = render(request, "pages/sign_in_reset.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
