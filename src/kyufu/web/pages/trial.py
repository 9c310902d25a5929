"""What-if (試算): the same law on facts that a clerk changes; marked as a trial, and stored nowhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from kyufu.cases import api as cases
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.telling import Told
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web.pages.acts import INVALID
from kyufu.web.pages.explaining import guardian_words, missing_in, told_of
from kyufu.web.pages.people import person_on_page
from kyufu.web.pages.stated import stated, ticket_of
from kyufu.web.pages.trial_form import (
    ChildForm,
    GuardianForm,
    changed_facts,
    child_initial,
    guardian_initial,
)
from kyufu.web.pages.wards import city_here
from kyufu.web.screens import StaffRequest, screen

GUARDIANS = ("g1", "g2")


@screen(
    "trial",
    title="試算",
    function=Function.CASE,
    level=Level.READ,
    scheme=Scheme.CHILD,
    purpose="助成の試算",
)
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show the gathered facts to be changed, and what the law would say to them."""
    ticket = ticket_of(request, token=token)
    with stated(request, purpose=ticket.label, case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        today = clock.current_date_in_japan()
        facts = cases.gather_facts(ticket.person, applied_on=today, on=today)
        if facts is None:
            raise Http404
        context = {"ticket": ticket, "person": person, "today": today}
        if request.method != "POST":
            return render(request, "pages/trial.html", {**context, **_first(facts)})
        return _answer(request, facts=facts, context=context)


def _shown(facts: ChildFacts) -> list[dict[str, Any]]:
    """What the forms show at first: of the child, then of each guardian."""
    today = clock.current_date_in_japan()
    known = [*facts.guardians, None, None][: len(GUARDIANS)]
    return [
        child_initial(facts, on=today, city=city_here().code),
        *(guardian_initial(one, tax_year=today.year) for one in known),
    ]


def _first(facts: ChildFacts) -> dict[str, Any]:
    child, *guardians = _shown(facts)
    return {
        "child_form": ChildForm(initial=child),
        "guardian_forms": [
            GuardianForm(prefix=prefix, initial=one) for prefix, one in zip(GUARDIANS, guardians, strict=True)
        ],
    }


def _answer(request: StaffRequest, *, facts: ChildFacts, context: dict[str, Any]) -> HttpResponse:
    child = ChildForm(request.POST)
    guardians = [GuardianForm(request.POST, prefix=prefix) for prefix in GUARDIANS]
    context |= {"child_form": child, "guardian_forms": guardians, "forms": [child, *guardians]}
    # Each is looked at, so that all that is wrong is said at once.
    valid = [form.is_valid() for form in (child, *guardians)]
    if not all(valid):
        return render(request, "pages/trial.html", context, status=INVALID)
    changed = changed_facts(
        facts,
        child=child.cleaned_data,
        guardians=[form.cleaned_data for form in guardians],
        shown=_shown(facts),
        city=city_here().code,
    )
    try:
        told, missing = _told(changed, on=child.cleaned_data["judged_on"])
    except Refused as refusal:
        return render(request, "pages/trial.html", {**context, "refusal": refusal}, status=INVALID)
    return render(request, "pages/trial.html", {**context, "told": told, "missing": missing})


def _told(facts: ChildFacts, *, on: Any) -> tuple[Told, list[Any]]:
    decision = cases.judge_trial(facts, municipality=settings.KYUFU_MUNICIPALITY, on=on)
    words = guardian_words((0, one.relation) for one in facts.guardians)
    missing = missing_in(decision, child=0, guardians=())
    return told_of(decision, guardians=words), list(missing)
