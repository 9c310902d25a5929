"""Which envelope a document goes into, by its pages: a dated rule of the municipality's data, the thinnest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kyufu.platform.errors import BadInput

# Part of file names, so that a clerk reads it and every system carries it.
LONGEST_CODE = 10
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A kind of envelope: its code in file names, its name, and how many pages it holds (None: any number)."""

    code: str
    name: str
    most_pages: int | None


@dataclass(frozen=True, slots=True)
class EnvelopeRule:
    """The envelopes in use for documents dated from a day on, the thinnest first; the last holds any number."""

    since: date
    envelopes: tuple[Envelope, ...]


def rules_from(group: Mapping[str, Any]) -> tuple[EnvelopeRule, ...]:
    """The rules of a data file, the oldest first; raises ValueError where they are not in order or do not end."""
    rules = tuple(
        EnvelopeRule(
            one["since"],
            tuple(Envelope(kind["code"], kind["name"], kind.get("most_pages")) for kind in one["kinds"]),
        )
        for one in group["rule"]
    )
    days = [rule.since for rule in rules]
    if not rules or days != sorted(set(days)):
        raise ValueError("[envelopes] since")
    for rule in rules:
        _check(rule.envelopes)
    return rules


def envelopes_on(rules: Sequence[EnvelopeRule], *, on: date) -> tuple[Envelope, ...]:
    """The envelopes for documents dated on a day; raises BadInput before the first rule."""
    standing = [rule for rule in rules if rule.since <= on]
    if not standing:
        raise BadInput(
            "この文書の日付に使う封筒の種類が登録されていません。",
            remedy="documents/municipalities の envelopes を確かめてください。",
        )
    return standing[-1].envelopes


def envelope_for(pages: int, *, among: Sequence[Envelope]) -> int:
    """The place, among the envelopes in use, of the thinnest one that holds so many pages."""
    return next(place for place, one in enumerate(among) if one.most_pages is None or pages <= one.most_pages)


def _is_code(code: str) -> bool:
    return 0 < len(code) <= LONGEST_CODE and not set(code) - LETTERS


def _check(envelopes: Sequence[Envelope]) -> None:
    codes = [one.code for one in envelopes]
    if not codes or len(set(codes)) != len(codes) or not all(map(_is_code, codes)):
        raise ValueError("[envelopes] code")
    held = [one.most_pages for one in envelopes[:-1]]
    if envelopes[-1].most_pages is not None or None in held:
        raise ValueError("[envelopes] most_pages")
    bounds = [pages for pages in held if pages is not None]
    if bounds != sorted(set(bounds)) or any(pages < 1 for pages in bounds):
        raise ValueError("[envelopes] most_pages")
