"""Facts of any rule of national health insurance from JSON, and its answers to JSON.

A date is "YYYY-MM-DD" of a year that somebody alive may mean, a YearMonth "YYYY-MM", an enum its value; a period is
{"start", "end"} and holds a day. A record may have a method `fault` that gives the name of a field and what is wrong
with its value.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Protocol, runtime_checkable

from kyufu.law.calendar.months import MONTHS_A_YEAR, YearMonth
from kyufu.law.calendar.period import Period
from kyufu.law.calendar.years import SENSIBLE_YEARS
from kyufu.law.canonical_json import to_json, write_object
from kyufu.law.kokuho.answer import Answer
from kyufu.law.strict_json import (
    SCALARS,
    FactsError,
    Grammar,
    Kind,
    check_period,
    decode,
    load,
    read_date,
)

__all__ = [
    "Checked",
    "FactsError",
    "answer_to_json",
    "facts_from_json",
    "facts_from_plain",
    "to_json",
]

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@runtime_checkable
class Checked(Protocol):
    """A record that can tell what is wrong with it."""

    def fault(self) -> tuple[str, str] | None:
        """The name of a field and the reason in Japanese, None where nothing is wrong."""
        ...


def facts_from_json(text: str, *, into: type[Kind]) -> Kind:
    """Read the facts of a rule; raises FactsError with the JSON path of the first thing that is wrong."""
    return facts_from_plain(load(text), into=into)


def facts_from_plain(content: object, *, into: type[Kind], path: str = "$") -> Kind:
    """Read facts that are plain values already (of a case file); raises FactsError likewise."""
    return decode(content, into=into, grammar=_GRAMMAR, path=path)


def answer_to_json(answer: Answer[Any]) -> str:
    """An answer as canonical JSON with its whole trace; `decided` tells whether `value` is one."""
    members = {
        name: to_json(value) for name, value in zip(Answer._fields, answer, strict=True) if name != "steps"
    }
    return write_object(
        {**members, "steps": to_json(tuple(answer.steps)), "decided": to_json(answer.decided)}
    )


def _sensible_date(content: object, *, path: str) -> date:
    day = read_date(content, path=path)
    if day.year not in SENSIBLE_YEARS:
        raise FactsError(path, f"年が範囲（{SENSIBLE_YEARS.start}年から{SENSIBLE_YEARS[-1]}年まで）の外です")
    return day


def _month(content: object, *, path: str) -> YearMonth:
    found = _MONTH.fullmatch(content) if isinstance(content, str) else None
    if not found:
        raise FactsError(path, "年月（YYYY-MM）ではありません")
    month = YearMonth(int(found[1]), int(found[2]))
    if month.year not in SENSIBLE_YEARS or not 1 <= month.month <= MONTHS_A_YEAR:
        raise FactsError(path, "暦にない年月か、年が範囲の外です")
    return month


def _check(record: object, *, path: str) -> None:
    if isinstance(record, Period):
        check_period(record, path=path)
    fault = record.fault() if isinstance(record, Checked) else None
    if fault is not None:
        raise FactsError(f"{path}.{fault[0]}", fault[1])


_GRAMMAR = Grammar({**SCALARS, date: _sensible_date, YearMonth: _month}, _check)
