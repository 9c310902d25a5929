"""Lists of applications within the offices of the right: narrowed, looked up by receipt number, page by page."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.notation.municipalities import municipality_name
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.case_access import APPLICATION
from kyufu.web.pages.case_forms import ListForm, NumberForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, screen

LIST_PLACE = "applications"
PAGE = 50
# What narrows a list stands in its address; none of it is about a person.
NARROWING = ("state", "kind", "ward", "received_from", "received_to", "mine")


@screen(
    "applications",
    title="申請・届出の一覧",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="申請の受付・審査",
    menu="申請・届出",
    contractors=True,
)
def show_list(request: StaffRequest) -> HttpResponse:
    """List applications, fifty at a time in the order of their receipt; a posted number leads to its page."""
    wards = scope_of(request).wards
    if request.method == "POST":
        return _looked_up(request, wards=wards)
    _refuse_unknown(request, name="state", known=frozenset(map(str, cases.ApplicationState)))
    _refuse_unknown(request, name="kind", known=frozenset(map(str, cases.Kind)))
    _refuse_unknown(request, name="ward", known=wards)
    form = ListForm(request.GET, wards=_named(wards))
    if not form.is_valid():
        return _list(request, wards=wards, form=form, rows=(), status=422)
    data, after = form.cleaned_data, _place(request)
    query = cases.ApplicationQuery(
        state=data["state"] or None,
        kind=data["kind"] or None,
        received_from=data["received_from"],
        received_to=data["received_to"],
        mine=request.access.actor.staff_id if data["mine"] else "",
    )
    within = frozenset({data["ward"]}) if data["ward"] else wards
    rows = cases.find_applications(within, query=query, limit=PAGE + 1, after=after)
    return _list(request, wards=wards, form=form, rows=rows, after=after)


def _looked_up(request: StaffRequest, *, wards: frozenset[str]) -> HttpResponse:
    form, narrowing = NumberForm(request.POST), ListForm({}, wards=_named(wards))
    if not form.is_valid():
        return _list(request, wards=wards, form=narrowing, rows=(), number=form, status=422)
    number = unicodedata.normalize("NFKC", form.cleaned_data["number"]).strip()
    rows = cases.find_by_number(number, wards=wards, limit=PAGE)
    if len(rows) == 1:
        return go_to(request, code=APPLICATION, kind=APPLICATION, key=rows[0].application_id)
    return _list(request, wards=wards, form=narrowing, rows=rows, number=form)


def _list(
    request: StaffRequest,
    *,
    wards: frozenset[str],
    form: ListForm,
    rows: tuple[cases.ApplicationRow, ...],
    after: int = 0,
    number: NumberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = rows[:PAGE]
    narrowed = {name: request.GET[name] for name in NARROWING if request.GET.get(name)}
    context: dict[str, Any] = {
        "rows": shown,
        "state": request.GET.get("state", ""),
        "counts": cases.state_counts_in(wards),
        "is_first": not after,
        "next_place": shown[-1].application_id if len(rows) > PAGE else None,
        "page_size": PAGE,
        "narrowing": form,
        "narrowed": urlencode(narrowed),
        "is_narrowed": bool(narrowed.keys() - {"state"}),
        "number_form": number or NumberForm(),
        "looked_up": number is not None,
        "form": number if number is not None and number.errors else form,
    }
    return render(request, "pages/applications.html", context, status=status)


def _named(wards: frozenset[str]) -> list[tuple[str, str]]:
    return [(code, municipality_name(code)) for code in sorted(wards)]


def _refuse_unknown(request: StaffRequest, *, name: str, known: frozenset[str]) -> None:
    """An address that nobody's link makes: a state, kind or ward that there is not."""
    if request.GET.get(name, "") not in known | {""}:
        raise Http404


def _place(request: StaffRequest) -> int:
    """The application after which the page begins, from the sealed `after` of the address; 0 for the first page."""
    token = request.GET.get("after", "")
    return int(opened(request, token=token, kind=LIST_PLACE)) if token else 0
