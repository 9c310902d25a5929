"""The worklist of the vault: double registrations and numbers that could not be taken in, without any number."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.forms import PageForm, SettleForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.numbers import MENU
from kyufu.web.pages.stated import Ticket
from kyufu.web.screens import StaffRequest, screen

POINT, PLACE = "conflict", "conflicts"
PURPOSE = "個人番号の確認事項の処理"
# Looking at a person from here is for keeping the registered facts right.
LOOKED_AT_FOR = "accuracy"


class Point(NamedTuple):
    """A point of the worklist with the ticket of the person it is about, empty where nobody is registered."""

    conflict_id: int
    number: str
    other: str
    text: str
    key: str


@screen("conflicts", title="個人番号の確認事項", function=Function.NUMBER, level=Level.UPDATE, purpose=PURPOSE,
        menu=MENU, methods=("GET",))  # fmt: skip
def show(request: StaffRequest) -> HttpResponse:
    """List what a clerk must look at, in the order in which it came up."""
    return _page(request)


@screen("conflict_settle", title="個人番号の確認事項の完了", function=Function.NUMBER, level=Level.UPDATE,
        purpose=PURPOSE, methods=("POST",))  # fmt: skip
def settle(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close a point, as settled or as none, with the reason."""
    conflict_id = int(opened(request, token=token, kind=POINT))
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=INVALID)

    try:
        registry.numbers.settle_number_conflict(
            conflict_id,
            resolved=form.cleaned_data["outcome"] == SettleForm.RESOLVED,
            by=request.access.actor,
            reason=form.cleaned_data["reason"],
            at=clock.current_instant(),
        )
    except KyufuError as refusal:
        return _page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "確認事項を完了にしました。")
    return redirect(reverse("conflicts"))


def _page(
    request: StaffRequest,
    *,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    token = request.GET.get("after", "")
    after = int(opened(request, token=token, kind=PLACE)) if token else 0
    found = registry.numbers.number_conflicts(after=after)
    ids = registry.addressee_ids({one.number for one in found})
    context: dict[str, Any] = {
        "rows": [
            Point(one.conflict_id, one.number, one.other, one.text, _key(ids.get(one.number)))
            for one in found
        ],
        "is_first": not after,
        "next_place": found[-1].conflict_id if found else None,
        "form": form,
        "settle_form": form or SettleForm(),
        "refusal": refusal,
    }
    return render(request, "pages/conflicts.html", context, status=status)


def _key(person: int | None) -> str:
    return "" if person is None else Ticket(person, LOOKED_AT_FOR, "").key
