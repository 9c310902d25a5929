"""Template tags: the address of a screen for an object, and the menu of the signed-in account."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

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
def object_token(context: dict[str, Any], kind: str, key: str | int) -> str:
    """The sealed token of an object, for a hidden field of a form."""
    return tokens.token_for(kind=kind, key=key, account_id=context["request"].user.pk)


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[screens.MenuGroup]:
    """The screens of the menu that the signed-in account may open, in their groups; empty before sign-in."""
    rights = getattr(context.get("request"), "rights", None)
    return screens.menu_for(rights) if rights else []
