"""Records of law as canonical JSON: sorted keys, no spaces, Japanese as it is, dates as YYYY-MM-DD, months as YYYY-MM.

A bulk run writes half a million records of each kind, so that how a kind is written is found out once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

from kyufu.law.calendar.months import YearMonth

Writer = Callable[[Any], str]


def to_json(value: object) -> str:
    """Text of a record, tuple, date, month, text, whole number, truth value or None; raises TypeError for others."""
    return WRITERS[type(value)](value)


def write_object(members: Mapping[str, str]) -> str:
    """An object of members whose values are JSON text already."""
    return "{" + ",".join([f'"{name}":{members[name]}' for name in sorted(members)]) + "}"


class _Writers(dict[type, Writer]):
    """How each kind of value is written; a kind that was not met before is looked at once."""

    def __missing__(self, kind: type) -> Writer:
        self[kind] = writer = _writer_of(kind)
        return writer


def _writer_of(kind: type) -> Writer:
    for known, writer in _SINGLE:
        if issubclass(kind, known):
            return writer
    names = _names_of(kind)
    if names is not None:
        return _record(names)
    if issubclass(kind, tuple):
        return _list
    raise TypeError(f"{kind.__name__} is no value of law")


def _names_of(kind: type) -> tuple[str, ...] | None:
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    found: tuple[str, ...] | None = getattr(kind, "_fields", None)
    return found


def _record(names: tuple[str, ...]) -> Writer:
    ordered = sorted(names)
    layout = "{" + ",".join(f'"{name}":%s' for name in ordered) + "}"
    if len(ordered) < 2:
        return lambda record: layout % tuple(to_json(getattr(record, name)) for name in ordered)
    values_of = attrgetter(*ordered)

    def write(record: object) -> str:
        return layout % tuple([WRITERS[type(value)](value) for value in values_of(record)])

    return write


def _list(items: tuple[object, ...]) -> str:
    return "[" + ",".join([WRITERS[type(item)](item) for item in items]) + "]"


# The order matters: a truth value is a whole number too, and the names of an enumeration are texts.
_SINGLE: tuple[tuple[type, Writer], ...] = (
    (type(None), lambda _: "null"),
    (bool, lambda value: "true" if value else "false"),
    (int, int.__repr__),
    (str, encode_basestring),
    (date, lambda day: f'"{day.isoformat()}"'),
    (YearMonth, lambda month: f'"{month}"'),
)
WRITERS = _Writers()
