"""What was being sent when a session ended: kept as a draft where it is surely the person's own form."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve, reverse

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff.api import rights_of
from kyufu.web import drafts, screens
from kyufu.web.pages.draft_offers import DRAFT, SAVING, TERMINAL, Place, place_in
from kyufu.web.signin import records
from kyufu.web.signin.proofs import Proof, has_proven
from kyufu.web.tokens import opened_token, token_for


class Rescued(NamedTuple):
    """Until when a form is kept, and the address at which it can be gone on with."""

    until: datetime
    address: str


def rescued(request: HttpRequest) -> Rescued | None:
    """Keep a posted form as a draft before its session is signed out; None where nothing was kept.

    Only for a form of ours that was opened in this session at this terminal with both factors, was sent (or saved
    while typing) with its token against forgery, and whose screen the account may open: this runs before Django
    itself checks the token.
    """
    if request.method != "POST" or not _is_own(request):
        return None
    account_id = records.account_of(request)
    try:
        with records.acting_as(request, account_id=account_id):
            place = _place_of(request, account_id=account_id)
            return None if place is None else _kept(request, place=place, account_id=account_id)
    except (Http404, Resolver404, KyufuError):
        # A made-up address, or more than a form can hold: as without a draft, and the session ends all the same.
        return None


def _kept(request: HttpRequest, *, place: Place, account_id: int) -> Rescued | None:
    saved_at = drafts.save(
        place.form, account_id=account_id, about=place.about, posted=request.POST, at=clock.current_instant()
    )
    if saved_at is None or not place.page:
        return None
    token = token_for(kind=place.form.kind, key=place.page, account_id=account_id)
    return Rescued(drafts.until(saved_at), reverse(place.form.code, kwargs={"token": token}))


def _place_of(request: HttpRequest, *, account_id: int) -> Place | None:
    """The form that was posted to its own screen or to that of saving, if the account may open it."""
    match = resolve(request.path)
    code, token = match.url_name or "", str(match.kwargs.get("token", ""))
    if code == SAVING:
        place = place_in(opened_token(token, kind=DRAFT, account_id=account_id))
    else:
        form = drafts.draft_form(code)
        key = opened_token(token, kind=form.kind, account_id=account_id) if form else ""
        place = Place(form, form.about(key), key) if form else None
    return place if place and _may_open(place.form.code, account_id=account_id) else None


def _may_open(code: str, *, account_id: int) -> bool:
    rights = rights_of(account_id, on=clock.current_date_in_japan())
    return any(one.code == code and screens.may_open(rights, screen=one) for one in screens.all_screens())


def _is_own(request: HttpRequest) -> bool:
    """Was it sent from our page, in a session with both factors, from the terminal at which the form was opened?"""
    here = request.session.get(TERMINAL) == request.terminal.id  # type: ignore[attr-defined]
    return here and has_proven(request, proof=Proof.SECOND_FACTOR) and _has_token(request)


def _has_token(request: HttpRequest) -> bool:
    return CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is None


def _nothing(_: HttpRequest) -> HttpResponse:
    """Stands where Django's check wants a view; it is never called."""
    return HttpResponse()
