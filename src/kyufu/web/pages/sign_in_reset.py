"""The second person's yes to a reset of somebody's sign-in: the temporary password comes once, in this answer."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

from kyufu.audit.api import EventKind, record_event
from kyufu.platform import clock
from kyufu.staff import api as staff
from kyufu.staff.api import ProposalKind, Proposed
from kyufu.web.screens import StaffRequest

KIND = ProposalKind.SIGN_IN_RESET


@sensitive_variables()
def carry_out(request: StaffRequest, *, proposal: Proposed, seen: str) -> HttpResponse:
    """Confirm and show the password, which nothing may keep; raises Refused where it may not be carried out."""
    with transaction.atomic():
        done = staff.confirm_reset(
            proposal.proposal_id, seen=seen, rights=request.rights, at=clock.current_instant()
        )
        _record(done, proposed_by=proposal.proposed_by.staff_id)
        context = {"done": done, "proposal": proposal}
        answer = render(request, "pages/sign_in_reset.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _record(done: staff.Reset, *, proposed_by: str) -> None:
    whose = {"職員番号": done.staff_no, "申し出た職員": proposed_by}
    said = {"操作": "サインインの再設定", **whose}
    record_event(EventKind.CONFIRMED, detail=said)
    record_event(EventKind.PASSWORD_CHANGED, detail={"操作": "仮のパスワード", **whose})
    record_event(
        EventKind.SECOND_FACTOR_CHANGED, detail={"操作": "すべて削除", "件数": str(done.factors), **whose}
    )
