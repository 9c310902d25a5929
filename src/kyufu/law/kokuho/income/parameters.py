"""The dated figures of the income for the premium, loaded once and checked: tables by income year, deductions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from kyufu.law.kokuho.common import COMMON_FILE, with_common
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Entry, ParameterError, Table, value_table
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.records import maker

INCOME_FILE = "kokuho_income.toml"
INCOME_FILES = (INCOME_FILE, COMMON_FILE)
Line = TypeVar("Line", bound=tuple[object, ...])
FORMS = ("none", "fixed", "less", "quarter")
_BAND = {"code": str, "label": str}
INCOME_TABLES = (
    Table("salary_band", "code", {**_BAND, "at_least": int, "form": str, "percent": int, "amount": int}),
    Table("pension_band", "code", {**_BAND, "elderly": bool, "at_least": int, "percent": int, "amount": int}),
    Table("pension_other", "code", {**_BAND, "over": int, "amount": int}),
    Table("basic_deduction", "code", {**_BAND, "over": int, "amount": int}),
    Table("leaving_reason", "code", _BAND),
    value_table("income"),
)


@dataclass(frozen=True, slots=True)
class IncomeRules:
    """Single figures of one income year: yen, percent, ages."""

    adjustment_salary_from: int
    adjustment_salary_to: int
    adjustment_percent: int
    adjustment_both: int
    half_percent: int
    elderly_age: int
    unemployed_percent: int
    unemployed_age: int
    pension_reduction: int
    casualty_in_judgement: bool
    earner_salary_over: int
    earner_pension_over_younger: int
    earner_pension_over_elderly: int


class SalaryBand(NamedTuple):
    """One line of the table of salary income: from which revenue on (yen), and how the income comes of it."""

    at_least: int
    form: str
    percent: int
    amount: int


class PensionBand(NamedTuple):
    """One line of the table of pension income: from which revenue on (yen), percent and what is taken off (yen)."""

    at_least: int
    percent: int
    amount: int


class Threshold(NamedTuple):
    """An amount (yen) that holds where an income is more than `over` (yen)."""

    over: int
    amount: int


@dataclass(frozen=True, slots=True)
class IncomeTables:
    """All figures of one income year, the highest line of each table first."""

    rules: IncomeRules
    salary: tuple[SalaryBand, ...]
    pension_younger: tuple[PensionBand, ...]
    pension_elderly: tuple[PensionBand, ...]
    pension_other: tuple[Threshold, ...]
    basic_deduction: tuple[Threshold, ...]
    leaving_reasons: frozenset[str]


@lru_cache(maxsize=64)
def tables_of(income_year: int, *, overlay: Overlay = NOTHING) -> IncomeTables | None:
    """The figures of a year of income; None where no table of that year is kept. Raises ParameterError."""
    on = date(income_year, 12, 31)
    entries = load_income_entries(overlay)
    salary = _rows(entries, table="salary_band", on=on)
    pension = _rows(entries, table="pension_band", on=on)
    if not salary or not pension:
        return None
    return IncomeTables(
        rules=bind(_figures(entries, overlay=overlay), into=IncomeRules, on=on),
        salary=_descending(SalaryBand, rows=salary, by="at_least"),
        pension_younger=_descending(PensionBand, rows=_of_age(pension, elderly=False), by="at_least"),
        pension_elderly=_descending(PensionBand, rows=_of_age(pension, elderly=True), by="at_least"),
        pension_other=_descending(Threshold, rows=_rows(entries, table="pension_other", on=on), by="over"),
        basic_deduction=_descending(
            Threshold, rows=_rows(entries, table="basic_deduction", on=on), by="over"
        ),
        leaving_reasons=frozenset(each.key for each in _rows(entries, table="leaving_reason", on=on)),
    )


@lru_cache(maxsize=8)
def load_income_entries(overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """The checked rows of the file; raises ParameterError naming file and line."""
    entries = load_entries(INCOME_FILE, tables=INCOME_TABLES, overlay=overlay)
    check_income_entries(entries)
    return entries


def check_income_entries(entries: Sequence[Entry]) -> None:
    """Refuse unknown forms, unbound values, and tables whose lines do not begin and end together or start above 0."""
    check_binding(_figures(entries), into=IncomeRules, file=INCOME_FILE)
    pension = [each for each in entries if each.table == "pension_band"]
    for rows, first in (
        ([each for each in entries if each.table == "salary_band"], "at_least"),
        (_of_age(pension, elderly=False), "at_least"),
        (_of_age(pension, elderly=True), "at_least"),
        ([each for each in entries if each.table == "pension_other"], "over"),
        ([each for each in entries if each.table == "basic_deduction"], "over"),
    ):
        _check_eras(rows, first=first)
    for entry in entries:
        if entry.table == "salary_band" and entry.columns["form"] not in FORMS:
            raise entry.refused(f"知らない計算の形です：{entry.columns['form']}")


def _figures(entries: Sequence[Entry], *, overlay: Overlay = NOTHING) -> list[Entry]:
    rows = [each for each in entries if each.table == "income"]
    return with_common(rows, into=IncomeRules, overlay=overlay)


def _check_eras(rows: Sequence[Entry], *, first: str) -> None:
    if not rows:
        raise ParameterError("所得の計算表がありません", file=INCOME_FILE, line=1)
    eras = sorted({row.period for row in rows}, key=lambda period: period.start)
    for earlier, later in pairwise(eras):
        if earlier.end != later.start:
            row = next(each for each in rows if each.period == later)
            raise row.refused("計算表の行の期間が、表の中でそろっていません")
    for era in eras:
        of_era = [each for each in rows if each.period == era]
        if min(int(each.columns[first]) for each in of_era) != 0:
            raise of_era[0].refused("計算表が0円から始まっていません")


def _rows(entries: Sequence[Entry], *, table: str, on: date) -> list[Entry]:
    return [each for each in entries if each.table == table and on in each.period]


def _of_age(rows: Sequence[Entry], *, elderly: bool) -> list[Entry]:
    return [each for each in rows if each.columns["elderly"] is elderly]


def _descending(line: type[Line], *, rows: Sequence[Entry], by: str) -> tuple[Line, ...]:
    ordered = sorted(rows, key=lambda each: -int(each.columns[by]))
    names: tuple[str, ...] = vars(line)["_fields"]
    return tuple(maker(line)(tuple(each.columns[name] for name in names)) for each in ordered)
