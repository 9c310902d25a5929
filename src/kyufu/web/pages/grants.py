"""Grants: ask for one, confirm or refuse it as another person, end it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, KyufuError
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level
from kyufu.web.pages.accounts import MENU, PURPOSE, office_choices
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.forms import PageForm, ReasonForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.rights_forms import GrantForm
from kyufu.web.screens import StaffRequest, screen

GRANT = "grant"


@screen(
    "grant_ask", title="権限の申請", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE, menu=MENU
)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask that an account be granted a role; another rights administrator confirms it."""
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        roles=staff.roles_on(clock.current_date_in_japan()),
        offices=office_choices(),
    )
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "pages/grant_ask.html", {"form": form}, status=INVALID if form.is_bound else 200
        )
    data = form.cleaned_data
    detail = {"職員番号": data["staff_no"], "職務": data["role"], "所属": data["office"], "理由": data["why"]}
    refusal = attempt(lambda: _ask(request, form=form), kind=EventKind.RIGHTS_ASKED, detail=detail)
    if refusal is not None:
        return render(request, "pages/grant_ask.html", {"form": form, "refusal": refusal}, status=CONFLICT)
    messages.success(request, "権限を申請しました。別の権限管理者の確認を待ちます。")
    return redirect(reverse("grants"))


def _ask(request: StaffRequest, *, form: GrantForm) -> None:
    data = form.cleaned_data
    account = staff.find_account(data["staff_no"], on=clock.current_date_in_japan())
    if account is None:
        raise BadInput("その職員番号のアカウントはありません。", remedy="職員番号を確かめてください。")
    staff.ask_for_grant(
        account.account_id,
        role=data["role"],
        office=data["office"],
        scheme=form.scheme_asked(),
        valid_from=data["first_day"],
        last_day=data["last_day"],
        by=request.access.actor,
        at=clock.current_instant(),
        why=data["why"],
    )


@screen(
    "grants", title="権限の確認", function=Function.RIGHTS, level=Level.READ, purpose=PURPOSE, menu=MENU,
    methods=("GET",),
)  # fmt: skip
def show_waiting(request: StaffRequest) -> HttpResponse:
    """Show the grants that were asked for and wait for another person."""
    return _page(request)


@screen(
    "grant_confirm", title="権限の付与の確認", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
    methods=("POST",), reauth=True,
)  # fmt: skip
def confirm(request: StaffRequest, *, token: str) -> HttpResponse:
    """Confirm a grant as another person than the one who asked and the one who gets it."""

    def act(grant_id: int) -> None:
        staff.confirm_grant(grant_id, rights=request.rights, at=clock.current_instant())

    return _done(request, token=token, form=PageForm(request.POST), act=act, said="付与")


@screen(
    "grant_refuse", title="権限の付与の却下", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
    methods=("POST",),
)  # fmt: skip
def refuse(request: StaffRequest, *, token: str) -> HttpResponse:
    """Refuse a grant that was asked for, with the reason."""
    form = ReasonForm(request.POST)

    def act(grant_id: int) -> None:
        why = form.cleaned_data["reason"]
        staff.refuse_grant(grant_id, rights=request.rights, at=clock.current_instant(), why=why)

    return _done(request, token=token, form=form, act=act, said="却下")


@screen(
    "grant_end", title="権限の取消し", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
    methods=("POST",),
)  # fmt: skip
def end(request: StaffRequest, *, token: str) -> HttpResponse:
    """End a grant that is in force, at once."""
    form = ReasonForm(request.POST)

    def act(grant_id: int) -> None:
        why = form.cleaned_data["reason"]
        staff.end_grant(grant_id, rights=request.rights, at=clock.current_instant(), why=why)

    return _done(request, token=token, form=form, act=act, said="取消し")


def _done(
    request: StaffRequest, *, token: str, form: PageForm, act: Callable[[int], None], said: str
) -> HttpResponse:
    grant_id = int(opened(request, token=token, kind=GRANT))
    if not form.is_valid():
        return _page(request, form=form, status=INVALID)
    detail = {"操作": said, "権限の番号": str(grant_id), "理由": form.cleaned_data.get("reason", "")}
    refusal = attempt(lambda: act(grant_id), kind=EventKind.RIGHTS_CHANGED, detail=detail)
    if refusal is not None:
        return _page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, f"権限の{said}をしました。")
    return redirect(reverse("grants"))


def _page(
    request: StaffRequest,
    *,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "rows": staff.grants_waiting(),
        "form": form,
        "reason_form": form or ReasonForm(),
        "refusal": refusal,
        "may_change": request.rights.may(Function.RIGHTS, level=Level.UPDATE),
        "actor": request.access.actor,
    }
    return render(request, "pages/grants.html", context, status=status)
