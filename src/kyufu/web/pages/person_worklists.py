"""Worklists about persons: undrawable names, discrepancies with the register, doubtful insurers, income to ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.registry.api import PointKind
from kyufu.staff.api import Forbidden, Function, Level, Scheme
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.forms import PageForm, SettleForm
from kyufu.web.pages.links import opened
from kyufu.web.pages.scope import OUTSIDE_REMEDY, OUTSIDE_TEXT, scope_of
from kyufu.web.pages.worklists import PAGE, PURPOSE, key_of, names_of, place
from kyufu.web.screens import StaffRequest, screen

UNDRAWABLE, DISCREPANCY, INSURERS, INQUIRIES = "undrawable", "discrepancy", "doubtful_insurers", "inquiries"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PointLine(NamedTuple):
    """A point about a person: `facts` are pairs of a heading and what stands there."""

    point_id: int
    person: registry.PersonView
    key: str
    facts: tuple[tuple[str, str], ...]


class YearForm(PageForm):
    """For which tax year (賦課年度) income is to be asked for."""

    tax_year = forms.IntegerField(
        label="賦課年度（西暦）", min_value=FIRST_YEAR, max_value=LAST_YEAR,
        help_text="例：2026（令和8年度）。判定の説明にある年度を入力してください。",
        error_messages={"required": "年度を入力してください。", "invalid": "2026 のように西暦で入力してください。"},
    )  # fmt: skip


@screen(
    "undrawable",
    title="印字できない文字",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_undrawable(request: StaffRequest) -> HttpResponse:
    """List the names and addresses that the print font cannot draw."""
    return _undrawable_page(request)


@screen(
    "undrawable_settle",
    title="印字できない文字の確認の完了",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("POST",),
)
def settle_undrawable(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close a point of undrawable names with the reason."""
    return _settle(request, token=token, kind=PointKind.UNDRAWABLE)


@screen(
    "discrepancies",
    title="住民記録との食い違い",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_discrepancies(request: StaffRequest) -> HttpResponse:
    """List the residents whom a full feed does not have."""
    return _discrepancy_page(request)


@screen(
    "discrepancy_settle",
    title="住民記録との食い違いの確認の完了",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("POST",),
)
def settle_discrepancy(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close a discrepancy with the reason."""
    return _settle(request, token=token, kind=PointKind.DISCREPANCY)


@screen(
    "doubtful_insurers",
    title="疑わしい保険者番号",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_insurers(request: StaffRequest) -> HttpResponse:
    """List the insurances whose insurer number has a wrong check digit."""
    found = evidence.doubtful_insurers(limit=PAGE + 1, after=place(request, kind=INSURERS))
    facts = [(one.insurance_id, one.addressee_id, (("保険者番号", one.insurer_no),)) for one in found]
    context = _lines(request, points=facts)
    return render(request, "pages/doubtful_insurers.html", context)


@screen(
    "inquiries",
    title="所得照会が必要な保護者",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose=PURPOSE,
    methods=("GET",),
)
def show_inquiries(request: StaffRequest) -> HttpResponse:
    """List the guardians on open applications whose income of a tax year is known from nowhere."""
    form = YearForm(request.GET if "tax_year" in request.GET else None)
    if not form.is_bound or not form.is_valid():
        return render(
            request, "pages/inquiries.html", {"form": form}, status=INVALID if form.is_bound else 200
        )
    scope, year = scope_of(request), int(form.cleaned_data["tax_year"])
    guardians = cases.guardians_in_open_cases(
        None if scope.is_head else scope.wards, limit=PAGE + 1, after=place(request, kind=INQUIRIES)
    )
    needed = evidence.inquiries_needed(guardians[:PAGE], tax_year=year)
    facts = [(one.addressee_id, one.addressee_id, (("理由", one.why),)) for one in needed]
    context = _lines(request, points=facts)
    context |= {
        "form": form,
        "year": year,
        "searched": True,
        "next_place": guardians[PAGE - 1] if len(guardians) > PAGE else None,
    }
    return render(request, "pages/inquiries.html", context)


def _undrawable_page(request: StaffRequest, **more: Any) -> HttpResponse:
    found = registry.undrawable_names(limit=PAGE + 1, after=place(request, kind=UNDRAWABLE))
    facts = [
        (one.point_id, one.addressee_id, (("項目", one.item), ("印字できない文字", one.code_points)))
        for one in found
    ]
    return _point_page(request, template="pages/undrawable.html", points=facts, **more)


def _discrepancy_page(request: StaffRequest, **more: Any) -> HttpResponse:
    found = registry.discrepancies(limit=PAGE + 1, after=place(request, kind=DISCREPANCY))
    facts = [(one.point_id, one.addressee_id, (("全件のファイル", one.file_name),)) for one in found]
    return _point_page(request, template="pages/discrepancies.html", points=facts, **more)


Points = Sequence[tuple[int, int, tuple[tuple[str, str], ...]]]


def _point_page(
    request: StaffRequest,
    *,
    template: str,
    points: Points,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _lines(request, points=points) | {
        "form": form,
        "settle_form": form or SettleForm(),
        "refusal": refusal,
        "may_settle": request.rights.may(Function.CASE, level=Level.UPDATE),
    }
    return render(request, template, context, status=status)


def _lines(request: StaffRequest, *, points: Points) -> dict[str, Any]:
    """The points about persons whom the right reaches, and where the list goes on."""
    shown = points[:PAGE]
    today = clock.current_date_in_japan()
    people = names_of(request, ids=[one[1] for one in shown], today=today)
    rows = [
        PointLine(number, people[person], key_of(person, people=people), facts)
        for number, person, facts in shown
        if person in people
    ]
    return {
        "rows": rows,
        "outside": len(shown) - len(rows),
        "next_place": shown[-1][0] if len(points) > PAGE else None,
    }


def _settle(request: StaffRequest, *, token: str, kind: PointKind) -> HttpResponse:
    page = _undrawable_page if kind is PointKind.UNDRAWABLE else _discrepancy_page
    point_id = int(opened(request, token=token, kind=kind.value))
    person, today = registry.person_of_point(kind, point_id=point_id), clock.current_date_in_japan()
    found = registry.people([person], valid_on=today, today=today)
    scope = scope_of(request)
    if not scope.is_head and person not in scope.held_of(found):
        raise Forbidden(OUTSIDE_TEXT, remedy=OUTSIDE_REMEDY)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return page(request, form=form, status=INVALID)
    try:
        registry.settle_point(
            kind, point_id=point_id, resolved=form.cleaned_data["outcome"] == SettleForm.RESOLVED,
            by=request.access.actor, at=clock.current_instant(), reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except KyufuError as refusal:
        return page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "確認を終えました。")
    return redirect(reverse("undrawable" if kind is PointKind.UNDRAWABLE else "discrepancies"))
