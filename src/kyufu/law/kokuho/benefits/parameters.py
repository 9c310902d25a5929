"""The dated figures of the benefits, loaded once and checked.

A table may end: from the last `to` on nothing is registered, and the rules answer that they cannot decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from kyufu.law.decision import Citation
from kyufu.law.kokuho.answer import UnknownMunicipality
from kyufu.law.kokuho.common import COMMON_FILE, common_entry, with_common
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.catalogue import list_entries, load_entries
from kyufu.law.parameters.entries import Entry, Table, value_table

HIGH_COST_FILE = "kokuho_highcost.toml"
HIGH_COST_FILES = (HIGH_COST_FILE, COMMON_FILE)
BENEFITS_FILE = "kokuho_benefits.toml"
FUNERAL_FILE = "kokuho_funeral.toml"

_CODED = {"code": str, "label": str}
_LIMIT = {**_CODED, "base": int, "threshold": int, "several": int}
_YEARLY = {"annual": int, "annual_low": int}
_OUTPATIENT = {"outpatient_month": int, "outpatient_year": int}
HIGH_COST_TABLES = (
    Table("under_70", "code", {**_LIMIT, **_YEARLY}, optional=frozenset(_YEARLY)),
    Table(
        "from_70",
        "code",
        {**_LIMIT, **_OUTPATIENT, **_YEARLY},
        optional=frozenset({"several", *_OUTPATIENT, *_YEARLY}),
    ),
    value_table("rule"),
    value_table("class"),
)
_AMOUNT = {**_CODED, "amount": int}
BENEFITS_TABLES = (
    Table("combined_under_70", "code", _AMOUNT),
    Table("combined_from_70", "code", _AMOUNT),
    Table("meal", "code", _AMOUNT),
    value_table("rule"),
)
FUNERAL_TABLES = (Table("funeral", "code", _AMOUNT),)


@dataclass(frozen=True, slots=True)
class Rules:
    """How high-cost expenses are computed: ages, months, yen, tenths (割), a date as YYYY-MM-DD."""

    minimum_item: int
    several_months: int
    several_window: int
    senior_age: int
    late_elderly_age: int
    half_divisor: int
    excess_percent: int
    specified_ceiling: int
    specified_dialysis_ceiling: int
    income_switch_month: int
    year_first_month: int
    share_preschool: int
    share_standard: int
    share_senior: int
    share_active: int
    share_special: int
    special_born_until: str


@dataclass(frozen=True, slots=True)
class ClassRules:
    """Where one income class ends and the next begins, yen."""

    class_a: int
    class_i: int
    class_u: int
    undeclared_under_70: str
    undeclared_from_70: str
    active_1: int
    active_2: int
    active_3: int
    active_base_limit: int
    active_gross_single: int
    active_gross_several: int
    low_pension: int
    low_salary: int


@dataclass(frozen=True, slots=True)
class BenefitRules:
    """The figures of the other benefits: yen, days, weeks, months, years."""

    combined_minimum: int
    long_stay_days: int
    long_stay_months: int
    meals_per_day: int
    childbirth: int
    childbirth_addition: int
    childbirth_minimum_days: int
    childbirth_addition_weeks: int
    childbirth_other_months: int
    childbirth_other_membership: int
    funeral_other_months: int
    time_bar_years: int


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the tables of ceilings, yen; None where the class has no such ceiling."""

    code: str
    label: str
    base: int
    threshold: int
    several: int | None
    outpatient_month: int | None
    outpatient_year: int | None
    annual: int | None
    annual_low: int | None
    source: str
    certainty: str


@lru_cache(maxsize=256)
def rules_on(day: date) -> Rules:
    """How high-cost expenses are computed on a day; raises ParameterError before 2015."""
    return bind(with_common(_entries(HIGH_COST_FILE, "rule"), into=Rules), into=Rules, on=day)


@lru_cache(maxsize=256)
def class_rules_on(day: date) -> ClassRules:
    """The limits of the income classes on a day; raises ParameterError before 2015."""
    rows = with_common(_entries(HIGH_COST_FILE, "class"), into=ClassRules)
    return bind(rows, into=ClassRules, on=day)


@lru_cache(maxsize=256)
def benefit_rules_on(day: date) -> BenefitRules:
    """The figures of the other benefits on a day; raises ParameterError before they are known (2018-04)."""
    return bind(_entries(BENEFITS_FILE, "rule"), into=BenefitRules, on=day)


@lru_cache(maxsize=16)
def registered_from(file: str, *, table: str) -> date:
    """The first day of which a table says anything; before it the rules answer that they cannot decide."""
    return min(entry.period.start for entry in _entries(file, table))


@lru_cache(maxsize=1024)
def limit_on(day: date, *, table: str, code: str) -> Limit | None:
    """The row of a class (`under_70` or `from_70`) in force on a day, None where none is registered."""
    entry = _in_force(_entries(HIGH_COST_FILE, table), code=code, on=day)
    if entry is None:
        return None
    columns = {name: entry.columns.get(name) for name in Limit.__dataclass_fields__}
    return Limit(**{**columns, "source": entry.source, "certainty": entry.certainty.value})  # type: ignore[arg-type]


def amount_on(day: date, *, table: str, code: str) -> Entry | None:
    """The row of a table of amounts in force on a day, None where none is registered."""
    return _in_force(_entries(BENEFITS_FILE, table), code=code, on=day)


def funeral_on(day: date, *, municipality: str) -> Entry | None:
    """The funeral benefit of a municipality on a day, None before it is known; raises UnknownMunicipality."""
    entries = _entries(FUNERAL_FILE, "funeral")
    known = sorted({entry.key for entry in entries})
    if municipality not in known:
        raise UnknownMunicipality(
            f"葬祭費の額が登録されていない自治体です：{municipality}（登録：{'、'.join(known)}）"
        )
    return _in_force(entries, code=municipality, on=day)


def value_entry(name: str, *, file: str, table: str, on: date) -> Entry | None:
    """The dated row of a single value, for its source and certainty."""
    return _in_force(_entries(file, table), code=name, on=on)


def cite(entry: Entry, *, law: str, article: str) -> Citation:
    """A citation as sure as the row it speaks of."""
    return Citation(law, article, entry.certainty.value)


def class_citations(names: Iterable[str], *, on: date) -> tuple[Citation, ...]:
    """The figures of the income classes that an answer rests on, each as sure as its row."""
    rows = [
        value_entry(name, file=HIGH_COST_FILE, table="class", on=on) or common_entry(name, on=on)
        for name in names
    ]
    return tuple(
        cite(row, law="所得区分の基準", article=f"（{row.columns['label']}）")
        for row in rows
        if row is not None
    )


def all_entries() -> tuple[Entry, ...]:
    """Every dated row of the benefits' files, the least certain first."""
    return list_entries(
        {
            HIGH_COST_FILE: HIGH_COST_TABLES,
            BENEFITS_FILE: BENEFITS_TABLES,
            FUNERAL_FILE: FUNERAL_TABLES,
        }
    )


def list_benefits(municipality: str) -> tuple[Entry, ...]:
    """What a municipality must confirm of its benefits, least certain first: the nation's figures and its own."""
    return tuple(entry for entry in all_entries() if entry.table != "funeral" or entry.key == municipality)


def _in_force(entries: Iterable[Entry], *, code: str, on: date) -> Entry | None:
    return next((entry for entry in entries if entry.key == code and on in entry.period), None)


@lru_cache(maxsize=16)
def _entries(file: str, table: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in _loaded()[file] if entry.table == table)


@lru_cache(maxsize=1)
def _loaded() -> dict[str, tuple[Entry, ...]]:
    loaded = {
        HIGH_COST_FILE: load_entries(HIGH_COST_FILE, tables=HIGH_COST_TABLES),
        BENEFITS_FILE: load_entries(BENEFITS_FILE, tables=BENEFITS_TABLES),
        FUNERAL_FILE: load_entries(FUNERAL_FILE, tables=FUNERAL_TABLES),
    }
    bound = {
        (HIGH_COST_FILE, "rule"): Rules,
        (HIGH_COST_FILE, "class"): ClassRules,
        (BENEFITS_FILE, "rule"): BenefitRules,
    }
    for (file, table), into in bound.items():
        rows = with_common([entry for entry in loaded[file] if entry.table == table], into=into)
        check_binding(rows, into=into, file=file)
    for entries in loaded.values():
        _refuse_meeting(entries)
    return loaded


def _refuse_meeting(entries: Iterable[Entry]) -> None:
    ordered = sorted(entries, key=lambda each: (each.table, each.key, each.period.start))
    for earlier, later in pairwise(ordered):
        if (earlier.table, earlier.key) != (later.table, later.key):
            continue
        if earlier.period.end != later.period.start:
            raise later.refused("前の行との間に期間の重なりか空きがあります")
