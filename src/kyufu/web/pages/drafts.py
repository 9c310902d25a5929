"""Drafts: kept while somebody types or by a button, listed to go on with, thrown away."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.platform import clock
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import Refused
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level, Scheme
from kyufu.web import drafts
from kyufu.web.pages.draft_offers import DRAFT, SAVING, Place, place_in
from kyufu.web.pages.intake_facts import moment_words
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.scope import scope_of
from kyufu.web.screens import StaffRequest, all_screens, may_open, screen


class DraftLine(NamedTuple):
    """A draft on the list; without a person where the right does not reach them any more."""

    title: str
    person: registry.PersonView | None
    code: str
    kind: str
    key: str
    place: str
    saved_at: datetime
    until: datetime


@screen(
    "drafts",
    title="下書き",
    function=Function.CASE,
    level=Level.UPDATE,
    scheme=Scheme.CHILD,
    purpose="下書きの確認",
    menu="申請・届出",
    methods=("GET",),
    contractors=True,
)
def show_own(request: StaffRequest) -> HttpResponse:
    """List the own drafts, newest first, to go on with or to throw away."""
    today = clock.current_date_in_japan()
    own = drafts.own_drafts(request.rights.account_id, at=clock.current_instant())
    people = registry.people(sorted({one.about.person for one in own}), valid_on=today, today=today)
    held = scope_of(request).held_of(people)
    titles = {one.code: one for one in all_screens() if may_open(request.rights, screen=one)}
    lines = [
        DraftLine(
            titles[one.form.code].title,
            people[one.about.person] if one.about.person in held else None,
            one.form.code,
            one.form.kind,
            one.form.key(one.about),
            Place(one.form, one.about, "").key,
            one.saved_at,
            one.until,
        )
        for one in own
        if one.form.code in titles
    ]
    return render(request, "pages/drafts.html", {"lines": lines})


@screen(
    SAVING,
    title="下書きの保存",
    function=None,
    level=Level.NONE,
    purpose="下書きの保存",
    methods=("POST",),
    contractors=True,
)
def save(request: StaffRequest, *, token: str) -> HttpResponse:
    """Keep what is in the form: asked by the page while somebody types, or by its button."""
    place = _place(request, token=token)
    _refuse_without_right(request, place=place)
    at = clock.current_instant()
    saved_at = drafts.save(
        place.form, account_id=request.rights.account_id, about=place.about, posted=request.POST, at=at
    )
    said = "下書きに残す入力はありません。" if saved_at is None else _said(saved_at)
    if request.headers.get("HX-Request"):
        return HttpResponse(said)
    messages.success(request, said)
    return _back(request, place=place)


@screen(
    "draft_discard",
    title="下書きの破棄",
    function=None,
    level=Level.NONE,
    purpose="下書きの破棄",
    methods=("POST",),
    contractors=True,
)
def discard(request: StaffRequest, *, token: str) -> HttpResponse:
    """Throw an own draft away."""
    place = _place(request, token=token)
    drafts.discard(place.form, account_id=request.rights.account_id, about=place.about)
    messages.success(request, "下書きを破棄しました。")
    return _back(request, place=place)


def _place(request: StaffRequest, *, token: str) -> Place:
    """The form and its object that a token of the own account stands for; raises Http404 for any other."""
    place = place_in(opened(request, token=token, kind=DRAFT))
    if place is None:
        raise Http404
    return place


def _refuse_without_right(request: StaffRequest, *, place: Place) -> None:
    """Who may not open the form any more has no business with a draft of it."""
    here = next(one for one in all_screens() if one.code == place.form.code)
    if not may_open(request.rights, screen=here):
        raise Refused(
            "この画面を使う権限がないため、下書きを保存できません。",
            remedy="権限の付与を所属から申請してください。",
        )


def _said(saved_at: datetime) -> str:
    when = moment_words(saved_at, today=clock.current_date_in_japan())
    last = f"{drafts.until(saved_at).astimezone(JAPAN):%m月%d日 %H:%M}".replace("月0", "月").lstrip("0")
    return f"下書きを保存しました（{when}）。{last} まで残ります。"


def _back(request: StaffRequest, *, place: Place) -> HttpResponse:
    if not place.page:
        return redirect(reverse("drafts"))
    return go_to(request, code=place.form.code, kind=place.form.kind, key=place.page)
