"""What waits for a second person: shown as the first one saw it, confirmed where this program carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.staff import api as staff
from kyufu.staff.api import Level, ProposalKind
from kyufu.web.pages import second_look, sign_in_reset
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.forms import DecideForm, PageForm, ReasonForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.screens import StaffRequest, screen
from kyufu.web.signin import gate

PROPOSAL = "proposal"
PURPOSE = "二人目の確認"
CARRIED_OUT = frozenset({second_look.KIND, sign_in_reset.KIND})
# What else is confirmed is carried out in the same transaction, by the command or batch that knows how.
ELSEWHERE = Refused(
    "この種類の申し出は、この画面では確認できません。", remedy="担当の処理の中で確認してください。"
)


@screen("proposals", title="二人目の確認", function=None, level=Level.NONE, purpose=PURPOSE,
        menu="確認", methods=("GET",))  # fmt: skip
def show_list(request: StaffRequest) -> HttpResponse:
    """List what waits: for this person as the second one, and what this person proposed."""
    rows = staff.open_proposals(at=clock.current_instant())
    own = request.rights.staff_no
    context = {
        "waiting": [one for one in rows if one.proposed_by.staff_id != own and _may_confirm(request, one)],
        "own": [one for one in rows if one.proposed_by.staff_id == own],
    }
    return render(request, "pages/proposals.html", context)


@screen("proposal", title="確認待ちの申し出", function=None, level=Level.NONE, purpose=PURPOSE,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a proposal exactly as it was proposed; one that opens an account needs a fresh proof of who confirms."""
    proposal = _proposal(request, token=token)
    if proposal.kind is ProposalKind.PARAMETERS and _may_confirm(request, proposal):
        return go_to(request, code="parameter_change", kind=PROPOSAL, key=proposal.proposal_id)
    if _lacks_proof(request, proposal=proposal):
        return gate.ask_for_proof(request)
    return _page(request, proposal=proposal)


@screen(
    "proposal_confirm",
    title="申し出の確認",
    function=None,
    level=Level.NONE,
    purpose=PURPOSE,
    methods=("POST",),
)
def confirm(request: StaffRequest, *, token: str) -> HttpResponse:
    """Confirm what was seen as the second person, where a page carries it out."""
    proposal = _proposal(request, token=token)
    form = DecideForm(request.POST)
    if proposal.kind not in CARRIED_OUT:
        return _page(request, proposal=proposal, refusal=ELSEWHERE, status=CONFLICT)
    if not form.is_valid():
        return _page(request, proposal=proposal, form=form, status=INVALID)
    if proposal.kind is sign_in_reset.KIND:
        return _reset(request, proposal=proposal, seen=form.cleaned_data["seen"])

    def act() -> None:
        second_look.confirm_display(request, proposal=proposal, seen=form.cleaned_data["seen"])

    return _done(request, proposal=proposal, act=act, said="確認", kind=EventKind.CONFIRMED)


def _reset(request: StaffRequest, *, proposal: staff.Proposed, seen: str) -> HttpResponse:
    if _lacks_proof(request, proposal=proposal):
        return go_to(request, code="proposal", kind=PROPOSAL, key=proposal.proposal_id)
    try:
        return sign_in_reset.carry_out(request, proposal=proposal, seen=seen)
    except KyufuError as refusal:
        return _page(request, proposal=proposal, refusal=refusal, status=CONFLICT)


@screen("proposal_refuse", title="申し出の却下", function=None, level=Level.NONE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def refuse(request: StaffRequest, *, token: str) -> HttpResponse:
    """Refuse a proposal as the second person, with the reason."""
    proposal = _proposal(request, token=token)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal=proposal, form=form, status=INVALID)

    def act() -> None:
        why = form.cleaned_data["reason"]
        staff.refuse_proposal(
            proposal.proposal_id, rights=request.rights, at=clock.current_instant(), why=why
        )

    return _done(request, proposal=proposal, act=act, said="却下", kind=EventKind.DECLINED)


@screen("proposal_withdraw", title="申し出の取下げ", function=None, level=Level.NONE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def withdraw(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take the own proposal back."""
    proposal = _proposal(request, token=token)

    def act() -> None:
        staff.withdraw(proposal.proposal_id, by=request.access.actor, at=clock.current_instant())

    return _done(request, proposal=proposal, act=act, said="取下げ", kind=EventKind.DECLINED)


def _done(
    request: StaffRequest, *, proposal: staff.Proposed, act: Callable[[], None], said: str, kind: EventKind
) -> HttpResponse:
    detail = {"操作": said, "種類": staff.PROPOSAL_NAMES[proposal.kind], "件名": proposal.subject}
    refusal = attempt(act, kind=kind, detail=detail)
    if refusal is not None:
        return _page(request, proposal=proposal, refusal=refusal, status=CONFLICT)
    messages.success(request, f"{said}をしました。")
    return redirect(reverse("proposals"))


def _proposal(request: StaffRequest, *, token: str) -> staff.Proposed:
    """The proposal of an address, for its proposer and for those who may be the second person; Http404 else."""
    proposal_id = int(opened(request, token=token, kind=PROPOSAL))
    found = staff.find_proposal(proposal_id, at=clock.current_instant())
    if found is None or not (_may_confirm(request, found) or _is_own(request, found)):
        raise Http404
    return found


def _may_confirm(request: StaffRequest, proposal: staff.Proposed) -> bool:
    return request.rights.may(staff.NEEDS[proposal.kind], level=Level.UPDATE)


def _lacks_proof(request: StaffRequest, *, proposal: staff.Proposed) -> bool:
    """Must the second person prove again who they are? Whoever confirms a reset is handed a way into an account."""
    is_reset = proposal.kind is sign_in_reset.KIND
    return is_reset and not _is_own(request, proposal) and not gate.has_fresh_proof(request)


def _is_own(request: StaffRequest, proposal: staff.Proposed) -> bool:
    return proposal.proposed_by.staff_id == request.rights.staff_no


def _page(
    request: StaffRequest,
    *,
    proposal: staff.Proposed,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    if proposal.kind is second_look.KIND:
        second_look.note_shown(proposal)
    content: Mapping[str, Any] = proposal.content
    context = {
        "proposal": proposal,
        "content": sorted(content.items()),
        "is_own": _is_own(request, proposal),
        "carried_out": proposal.kind in CARRIED_OUT,
        "form": form,
        "reason_form": form if isinstance(form, ReasonForm) else ReasonForm(),
        "refusal": refusal,
    }
    return render(request, "pages/proposal.html", context, status=status)
