"""The schedule of renewals (更新処理の予定) on the pages: see it, propose one, confirm it as the second, end it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.renewal import api as renewal
from kyufu.renewal.api import ScheduleState
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.links import opened
from kyufu.web.pages.renewal_forms import EndScheduleForm, ScheduleForm
from kyufu.web.screens import StaffRequest, screen

SCHEDULE = "renewal_schedule"
PURPOSE = "更新処理の予定の確認と変更"


@screen("renewal_schedule", title="更新処理の予定", function=Function.CASE, level=Level.READ, scheme=Scheme.CHILD,
        purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show(request: StaffRequest) -> HttpResponse:
    """Show the schedules, what was planned by them, and what the municipality usually plans."""
    return _page(request)


@screen("renewal_schedule_new", title="更新処理の予定の申し出", function=Function.CASE, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose=PURPOSE)  # fmt: skip
def propose(request: StaffRequest) -> HttpResponse:
    """Propose a schedule; nothing is planned by it before somebody else confirms it."""
    posted = request.method == "POST"
    form = ScheduleForm(request.POST) if posted else ScheduleForm(initial=_usual(request))
    if not posted or not form.is_valid():
        return _new_page(request, form=form, status=INVALID if posted else 200)
    data = form.cleaned_data
    wished = renewal.Rule(
        renewal.RenewalKind(data["kind"]), data["month"], data["day"], data["lead_days"], data["issue_days"],
        data["judges"],
    )  # fmt: skip
    try:
        renewal.propose_schedule(wished, why=data["why"], rights=request.rights, at=clock.current_instant())
    except KyufuError as refusal:
        return _new_page(request, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "予定を申し出ました。本庁の別の決裁者が確認すると有効になります。")
    return redirect("renewal_schedule")


@screen("renewal_schedule_confirm", title="更新処理の予定の確認", function=Function.APPROVAL, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("POST",))  # fmt: skip
def confirm(request: StaffRequest, *, token: str) -> HttpResponse:
    """Confirm a proposed schedule as the second person."""
    number = _number(request, token=token, function=Function.APPROVAL)
    try:
        renewal.confirm_schedule(number, rights=request.rights, at=clock.current_instant())
    except KyufuError as refusal:
        return _page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "確認しました。これからはこの予定で立案します。")
    return redirect("renewal_schedule")


@screen("renewal_schedule_end", title="更新処理の予定をやめる", function=Function.CASE, level=Level.UPDATE,
        scheme=Scheme.CHILD, purpose=PURPOSE)  # fmt: skip
def end(request: StaffRequest, *, token: str) -> HttpResponse:
    """End a schedule, or take a proposed one back, with the reason."""
    number = _number(request, token=token, function=Function.CASE)
    posted = request.method == "POST"
    form = EndScheduleForm(request.POST if posted else None)
    if not posted or not form.is_valid():
        return _end_page(request, number=number, form=form, status=INVALID if posted else 200)
    try:
        renewal.end_schedule(
            number, why=form.cleaned_data["why"], rights=request.rights, at=clock.current_instant()
        )
    except KyufuError as refusal:
        return _end_page(request, number=number, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "予定をやめました。すでに立案したものはそのまま残ります。")
    return redirect("renewal_schedule")


def _number(request: StaffRequest, *, token: str, function: Function) -> int:
    number = int(opened(request, token=token, kind=SCHEDULE))
    if not renewal.may_head(request.rights, function=function, level=Level.UPDATE):
        raise Http404
    return number


def _usual(request: StaffRequest) -> dict[str, Any]:
    """What the municipality usually plans, where the address asks for one of its kinds, as the form begins with it."""
    wished, today = request.GET.get("usual", ""), clock.current_date_in_japan()
    for rule, usual in renewal.usual_rules(settings.KYUFU_MUNICIPALITY, today=today):
        if usual.code == wished:
            return {**rule._asdict(), "why": f"市の標準の予定（{usual.certainty}）"}
    return {}


def _page(request: StaffRequest, *, refusal: KyufuError | None = None, status: int = 200) -> HttpResponse:
    today, rights = clock.current_date_in_japan(), request.rights
    found = renewal.schedules(today=today)
    may_confirm = renewal.may_head(rights, function=Function.APPROVAL, level=Level.UPDATE)
    context = {
        "refusal": refusal,
        "open": [
            (one, may_confirm and one.state is ScheduleState.PROPOSED and one.proposed_by != rights.staff_no)
            for one in found
            if one.state is not ScheduleState.ENDED
        ],
        "ended": [one for one in found if one.state is ScheduleState.ENDED],
        "occasions": renewal.occasions(),
        "usual": renewal.usual_rules(settings.KYUFU_MUNICIPALITY, today=today),
        "may_change": renewal.may_head(rights, function=Function.CASE, level=Level.UPDATE),
        "may_see": renewal.may_head(rights, function=Function.CASE, level=Level.READ),
    }
    return render(request, "pages/renewal_schedule.html", context, status=status)


def _new_page(
    request: StaffRequest, *, form: ScheduleForm, refusal: KyufuError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "refusal": refusal,
        "may_change": renewal.may_head(request.rights, function=Function.CASE, level=Level.UPDATE),
    }
    return render(request, "pages/renewal_schedule_new.html", context, status=status)


def _end_page(
    request: StaffRequest,
    *,
    number: int,
    form: EndScheduleForm,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = clock.current_date_in_japan()
    found = [one for one in renewal.schedules(today=today) if one.schedule_id == number]
    context = {"form": form, "refusal": refusal, "schedule": found[0] if found else None}
    return render(request, "pages/renewal_schedule_end.html", context, status=status)
