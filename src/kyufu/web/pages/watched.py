"""The list of people in the public eye (著名人など), whose every reading is reviewed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.audit import api as audit
from kyufu.audit.api import EventKind
from kyufu.law.calendar.period import ONE_DAY
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.audit_forms import WatchForm
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.log import MENU
from kyufu.web.pages.rights_forms import EndDayForm
from kyufu.web.screens import StaffRequest, screen

WATCHED = "watched"
PURPOSE = "閲覧を点検する人の一覧の管理"


@screen("watched", title="閲覧を点検する人", function=Function.AUDIT, level=Level.READ, purpose=PURPOSE, menu=MENU,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest) -> HttpResponse:
    """Show the list as it stands today."""
    return _page(request)


@screen("watched_add", title="閲覧を点検する人の登録", function=Function.AUDIT, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def add(request: StaffRequest) -> HttpResponse:
    """Put a person on the list."""
    form = WatchForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=INVALID)
    data, person = form.cleaned_data, form.person()

    def act() -> None:
        last = data["last_day"]
        audit.watch_person(
            person,
            since=data["first_day"],
            until=None if last is None else last + ONE_DAY,
            reason=data["reason"],
            by=request.access.actor,
            at=clock.current_instant(),
        )

    refusal = attempt(act, kind=EventKind.REVIEWED, detail={"操作": "点検する人の登録"})
    if refusal is not None:
        return _page(request, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "一覧に登録しました。")
    return redirect(reverse("watched"))


@screen("watched_end", title="閲覧を点検する人の登録の終了", function=Function.AUDIT, level=Level.UPDATE,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def end(request: StaffRequest, *, token: str) -> HttpResponse:
    """End an entry of the list from a day on."""
    watched_id = int(opened(request, token=token, kind=WATCHED))
    form = EndDayForm(request.POST)
    if not form.is_valid():
        return _page(request, end_form=form, status=INVALID)
    refusal = attempt(
        lambda: audit.unwatch_person(watched_id, until=form.cleaned_data["from_day"]),
        kind=EventKind.REVIEWED,
        detail={"操作": "点検する人の登録の終了", "番号": str(watched_id)},
    )
    if refusal is not None:
        return _page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "登録を終えました。")
    return redirect(reverse("watched"))


def _page(
    request: StaffRequest,
    *,
    form: PageForm | None = None,
    end_form: EndDayForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = clock.current_date_in_japan()
    rows = audit.watched_persons(on=today)
    people = registry.people([one.addressee_id for one in rows], valid_on=today, today=today)
    context: dict[str, Any] = {
        "rows": [{"entry": one, "person": people.get(one.addressee_id)} for one in rows],
        "new_form": form or WatchForm(),
        "form": form or end_form,
        "refusal": refusal,
        "may_change": request.rights.may(Function.AUDIT, level=Level.UPDATE),
    }
    return render(request, "pages/watched.html", context, status=status)
