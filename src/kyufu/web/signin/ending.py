"""A session that has ended by itself: what the person is told, and what is recorded."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kyufu.audit.api import EventKind
from kyufu.platform import clock
from kyufu.staff.api import sign_in_policy
from kyufu.web.signin import records, rescue


def ended(request: HttpRequest, *, keeps_draft: bool = False) -> HttpResponse:
    """Sign out, record it, and say why a session ends and how to go on.

    With `keeps_draft` a form that was being sent is kept as a draft, where it is surely the person's own.
    """
    kept = rescue.rescued(request) if keeps_draft else None
    records.record_of_account(request, kind=EventKind.SESSION_ENDED, account_id=records.account_of(request))
    logout(request)
    policy = sign_in_policy(clock.current_date_in_japan())
    address = reverse("account_login")
    back = kept.address if kept else request.path
    if (kept or request.method == "GET") and back not in ("/", address):
        address = f"{address}?{urlencode({'next': back})}"
    words = {
        "idle_minutes": policy.idle_minutes,
        "absolute_hours": policy.absolute_hours,
        "sign_in_url": address,
        "was_sending": request.method == "POST",
        "kept_until": kept.until if kept else None,
    }
    return render(request, "account/ended.html", words, status=HTTPStatus.FORBIDDEN)
