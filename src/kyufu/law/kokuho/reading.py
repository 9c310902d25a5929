"""Facts of any rule from JSON and answers to JSON: strict, generic over named tuples and frozen dataclasses.

An unknown key, a missing key or a value of the wrong kind raises FactsError with the JSON path and the reason in
Japanese. A record may have a method `fault` that gives the name of a field and what is wrong with its value.
A date is "YYYY-MM-DD", a YearMonth "YYYY-MM", an enum its value; a period is {"start", "end"} and holds a day.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from kyufu.law.calendar.months import MONTHS_A_YEAR, YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import SENSIBLE_YEARS
from kyufu.law.kokuho.answer import Answer

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_LARGEST_AMOUNT = 10**15

Kind = TypeVar("Kind")


class FactsError(ValueError):
    """What is wrong where: a JSON path such as `$.members[0].income` and the reason in Japanese."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@runtime_checkable
class Checked(Protocol):
    """A record that can tell what is wrong with it."""

    def fault(self) -> tuple[str, str] | None:
        """The name of a field and the reason in Japanese, None where nothing is wrong."""
        ...


class _Field(NamedTuple):
    kind: object
    required: bool


def facts_from_json(text: str, *, into: type[Kind]) -> Kind:
    """Read the facts of a rule; raises FactsError with the JSON path of the first thing that is wrong."""
    return typing.cast(Kind, _read(_load(text), kind=into, path="$"))


def facts_from_plain(content: object, *, into: type[Kind], path: str = "$") -> Kind:
    """Read facts that are plain values already (of a case file); raises FactsError likewise."""
    return typing.cast(Kind, _read(content, kind=into, path=path))


def to_json(value: object) -> str:
    """Facts, or any value of an answer, as canonical JSON: sorted keys, no spaces, Japanese as it is."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def answer_to_json(answer: Answer[Any]) -> str:
    """An answer as canonical JSON with its whole trace; `decided` tells whether `value` is one."""
    content = {name: plain(value) for name, value in zip(Answer._fields, answer, strict=True)}
    content["steps"] = [plain(step) for step in answer.steps]
    content["decided"] = answer.decided
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: object) -> object:
    """Records as objects, dates and months as text; text, numbers, true, false and None stay as they are."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, YearMonth):
        return str(value)
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        if names is None:
            return [plain(each) for each in value]
        return {name: plain(each) for name, each in zip(names, value, strict=True)}
    return value


def _load(text: str) -> object:
    try:
        content: object = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise FactsError("$", f"JSONとして読めません（{error.lineno}行{error.colno}文字目）") from None
    except RecursionError:
        raise FactsError("$", "JSONの入れ子が深すぎます") from None
    return content


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content: dict[str, object] = {}
    for key, value in pairs:
        if key in content:
            raise FactsError("$", f"同じ項目が二度あります：{key}")
        content[key] = value
    return content


def _read(content: object, *, kind: object, path: str) -> object:
    if kind in _SCALARS:
        return _SCALARS[kind](content, path)
    if typing.get_origin(kind) in (tuple, Sequence):
        return _tuple(content, of=typing.get_args(kind)[0], path=path)
    if isinstance(kind, types.UnionType):
        return None if content is None else _read(content, kind=kind.__args__[0], path=path)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(content, of=kind, path=path)
    return _record(content, kind=typing.cast(type[Any], kind), path=path)


def _date(content: object, path: str) -> date:
    if not isinstance(content, str) or not _DATE.fullmatch(content):
        raise FactsError(path, "日付（YYYY-MM-DD）ではありません")
    try:
        day = date.fromisoformat(content)
    except ValueError:
        raise FactsError(path, "暦にない日付です") from None
    if day.year not in SENSIBLE_YEARS:
        raise FactsError(path, f"年が範囲（{SENSIBLE_YEARS.start}年から{SENSIBLE_YEARS[-1]}年まで）の外です")
    return day


def _month(content: object, path: str) -> YearMonth:
    found = _MONTH.fullmatch(content) if isinstance(content, str) else None
    if not found:
        raise FactsError(path, "年月（YYYY-MM）ではありません")
    month = YearMonth(int(found[1]), int(found[2]))
    if month.year not in SENSIBLE_YEARS or not 1 <= month.month <= MONTHS_A_YEAR:
        raise FactsError(path, "暦にない年月か、年が範囲の外です")
    return month


def _int(content: object, path: str) -> int:
    if isinstance(content, bool) or not isinstance(content, int):
        raise FactsError(path, "整数ではありません")
    if abs(content) > _LARGEST_AMOUNT:
        raise FactsError(path, "桁が大きすぎます")
    return content


def _bool(content: object, path: str) -> bool:
    if not isinstance(content, bool):
        raise FactsError(path, "true か false ではありません")
    return content


def _str(content: object, path: str) -> str:
    if not isinstance(content, str):
        raise FactsError(path, "文字列ではありません")
    return content


def _period(content: object, path: str) -> Period:
    period = typing.cast(Period, _record(content, kind=Period, path=path))
    if period.end is not None and period.end <= period.start:
        raise FactsError(f"{path}.end", "終わり（その日を含まない）が始まりより後ではありません")
    return period


_SCALARS: dict[object, Callable[[object, str], object]] = {
    date: _date,
    YearMonth: _month,
    int: _int,
    bool: _bool,
    str: _str,
    Period: _period,
}


def _tuple(content: object, *, of: object, path: str) -> tuple[object, ...]:
    if not isinstance(content, list):
        raise FactsError(path, "配列ではありません")
    return tuple(_read(each, kind=of, path=f"{path}[{i}]") for i, each in enumerate(content))


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


def _record(content: object, *, kind: type[Any], path: str) -> object:
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
        name: _read(each, kind=known[name].kind, path=f"{path}.{name}") for name, each in content.items()
    }
    record = kind(**given)
    fault = record.fault() if isinstance(record, Checked) else None
    if fault is not None:
        raise FactsError(f"{path}.{fault[0]}", fault[1])
    return typing.cast(object, record)
