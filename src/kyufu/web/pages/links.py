"""Addresses of objects for the account that is signed in: sealed on the way out, opened on the way in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kyufu.web.screens import StaffRequest
from kyufu.web.tokens import opened_token, token_for


def opened(request: StaffRequest, *, token: str, kind: str) -> str:
    """The key that a token stands for; raises Http404 for another account's, another kind's or a made-up one."""
    return opened_token(token, kind=kind, account_id=request.rights.account_id)


def go_to(request: StaffRequest, *, code: str, kind: str, key: str | int) -> HttpResponse:
    """Send the browser to the screen of an object."""
    token = token_for(kind=kind, key=key, account_id=request.rights.account_id)
    return redirect(reverse(code, kwargs={"token": token}))
