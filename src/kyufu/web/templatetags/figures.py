"""Filters of figures: numbers with separators, words as they are."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def figure(value: int | str) -> str:
    """A cell of a table of figures: a number with separators, words as they are."""
    return f"{value:,}" if isinstance(value, int) else value
