"""Individual numbers at the counter: find the one person a number names, register or change it, have it shown once."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from kyufu.platform import clock
from kyufu.platform.access import Opening
from kyufu.platform.errors import KyufuError, Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web import reasons
from kyufu.web.pages.acts import CONFLICT, INVALID
from kyufu.web.pages.forms import (
    NumberChangeForm,
    NumberRegisterForm,
    NumberSearchForm,
    PageForm,
    ReasonForm,
)
from kyufu.web.pages.links import go_to
from kyufu.web.pages.people import Hit, person_on_page
from kyufu.web.pages.scope import scope_of
from kyufu.web.pages.second_look import wait_for_second_person
from kyufu.web.pages.stated import PERSON, Ticket, stated, ticket_of
from kyufu.web.screens import StaffRequest, screen
from kyufu.web.signin import gate

MENU = "個人番号"
SEARCH = frozenset({Opening.NUMBER_SEARCH})


class Named(NamedTuple):
    """Whom a number names: the unified number and the persons; `out_of_scope` counts those of other wards."""

    unified_no: str
    hits: list[Hit]
    out_of_scope: int


@screen(
    "number_search",
    title="個人番号による検索",
    function=Function.NUMBER,
    level=Level.READ,
    purpose="個人番号による検索",
    menu=MENU,
)
@sensitive_post_parameters("number")
@sensitive_variables()
def search(request: StaffRequest) -> HttpResponse:
    """Find the one person whom an individual number names; the number itself is shown nowhere."""
    if request.method != "POST":
        return render(request, "pages/number_search.html", {"form": NumberSearchForm()})
    form = NumberSearchForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/number_search.html", {"form": form}, status=INVALID)
    data = form.cleaned_data
    with stated(request, purpose=form.purpose_label(), case_no=data["case_no"], opened=SEARCH):
        context, status = _answer(request, form=form)
        return render(request, "pages/number_search.html", {"form": form, **context}, status=status)


@sensitive_variables()
def _answer(request: StaffRequest, *, form: NumberSearchForm) -> tuple[dict[str, Any], int]:
    data = form.cleaned_data
    try:
        found = registry.numbers.find_by_number(data["number"], at=clock.current_instant())
    except Refused as refusal:
        return {"refusal": refusal}, CONFLICT
    named = None
    if found is not None:
        named = _named(request, found=found, purpose=data["purpose"], case_no=data["case_no"])
    return {"searched": True, "named": named}, 200


def _named(request: StaffRequest, *, found: registry.numbers.NumberHit, purpose: str, case_no: str) -> Named:
    today, scope = clock.current_date_in_japan(), scope_of(request)
    people = registry.people(found.addressee_ids, valid_on=today, today=today)
    held = scope.held_of(people)
    hits = [Hit(person, Ticket(one, purpose, case_no).key) for one, person in people.items() if one in held]
    return Named(found.unified_no if hits else "", hits, len(people) - len(hits))


@screen(
    "number_register",
    title="個人番号の登録",
    function=Function.NUMBER,
    level=Level.UPDATE,
    purpose="個人番号の登録",
    reauth=True,
)
@sensitive_post_parameters("number")
@sensitive_variables()
def register(request: StaffRequest, *, token: str) -> HttpResponse:
    """Register the individual number of a person who has none; one that another person has is refused."""
    ticket = ticket_of(request, token=token)
    form = NumberRegisterForm(request.POST if request.method == "POST" else None)
    with stated(request, purpose=f"{ticket.label}（個人番号の登録）", case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        if not form.is_valid():
            return _entry(request, ticket=ticket, person=person, form=form)
        data = form.cleaned_data
        try:
            registry.numbers.register_number(
                addressee_id=ticket.person,
                number=data["number"],
                by=request.access.actor,
                reason=data["reason"],
                at=clock.current_instant(),
            )
        except KyufuError as refusal:
            return _entry(request, ticket=ticket, person=person, form=form, refusal=refusal)
    return _registered(request, ticket=ticket, said="登録")


@screen(
    "number_change",
    title="個人番号の変更",
    function=Function.NUMBER,
    level=Level.UPDATE,
    purpose="個人番号の変更",
    reauth=True,
)
@sensitive_post_parameters("number")
@sensitive_variables()
def change(request: StaffRequest, *, token: str) -> HttpResponse:
    """Replace a person's individual number from a day on; the former one is kept with its time."""
    ticket = ticket_of(request, token=token)
    form = NumberChangeForm(request.POST if request.method == "POST" else None)
    with stated(request, purpose=f"{ticket.label}（個人番号の変更）", case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        if not form.is_valid():
            return _entry(request, ticket=ticket, person=person, form=form)
        data = form.cleaned_data
        try:
            registry.numbers.change_number(
                addressee_id=ticket.person,
                number=data["number"],
                changed_on=data["changed_on"],
                by=request.access.actor,
                reason=data["reason"],
                at=clock.current_instant(),
            )
        except KyufuError as refusal:
            return _entry(request, ticket=ticket, person=person, form=form, refusal=refusal)
    return _registered(request, ticket=ticket, said="変更")


@screen(
    "number_withdraw",
    title="個人番号の誤登録の取消し",
    function=Function.NUMBER,
    level=Level.UPDATE,
    purpose="個人番号の誤登録の取消し",
)
def withdraw(request: StaffRequest, *, token: str) -> HttpResponse:
    """Take back a number that was registered for the wrong person, after a fresh proof of who does it."""
    ticket = ticket_of(request, token=token)
    if not gate.has_fresh_proof(request):
        return gate.ask_for_proof(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    with stated(request, purpose=f"{ticket.label}（個人番号の誤登録の取消し）", case_no=ticket.case_no):
        person = person_on_page(request, ticket=ticket)
        if not form.is_valid():
            return _entry(request, ticket=ticket, person=person, form=form)
        try:
            registry.numbers.withdraw_number(
                addressee_id=ticket.person,
                by=request.access.actor,
                reason=form.cleaned_data["reason"],
                at=clock.current_instant(),
            )
        except KyufuError as refusal:
            return _entry(request, ticket=ticket, person=person, form=form, refusal=refusal)
    return _registered(request, ticket=ticket, said="誤登録の取消し")


@screen(
    "number_display",
    title="個人番号の表示",
    function=Function.NUMBER_DISPLAY,
    level=Level.READ,
    purpose="個人番号の確認",
    opens=Opening.NUMBER_DISPLAY,
)
@sensitive_variables()
def display(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a person's individual number once, in the answer to a stated reason, which nothing may keep."""
    ticket = ticket_of(request, token=token)
    person = person_on_page(request, ticket=ticket)
    context: dict[str, Any] = {"ticket": ticket, "person": person}
    status = 200
    try:
        reason = reasons.stated_reason(request).text
        wait_for_second_person(request, ticket=ticket, person=person, reason=reason)
        context["number"] = registry.numbers.disclose_number(
            addressee_id=ticket.person, reason=reason
        ).reveal()
    except Refused as refusal:
        context["refusal"], status = refusal, CONFLICT
    answer = render(request, "pages/number_display.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _entry(
    request: StaffRequest,
    *,
    ticket: Ticket,
    person: registry.PersonView,
    form: PageForm,
    refusal: KyufuError | None = None,
) -> HttpResponse:
    status = CONFLICT if refusal else INVALID if form.is_bound else 200
    context = {"ticket": ticket, "person": person, "form": form, "refusal": refusal}
    return render(request, "pages/number_entry.html", context, status=status)


def _registered(request: StaffRequest, *, ticket: Ticket, said: str) -> HttpResponse:
    messages.success(request, f"個人番号の{said}をしました。")
    return go_to(request, code="person", kind=PERSON, key=ticket.key)
