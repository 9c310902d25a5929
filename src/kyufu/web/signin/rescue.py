"""What was being sent when a session ended: kept as a draft where it is surely the person's own form."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff.api import rights_of
from kyufu.web import drafts, screens
from kyufu.web.pages.draft_offers import TERMINAL
from kyufu.web.signin import records
from kyufu.web.signin.proofs import Proof, has_proven
from kyufu.web.tokens import opened_token


def rescued_until(request: HttpRequest) -> datetime | None:
    """Keep a posted form as a draft before its session is signed out; until when, None where nothing was kept.

    Only for a form of ours that was opened in this session at this terminal with both factors, was sent with its
    token against forgery, and whose screen the account may open: this runs before Django itself checks the token.
    """
    form = _form_of(request)
    if form is None or not _is_own(request):
        return None
    account_id = records.account_of(request)
    try:
        key = opened_token(
            resolve(request.path).kwargs.get("token", ""), kind=form.kind, account_id=account_id
        )
        with records.acting_as(request, account_id=account_id):
            return _kept_until(request, form=form, about=form.about(key), account_id=account_id)
    except (Http404, KyufuError):
        # A made-up address, or more than a form can hold: as without a draft, and the session ends all the same.
        return None


def _kept_until(
    request: HttpRequest, *, form: drafts.DraftForm, about: drafts.About, account_id: int
) -> datetime | None:
    saved_at = drafts.save(
        form, account_id=account_id, about=about, posted=request.POST, at=clock.current_instant()
    )
    return None if saved_at is None else drafts.until(saved_at)


def _form_of(request: HttpRequest) -> drafts.DraftForm | None:
    """The form that may be kept at a posted address, if the account may open its screen."""
    if request.method != "POST":
        return None
    try:
        view = resolve(request.path).func
    except Resolver404:
        return None
    screen = getattr(view, "screen", None)
    if screen is None:
        return None
    rights = rights_of(records.account_of(request), on=clock.current_date_in_japan())
    return drafts.draft_form(screen.code) if screens.may_open(rights, screen=screen) else None


def _is_own(request: HttpRequest) -> bool:
    """Was it sent from our page, in a session with both factors, from the terminal at which the form was opened?"""
    here = request.session.get(TERMINAL) == request.terminal.id  # type: ignore[attr-defined]
    return here and has_proven(request, proof=Proof.SECOND_FACTOR) and _has_token(request)


def _has_token(request: HttpRequest) -> bool:
    return CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is None


def _nothing(_: HttpRequest) -> HttpResponse:
    """Stands where Django's check wants a view; it is never called."""
    return HttpResponse()
