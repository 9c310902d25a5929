"""The pages through which people come in: the only ones that are no screens. Each is declared here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, path

from kyufu.web.signin import records

View = Callable[..., HttpResponseBase]


def entrance(pattern: str, view: View, *, name: str) -> URLPattern:
    """The address of a page of sign-in; what a signed-in person does there stands in the log under their name."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return view(request, **parts)
        with records.acting_as(request, account_id=records.account_of(request)):
            response = view(request, **parts)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return response

    answer.is_entrance = True  # type: ignore[attr-defined]
    return path(pattern, answer, name=name)
