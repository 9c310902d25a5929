"""Strict reading of plain JSON values into the named tuples of law, with the JSON path of what is wrong."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar

from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import SENSIBLE_YEARS, is_sensible
from kyufu.law.child.facts import ChildFacts, Guardian, InsuranceCoverage, Residence
from kyufu.law.income.evidence import Deductions, Dependants, IncomeEvidence

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MUNICIPALITY = re.compile(r"\d{6}", re.ASCII)
_INSURER = re.compile(r"\d{6}|\d{8}", re.ASCII)
_RELATIONS = ("father", "mother", "other")
_LARGEST_AMOUNT = 10**15

Kind = TypeVar("Kind")


class FactsError(ValueError):
    """What is wrong where: a JSON path such as `$.guardians[0].relation` and the reason in Japanese."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class _Field(NamedTuple):
    kind: object
    required: bool


def decode(content: object, *, into: type[Kind], path: str = "$") -> Kind:
    """Read a plain JSON value as a type of law (record, date, enum, int, bool, str, tuple of them, or None)."""
    return typing.cast(Kind, _read(content, kind=into, path=path))


def _read(content: object, *, kind: object, path: str) -> object:
    if kind in _SCALARS:
        return _SCALARS[kind](content, path)
    if typing.get_origin(kind) in (tuple, Sequence):
        return _tuple(content, of=typing.get_args(kind)[0], path=path)
    if isinstance(kind, types.UnionType):
        return None if content is None else _read(content, kind=kind.__args__[0], path=path)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(content, of=kind, path=path)
    return _record(content, kind=typing.cast(type[tuple[object, ...]], kind), path=path)


def _date(content: object, path: str) -> date:
    if not isinstance(content, str) or not _DATE.fullmatch(content):
        raise FactsError(path, "日付（YYYY-MM-DD）ではありません")
    try:
        return date.fromisoformat(content)
    except ValueError:
        raise FactsError(path, "暦にない日付です") from None


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


_SCALARS: dict[object, Callable[[object, str], object]] = {date: _date, int: _int, bool: _bool, str: _str}


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
    defaults: dict[str, object] = vars(record)["_field_defaults"]
    return {name: _Field(kinds[name], name not in defaults) for name in vars(record)["_fields"]}


def _record(content: object, *, kind: type[tuple[object, ...]], path: str) -> object:
    if not isinstance(content, dict):
        raise FactsError(path, "オブジェクト（{…}）ではありません")
    fields = _fields_of(kind)
    for name in content:
        if name not in fields:
            raise FactsError(f"{path}.{name}", "知らない項目です")
    for name, field in fields.items():
        if field.required and name not in content:
            raise FactsError(f"{path}.{name}", "項目がありません")
    given = {
        name: _read(each, kind=fields[name].kind, path=f"{path}.{name}") for name, each in content.items()
    }
    record = kind(**given)
    check = _CHECKS.get(kind)
    if check is not None:
        check(record, path)
    return record


def _check_period(period: Period, path: str) -> None:
    if period.end is not None and period.end <= period.start:
        raise FactsError(f"{path}.end", "終わり（その日を含まない）が始まりより後ではありません")


def _check_residence(residence: Residence, path: str) -> None:
    if not _MUNICIPALITY.fullmatch(residence.municipality):
        raise FactsError(f"{path}.municipality", "全国地方公共団体コード（6桁の数字）ではありません")


def _check_insurance(insurance: InsuranceCoverage, path: str) -> None:
    if not _INSURER.fullmatch(insurance.insurer_no):
        raise FactsError(f"{path}.insurer_no", "保険者番号（6桁又は8桁の数字）ではありません")


def _check_guardian(guardian: Guardian, path: str) -> None:
    if guardian.relation not in _RELATIONS:
        raise FactsError(f"{path}.relation", f"{'、'.join(_RELATIONS)} のいずれでもありません")


def _check_income(income: IncomeEvidence, path: str) -> None:
    if not 1950 <= income.tax_year <= 9998:
        raise FactsError(f"{path}.tax_year", "賦課年度（西暦4桁）ではありません")
    for name in ("income_levy", "per_capita_levy"):
        levy = getattr(income, name)
        if levy is not None and levy < 0:
            raise FactsError(f"{path}.{name}", "負の額は使えません")


def _check_not_negative(record: Deductions | Dependants, path: str) -> None:
    for name, value in record._asdict().items():
        if value < 0:
            raise FactsError(f"{path}.{name}", "負の数は使えません")


def _check_dependants(dependants: Dependants, path: str) -> None:
    _check_not_negative(dependants, path)
    if dependants.total < dependants.elderly + dependants.elderly_spouse:
        raise FactsError(f"{path}.total", "老人扶養親族等の数より少なくなっています")


def _check_child(facts: ChildFacts, path: str) -> None:
    for name in ("birth_date", "applied_on"):
        day = getattr(facts, name)
        if day is not None and not is_sensible(day):
            span = f"{SENSIBLE_YEARS.start}年から{SENSIBLE_YEARS[-1]}年まで"
            raise FactsError(f"{path}.{name}", f"年が範囲（{span}）の外です")
    refs = [guardian.ref for guardian in facts.guardians]
    if len(set(refs)) != len(refs):
        raise FactsError(f"{path}.guardians", "同じ ref の保護者が二人います")


_CHECKS: dict[Any, Callable[[Any, str], None]] = {
    ChildFacts: _check_child,
    Deductions: _check_not_negative,
    Dependants: _check_dependants,
    Guardian: _check_guardian,
    IncomeEvidence: _check_income,
    InsuranceCoverage: _check_insurance,
    Period: _check_period,
    Residence: _check_residence,
}
