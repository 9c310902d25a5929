"""What a renewal found beyond its sorting, on the pages: days that a replay answers otherwise, and early losses."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.law.child.differing import Effect, own_part_text
from kyufu.law.child.labels import benefit_classes, reason_label
from kyufu.renewal import api as renewal
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.links import opened
from kyufu.web.pages.renewal_lists import (
    LIST,
    PAGE,
    SEPARATOR,
    head_only,
    people_of,
    place_after,
)
from kyufu.web.pages.renewals import PURPOSE, RENEWAL
from kyufu.web.pages.wards import ward_label
from kyufu.web.pages.worklists import key_of
from kyufu.web.screens import StaffRequest, screen


@screen("renewal_differences", title="再点検で違いのあった期間", function=Function.CASE, level=Level.READ,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_differences(request: StaffRequest, *, token: str) -> HttpResponse:
    """List the days that a replay answers otherwise: since when, which class and own part, and the next step."""
    number, _, code = opened(request, token=token, kind=LIST).partition(SEPARATOR)
    seen = renewal.find_renewal(head_only(request, number=int(number)))
    if code not in list(Effect):
        raise Http404
    rows = renewal.difference_rows(
        seen.renewal_id, effect=Effect(code), wards=None, limit=PAGE + 1, after=place_after(request)
    )
    shown, classes = rows[:PAGE], benefit_classes(seen.municipality)
    people = people_of(request, ids=[one.child_id for one in shown])
    context = {
        "renewal": seen,
        "effect": Effect(code),
        "no_amount": renewal.NO_AMOUNT,
        "rows": [
            {
                "row": one,
                "person": people.get(one.child_id),
                "key": key_of(one.child_id, people=people),
                "ward": ward_label(one.ward_code),
                "was": own_part_text(classes[one.was_class] if one.was_class else None),
                "now": own_part_text(classes[one.now_class] if one.now_class else None),
            }
            for one in shown
        ],
        "list_key": f"{number}{SEPARATOR}{code}",
        "next_place": shown[-1].row_id if len(rows) > PAGE else None,
    }
    return render(request, "pages/renewal_differences.html", context)


@screen("renewal_early", title="期間の初日より前に理由の生じた喪失", function=Function.CASE, level=Level.READ,
        scheme=Scheme.CHILD, purpose=PURPOSE, methods=("GET",))  # fmt: skip
def show_early(request: StaffRequest, *, token: str) -> HttpResponse:
    """List the losses whose reason began before the first day of the new period, with the real day."""
    number = head_only(request, number=int(opened(request, token=token, kind=RENEWAL)))
    rows = renewal.early_rows(number, wards=None, limit=PAGE + 1, after=place_after(request))
    shown = rows[:PAGE]
    people = people_of(request, ids=[one.child_id for one in shown])
    context = {
        "renewal": renewal.find_renewal(number),
        "step": renewal.EARLY_STEP,
        "may_plan": renewal.may_head(request.rights, function=Function.CASE, level=Level.UPDATE),
        "rows": [
            (one, people.get(one.child_id), key_of(one.child_id, people=people), ward_label(one.ward_code),
             reason_label(one.reason_code))
            for one in shown
        ],
        "key": f"{number}",
        "next_place": shown[-1].row_id if len(rows) > PAGE else None,
    }  # fmt: skip
    return render(request, "pages/renewal_early.html", context)
