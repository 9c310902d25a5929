"""Template tags: the address of a screen for an object, and the menu of the signed-in account."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import get_script_prefix, reverse

from kyufu.platform import clock
from kyufu.staff.api import SignInPolicy, sign_in_policy
from kyufu.web import screens, tokens

register = template.Library()
_SOME_TOKEN = "some-token"  # noqa: S105 - stands for any


@register.simple_tag(takes_context=True)
def screen_url(context: dict[str, Any], code: str, *, kind: str = "", key: str | int = "") -> str:
    """The address of a screen; with `kind` and `key`, for one object, by its sealed token."""
    if not kind:
        return reverse(code)
    token = tokens.token_for(kind=kind, key=key, account_id=context["request"].user.pk)
    before, after = _around_token(code, prefix=get_script_prefix())
    return f"{before}{token}{after}"


@lru_cache(maxsize=256)
def _around_token(code: str, *, prefix: str) -> tuple[str, str]:  # noqa: ARG001 - the address begins with it
    """What stands before and behind the token in the address of a screen, for lists have an address in each row."""
    before, _, after = reverse(code, kwargs={"token": _SOME_TOKEN}).partition(_SOME_TOKEN)
    return before, after


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[screens.MenuGroup]:
    """The screens of the menu that the signed-in account may open, in their groups; empty before sign-in."""
    request = context.get("request")
    rights = getattr(request, "rights", None)
    if not rights:
        return []
    # A page asks twice: for the menu, and for where in it the page stands.
    known: tuple[object, list[screens.MenuGroup]] | None = getattr(request, "menu_of_rights", None)
    if known is None or known[0] is not rights:
        known = request.menu_of_rights = rights, screens.menu_for(rights)  # type: ignore[union-attr]
    return known[1]


@register.simple_tag(takes_context=True)
def menu_here(context: dict[str, Any]) -> dict[str, str]:
    """Title and address of the screen of the menu that the page is, or stands below; empty where there is none."""
    path = getattr(context.get("request"), "path", "")
    entries = [(url, entry.title) for group in menu(context) for entry, url in group.entries]
    above = [(url, title) for url, title in entries if path.startswith(url)]
    url, title = max(above, key=lambda one: len(one[0]), default=("", ""))
    return {"url": url, "title": title}


@register.simple_tag
def sign_in_rules() -> SignInPolicy:
    """The rules of sign-in that are in force today."""
    return sign_in_policy(clock.current_date_in_japan())


@register.simple_tag
def city_provider() -> dict[str, str]:
    """Name and address of the city's identity provider; empty where none is set."""
    if not settings.OIDC_SERVER:
        return {}
    url = reverse("openid_connect_login", kwargs={"provider_id": settings.OIDC_PROVIDER_ID})
    return {"name": settings.OIDC_NAME, "url": url}


@register.simple_tag
def as_json(value: Any) -> str:
    """A value as JSON, to be escaped by the template; our script reads it from the text of an element."""
    return json.dumps(value or {})
