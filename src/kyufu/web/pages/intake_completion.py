"""Complete an application that waits for completion (補正): the identity check and the papers that were missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.draft_offers import Offer, forget, keep, offered
from kyufu.web.pages.intake_facts import moment_words
from kyufu.web.pages.intake_forms import CompleteForm
from kyufu.web.pages.intake_papers import papers
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen

APPLICATION = "application"


@screen(
    "intake_complete",
    title="補正の受付",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="申請・届出の補正",
    contractors=True,
)
def complete(request: StaffRequest, *, token: str) -> HttpResponse:
    """Record what was missing; the application goes on to be judged."""
    row = cases.application_by_id(int(opened(request, token=token, kind=APPLICATION)))
    scope_of(request).require_ward(row.ward_code)
    key = str(row.application_id)
    if request.method != "POST":
        _refuse_unless_waiting(row)
        offer = offered(request, key=key)
        form = CompleteForm(initial=offer.initial(CompleteForm))
        return _page(request, row=row, form=form, offer=offer)
    offer = keep(request, key=key)
    form = CompleteForm(request.POST)
    form.offer_papers(papers(cases.Kind(row.kind), on=clock.current_date_in_japan()))
    if not form.is_valid():
        return _page(request, row=row, form=form, offer=offer, status=422)
    try:
        _record(request, row=row, form=form)
    except KyufuError as refusal:
        return _page(request, row=row, form=form, offer=offer, refusal=refusal, status=409)
    forget(request, key=key)
    messages.success(request, f"補正を受け付けました。受付番号 {row.number}。次は判定です。")
    return go_to(request, code="application", kind=APPLICATION, key=row.application_id)


def _record(request: StaffRequest, *, row: cases.ApplicationRow, form: CompleteForm) -> None:
    """Complete the application; raises Refused naming who was quicker, or what the check still lacks."""
    _refuse_unless_waiting(row)
    by, today = request.access.actor, clock.current_date_in_japan()
    identity = form.identity(by=by, today=today)
    if identity is None:
        raise Refused(
            "本人確認がまだ記録されていません。",
            remedy="番号確認・身元確認の書類と、確かめた形を選んでください。",
        )
    cases.complete_application(
        row.application_id,
        identity=identity,
        documents=form.documents(),
        received_on=form.cleaned_data["received_on"],
        by=by,
        at=clock.current_instant(),
    )


def _refuse_unless_waiting(row: cases.ApplicationRow) -> None:
    if row.state == cases.ApplicationState.INCOMPLETE:
        return
    last = cases.application_history(row.application_id)[-1]
    state = cases.japanese(cases.ApplicationState(row.state))
    when = moment_words(last.at, today=clock.current_date_in_japan())
    raise Refused(
        f"補正待ちの申請ではありません。{last.actor_office} {last.actor_name} が {when} に「{state}」にしました。",
        remedy="申請の画面を開いて、いまの状態を確かめてください。",
    )


def _page(
    request: StaffRequest,
    *,
    row: cases.ApplicationRow,
    form: CompleteForm,
    offer: Offer,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = clock.current_date_in_japan()
    form.offer_papers(papers(cases.Kind(row.kind), on=today))
    context = {
        "row": row,
        "form": form,
        "offer": offer,
        "refusal": refusal,
        "person": registry.people([row.child_id], valid_on=today, today=today).get(row.child_id),
        "why": cases.application_history(row.application_id)[-1].why,
    }
    return render(request, "pages/intake_complete.html", context, status=status)
