"""Records of law from JSON: strict, generic over named tuples and frozen dataclasses.

An unknown key, a missing key or a value of the wrong kind raises FactsError with the JSON path and the reason in
Japanese. A topic brings a Grammar of its own: how it reads single values, and what it checks of a record beyond kinds.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

from kyufu.law.calendar.period import Period

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LARGEST_AMOUNT = 10**15

Kind = TypeVar("Kind")
# Checks a record of its kind: (record, *, path); raises FactsError with the path of the field that is wrong.
Check = Callable[..., None]


class FactsError(ValueError):
    """What is wrong where: a JSON path such as `$.guardians[0].relation` and the reason in Japanese."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Scalar(Protocol):
    """Reads a single value; raises FactsError with the path."""

    def __call__(self, content: object, *, path: str) -> object: ...


class Grammar(NamedTuple):
    """How a topic reads: single values by their kind, and a check of every record, which raises FactsError."""

    scalars: Mapping[object, Scalar]
    check: Check


class _Field(NamedTuple):
    kind: object
    required: bool


def load(text: str) -> object:
    """Plain values of JSON text; raises FactsError where it is none, is nested too deep or names a key twice."""
    try:
        content: object = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise FactsError("$", f"JSONとして読めません（{error.lineno}行{error.colno}文字目）") from None
    except RecursionError:
        raise FactsError("$", "JSONの入れ子が深すぎます") from None
    return content


def decode(content: object, *, into: type[Kind], grammar: Grammar, path: str = "$") -> Kind:
    """Read a plain JSON value as a type of law (record, date, enum, int, bool, str, tuple of them, or None)."""
    return typing.cast(Kind, _read(content, kind=into, path=path, grammar=grammar))


def read_date(content: object, *, path: str) -> date:
    """A day as YYYY-MM-DD."""
    if not isinstance(content, str) or not _DATE.fullmatch(content):
        raise FactsError(path, "日付（YYYY-MM-DD）ではありません")
    try:
        return date.fromisoformat(content)
    except ValueError:
        raise FactsError(path, "暦にない日付です") from None


def check_period(period: Period, *, path: str) -> None:
    """A period holds a day at least."""
    if period.end is not None and period.end <= period.start:
        raise FactsError(f"{path}.end", "終わり（その日を含まない）が始まりより後ではありません")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content: dict[str, object] = {}
    for key, value in pairs:
        if key in content:
            raise FactsError("$", f"同じ項目が二度あります：{key}")
        content[key] = value
    return content


def _int(content: object, *, path: str) -> int:
    if isinstance(content, bool) or not isinstance(content, int):
        raise FactsError(path, "整数ではありません")
    if abs(content) > _LARGEST_AMOUNT:
        raise FactsError(path, "桁が大きすぎます")
    return content


def _bool(content: object, *, path: str) -> bool:
    if not isinstance(content, bool):
        raise FactsError(path, "true か false ではありません")
    return content


def _str(content: object, *, path: str) -> str:
    if not isinstance(content, str):
        raise FactsError(path, "文字列ではありません")
    return content


SCALARS: Mapping[object, Scalar] = types.MappingProxyType(
    {date: read_date, int: _int, bool: _bool, str: _str}
)


def _read(content: object, *, kind: object, path: str, grammar: Grammar) -> object:
    if kind in grammar.scalars:
        return grammar.scalars[kind](content, path=path)
    if typing.get_origin(kind) in (tuple, Sequence):
        return _tuple(content, of=typing.get_args(kind)[0], path=path, grammar=grammar)
    if isinstance(kind, types.UnionType):
        inner = kind.__args__[0]
        return None if content is None else _read(content, kind=inner, path=path, grammar=grammar)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(content, of=kind, path=path)
    return _record(content, kind=typing.cast(type[Any], kind), path=path, grammar=grammar)


def _tuple(content: object, *, of: object, path: str, grammar: Grammar) -> tuple[object, ...]:
    if not isinstance(content, list):
        raise FactsError(path, "配列ではありません")
    return tuple(_read(each, kind=of, path=f"{path}[{i}]", grammar=grammar) for i, each in enumerate(content))


def _member(content: object, *, of: type[StrEnum], path: str) -> StrEnum:
    if not isinstance(content, str) or content not in list(of):
        raise FactsError(path, f"{'、'.join(of)} のいずれでもありません")
    return of(content)


@cache
def _fields_of(record: type[tuple[object, ...]]) -> dict[str, _Field]:
    kinds = typing.get_type_hints(record)
    if is_dataclass(record):
        return {
            each.name: _Field(kinds[each.name], each.default is MISSING and each.default_factory is MISSING)
            for each in fields(record)
        }
    defaults: dict[str, object] = vars(record)["_field_defaults"]
    return {name: _Field(kinds[name], name not in defaults) for name in vars(record)["_fields"]}


def _record(content: object, *, kind: type[Any], path: str, grammar: Grammar) -> object:
    if not isinstance(content, dict):
        raise FactsError(path, "オブジェクト（{…}）ではありません")
    known = _fields_of(typing.cast(type[tuple[object, ...]], kind))
    for name in content:
        if name not in known:
            raise FactsError(f"{path}.{name}", "知らない項目です")
    for name, field in known.items():
        if field.required and name not in content:
            raise FactsError(f"{path}.{name}", "項目がありません")
    given = {
        name: _read(each, kind=known[name].kind, path=f"{path}.{name}", grammar=grammar)
        for name, each in content.items()
    }
    record: object = kind(**given)
    grammar.check(record, path=path)
    return record
