"""Template tags: the address of a screen for an object, and the menu of the signed-in account."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from kyufu.platform import clock
from kyufu.staff.api import SignInPolicy, sign_in_policy
from kyufu.web import screens, tokens

register = template.Library()


@register.simple_tag(takes_context=True)
def screen_url(context: dict[str, Any], code: str, *, kind: str = "", key: str | int = "") -> str:
    """The address of a screen; with `kind` and `key`, for one object, by its sealed token."""
    if not kind:
        return reverse(code)
    token = tokens.token_for(kind=kind, key=key, account_id=context["request"].user.pk)
    return reverse(code, kwargs={"token": token})


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[screens.MenuGroup]:
    """The screens of the menu that the signed-in account may open, in their groups; empty before sign-in."""
    rights = getattr(context.get("request"), "rights", None)
    return screens.menu_for(rights) if rights else []


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
