"""A change of parameters: proposed by one with source and reason, its effect shown, approved by another."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.law.calendar.wareki import format_wareki
from kyufu.law.child import check_overlay
from kyufu.law.parameters.wording import names_of, say_column, say_name
from kyufu.ordinance import api as ordinance
from kyufu.ordinance.api import BadWish, ChangeSet, EstimateSeen, Place
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, KyufuError, Refused
from kyufu.runs import api as runs
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.effects import effect_shown
from kyufu.web.pages.forms import PageForm, ReasonForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.parameter_forms import (
    MOST_CHANGES,
    ChangeForm,
    ConfirmChangeForm,
    EstimateForm,
    ProposalForm,
    change_forms,
    file_names,
    show_refusal,
)
from kyufu.web.pages.parameters import PARAMETER, key_of
from kyufu.web.screens import StaffRequest, screen

PURPOSE = "基準値の変更"
PROPOSAL = "proposal"
LOOK_AGAIN = "入力した内容は残してあります。今の値を確かめてから、もう一度申し出てください。"
CHANGED_MEANWHILE = "入力している間に、別の変更が承認されました。"


@screen("parameter_propose", title="基準値の変更の申し出", function=Function.PARAMETERS, level=Level.UPDATE,
        purpose=PURPOSE)  # fmt: skip
def propose(request: StaffRequest, *, token: str) -> HttpResponse:
    """Ask for changes of dated values, beginning with one; another person approves them."""
    places, version = _places(), _version()
    first = next((one for one in places if key_of(one) == opened(request, token=token, kind=PARAMETER)), None)
    if first is None:
        raise Http404
    if request.method != "POST":
        proposal = ProposalForm(initial={"rows": 1, "version": version})
        return _form_page(request, proposal=proposal, rows=change_forms(places, rows=1, first=first))
    proposal = ProposalForm(request.POST)
    number = _rows(request)
    rows = change_forms(places, rows=number, data=request.POST)
    if "add" in request.POST:
        return _one_more(request, places=places, number=number)
    if not (proposal.is_valid() & all([row.is_valid() for row in rows])):  # noqa: C419 - every form tells its faults
        return _form_page(request, proposal=proposal, rows=rows, status=INVALID)
    if proposal.cleaned_data["version"] != version:
        again = ProposalForm({**request.POST.dict(), "version": version})
        return _form_page(request, proposal=again, rows=rows, refusal=_changed_meanwhile(), status=CONFLICT)
    return _proposed(request, proposal=proposal, rows=rows)


def _proposed(request: StaffRequest, *, proposal: ProposalForm, rows: list[ChangeForm]) -> HttpResponse:
    try:
        number = ordinance.propose_change(
            [row.wish() for row in rows], municipality=settings.KYUFU_MUNICIPALITY,
            reason=proposal.cleaned_data["reason"],
            by=request.access.actor, at=clock.current_instant(),
        )  # fmt: skip
    except BadWish as refusal:
        show_refusal(refusal, forms_shown=rows, proposal=proposal)
        return _form_page(request, proposal=proposal, rows=rows, status=INVALID)
    except KyufuError as refusal:
        return _form_page(request, proposal=proposal, rows=rows, refusal=refusal, status=CONFLICT)
    messages.success(request, "変更を申し出ました。影響を試算したあと、別の職員が承認します。")
    return go_to(request, code="parameter_change", kind=PROPOSAL, key=number)


@screen("parameter_change", title="基準値の変更の申し出", function=Function.PARAMETERS, level=Level.UPDATE,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a proposed change as its proposer saw it, with the estimate of its effect."""
    return _page(request, found=_found(request, token=token))


@screen("parameter_change_confirm", title="基準値の変更の承認", function=Function.PARAMETERS, level=Level.UPDATE,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def confirm(request: StaffRequest, *, token: str) -> HttpResponse:
    """Approve what was shown as the second person, estimate included; it takes effect from its first day on."""
    found = _found(request, token=token)
    form = ConfirmChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, found=found, form=form, status=INVALID)
    try:
        with transaction.atomic():
            _refuse_other_estimate(found, seen=form.cleaned_data["estimate"])
            ordinance.confirm_change(
                found.proposed.proposal_id, seen=form.cleaned_data["seen"], rights=request.rights,
                at=clock.current_instant(),
            )  # fmt: skip
    except KyufuError as refusal:
        return _page(request, found=found, refusal=refusal, status=CONFLICT)
    first = min(change.period.start for change in found.changes)
    messages.success(
        request,
        f"承認しました。{format_wareki(first)}から適用されます。判定済みの申請は、判定し直すまで変わりません。",
    )
    return redirect(reverse("parameters"))


@screen("parameter_change_estimate", title="基準値の変更の影響試算", function=Function.PARAMETERS, level=Level.UPDATE,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def estimate(request: StaffRequest, *, token: str) -> HttpResponse:
    """Have the effect of a proposed change estimated in the background."""
    found = _found(request, token=token)
    if not runs.may_handle(runs.ESTIMATE, rights=request.rights):
        raise Http404
    form = EstimateForm(request.POST)
    if not form.is_valid():
        return _page(request, found=found, estimate_form=form, status=INVALID)
    on = form.cleaned_data["on"]
    try:
        ordinance.check_estimable(found, on=on)
        runs.start_run(
            runs.ESTIMATE, rights=request.rights, at=clock.current_instant(),
            arguments={ordinance.PROPOSAL: str(found.proposed.proposal_id), "on": on.isoformat()},
        )  # fmt: skip
    except BadInput as refusal:
        form.add_error("on", f"{refusal.message}{refusal.remedy}")
        return _page(request, found=found, estimate_form=form, status=INVALID)
    except KyufuError as refusal:
        return _page(request, found=found, estimate_form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "影響試算を始めました。この画面を離れても、処理は続きます。")
    return go_to(request, code="parameter_change", kind=PROPOSAL, key=found.proposed.proposal_id)


def _found(request: StaffRequest, *, token: str) -> ChangeSet:
    number = int(opened(request, token=token, kind=PROPOSAL))
    found = ordinance.find_change_set(number, at=clock.current_instant())
    if found is None:
        raise Http404
    return found


def _page(
    request: StaffRequest,
    *,
    found: ChangeSet,
    form: PageForm | None = None,
    estimate_form: EstimateForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    estimate = ordinance.latest_estimate(found)
    first_day = min(change.period.start for change in found.changes)
    is_own = found.proposed.proposed_by.staff_id == request.rights.staff_no
    context = {
        "found": found,
        "files": file_names(),
        "estimate": estimate,
        "estimate_mark": _mark(estimate),
        "effect": effect_shown(estimate) if estimate is not None and estimate.counts else None,
        "is_own": is_own,
        "may_confirm": not is_own and not found.misfit and estimate is not None and estimate.is_present,
        "idle": _idle(found, estimate=estimate),
        "run": _run_of(found),
        "may_estimate": runs.may_handle(runs.ESTIMATE, rights=request.rights),
        "estimate_form": estimate_form or EstimateForm(initial={"on": first_day}),
        "reason_form": ReasonForm(),
        "form": estimate_form or form,
        "refusal": refusal,
        "first_day": first_day,
    }
    return render(request, "pages/parameter_change.html", context, status=status)


def _run_of(found: ChangeSet) -> runs.RunSeen | None:
    """The latest run that estimates this proposal."""
    argument = (ordinance.PROPOSAL, str(found.proposed.proposal_id))
    return runs.latest_run(runs.ESTIMATE, argument=argument, at=clock.current_instant())


def _idle(found: ChangeSet, *, estimate: EstimateSeen | None) -> list[str]:
    """The lines that do not hold on the day of the estimate, so that it says nothing of them."""
    if estimate is None:
        return []
    told = found.in_force_on(estimate.judged_on)
    return [line.name for line in found.lines if line not in told]


def _mark(estimate: EstimateSeen | None) -> str:
    """What tells one estimate from another: when it began and who was judged."""
    return "" if estimate is None else f"{estimate.begun_at.isoformat()}-{estimate.base_hash[:16]}"


def _refuse_other_estimate(found: ChangeSet, *, seen: str) -> None:
    if seen != _mark(ordinance.latest_estimate(found)):
        raise Refused("影響試算がやり直されています。", remedy="新しい結果を確かめてから承認してください。")


def _changed_meanwhile() -> Refused:
    """What a second clerk is told: which value was changed, by whom and when."""
    changes = ordinance.confirmed_overlay(settings.KYUFU_MUNICIPALITY).changes
    if not changes:
        return Refused("入力している間に、配布された基準値が入れ替わりました。", remedy=LOOK_AGAIN)
    last = Place(*changes[-1][:4])
    row = ordinance.history_of(last, municipality=settings.KYUFU_MUNICIPALITY)[0]
    told = (
        f"{row.name}（{row.confirmed_by.office} {row.confirmed_by.name}が"
        f"{format_wareki(row.confirmed_at.astimezone(clock.JAPAN).date())}に承認）"
    )
    return Refused(
        f"{CHANGED_MEANWHILE}{told}",
        remedy=LOOK_AGAIN,
    )


def _version() -> str:
    """What a form was made from; the number of changes too, for what is only printed has no part in the version."""
    overlay = ordinance.confirmed_overlay(settings.KYUFU_MUNICIPALITY)
    return f"{check_overlay(settings.KYUFU_MUNICIPALITY, overlay=overlay)}-{len(overlay.changes)}"


def _places() -> dict[Place, str]:
    """Every value that may change, with its name and what holds last."""
    found = ordinance.changeable_places(
        settings.KYUFU_MUNICIPALITY, overlay=ordinance.confirmed_overlay(settings.KYUFU_MUNICIPALITY)
    )
    names = names_of(ordinance.present_entries(settings.KYUFU_MUNICIPALITY))
    return {
        place: f"{say_name(entry, column=place.column)}（いま {say_column(entry, column=place.column, names=names)}）"
        for place, entry in found.items()
    }


def _rows(request: StaffRequest) -> int:
    typed = request.POST.get("rows", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 1 else 1
    return min(max(number, 1), MOST_CHANGES)


def _one_more(request: StaffRequest, *, places: dict[Place, str], number: int) -> HttpResponse:
    """The same form with room for one more change, and everything that was typed."""
    more = min(number + 1, MOST_CHANGES)
    typed: dict[str, Any] = request.POST.dict()
    kept = {name: typed.get(name, "") for name in ("version", "reason")}
    proposal = ProposalForm(initial={**kept, "rows": more})
    rows = change_forms(places, rows=more)
    for row in rows:
        row.initial = {name: typed.get(row.add_prefix(name), "") for name in row.fields}
    return _form_page(request, proposal=proposal, rows=rows)


def _form_page(
    request: StaffRequest,
    *,
    proposal: ProposalForm,
    rows: list[ChangeForm],
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "proposal_form": proposal,
        "rows": rows,
        "forms": [proposal, *rows],
        "has_errors": any(one.is_bound and one.errors for one in (proposal, *rows)),
        "may_add": len(rows) < MOST_CHANGES,
        "refusal": refusal,
    }
    return render(request, "pages/parameter_propose.html", context, status=status)
