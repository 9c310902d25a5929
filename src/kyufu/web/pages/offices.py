"""Offices and terminals: which there are, and adding and closing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Level
from kyufu.web.pages.accounts import MENU, PURPOSE, office_choices
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.rights_forms import EndDayForm, OfficeForm, TerminalForm
from kyufu.web.screens import StaffRequest, screen

OFFICE, TERMINAL = "office", "terminal"


@screen("offices", title="所属", function=Function.RIGHTS, level=Level.READ, purpose=PURPOSE, menu=MENU,
        methods=("GET",))  # fmt: skip
def show_offices(request: StaffRequest) -> HttpResponse:
    """List the offices of today with their place in the tree."""
    return _offices(request)


@screen("office_add", title="所属の登録", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def add_office(request: StaffRequest) -> HttpResponse:
    """Add an office at its place in the tree."""
    form = OfficeForm(request.POST, offices=office_choices())
    if not form.is_valid():
        return _offices(request, form=form, status=INVALID)
    data = form.cleaned_data

    def act() -> None:
        staff.add_office(
            code=data["code"],
            name=data["name"],
            kind=form.kind_asked(),
            valid_from=data["valid_from"],
            parent=data["parent"],
            ward_code=data["ward_code"],
        )

    detail = {"操作": "所属の登録", "所属": data["code"]}
    refusal = attempt(act, kind=EventKind.RIGHTS_CHANGED, detail=detail)
    if refusal is not None:
        return _offices(request, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "所属を登録しました。")
    return redirect(reverse("offices"))


@screen("office_close", title="所属の廃止", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def close_office(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close an office from a day on; rights there end with it."""
    code = opened(request, token=token, kind=OFFICE)

    def act(from_day: Any) -> None:
        staff.close_office(code, from_day=from_day)

    detail = {"操作": "所属の廃止", "所属": code}
    return _closed(
        request, act=act, detail=detail, kind=EventKind.RIGHTS_CHANGED, page=_offices, back="offices"
    )


@screen("terminals", title="端末", function=Function.RIGHTS, level=Level.READ, purpose=PURPOSE, menu=MENU,
        methods=("GET",))  # fmt: skip
def show_terminals(request: StaffRequest) -> HttpResponse:
    """List the registered terminals, from which alone one may sign in."""
    return _terminals(request)


@screen("terminal_add", title="端末の登録", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",), reauth=True)  # fmt: skip
def add_terminal(request: StaffRequest) -> HttpResponse:
    """Register a terminal by its network or by the fingerprint of its certificate."""
    form = TerminalForm(request.POST, offices=office_choices())
    if not form.is_valid():
        return _terminals(request, form=form, status=INVALID)
    data = form.cleaned_data

    def act() -> None:
        staff.register_terminal(
            name=data["name"],
            office=data["office"],
            valid_from=data["valid_from"],
            network=data["network"] or None,
            fingerprint=data["fingerprint"] or None,
        )

    detail = {"操作": "端末の登録", "端末": data["name"]}
    refusal = attempt(act, kind=EventKind.TERMINAL_CHANGED, detail=detail)
    if refusal is not None:
        return _terminals(request, form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, "端末を登録しました。")
    return redirect(reverse("terminals"))


@screen("terminal_close", title="端末の登録の廃止", function=Function.RIGHTS, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",), reauth=True)  # fmt: skip
def close_terminal(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take a terminal out of use from a day on."""
    name = opened(request, token=token, kind=TERMINAL)

    def act(from_day: Any) -> None:
        staff.close_terminal(name, from_day=from_day)

    detail = {"操作": "端末の登録の廃止", "端末": name}
    return _closed(
        request, act=act, detail=detail, kind=EventKind.TERMINAL_CHANGED, page=_terminals, back="terminals"
    )


def _closed(
    request: StaffRequest,
    *,
    act: Callable[[Any], None],
    detail: dict[str, str],
    kind: EventKind,
    page: Callable[..., HttpResponse],
    back: str,
) -> HttpResponse:
    form = EndDayForm(request.POST)
    if not form.is_valid():
        return page(request, end_form=form, status=INVALID)
    refusal = attempt(lambda: act(form.cleaned_data["from_day"]), kind=kind, detail=detail)
    if refusal is not None:
        return page(request, end_form=form, refusal=refusal, status=CONFLICT)
    messages.success(request, f"{detail['操作']}をしました。")
    return redirect(reverse(back))


def _offices(request: StaffRequest, *, form: PageForm | None = None, **more: Any) -> HttpResponse:
    new_form = form or OfficeForm(offices=office_choices())
    rows = staff.list_offices(on=clock.current_date_in_japan())
    return _page(request, template="pages/offices.html", rows=rows, new_form=new_form, form=form, **more)


def _terminals(request: StaffRequest, *, form: PageForm | None = None, **more: Any) -> HttpResponse:
    new_form = form or TerminalForm(offices=office_choices())
    rows = staff.list_terminals(on=clock.current_date_in_japan())
    return _page(request, template="pages/terminals.html", rows=rows, new_form=new_form, form=form, **more)


def _page(
    request: StaffRequest,
    *,
    template: str,
    rows: list[Any],
    new_form: PageForm,
    form: PageForm | None,
    end_form: EndDayForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "rows": rows,
        "new_form": new_form,
        "end_form": end_form or EndDayForm(),
        "form": form or end_form,
        "refusal": refusal,
        "may_change": request.rights.may(Function.RIGHTS, level=Level.UPDATE),
    }
    return render(request, template, context, status=status)
