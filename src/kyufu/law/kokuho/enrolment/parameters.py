"""The dated figures of enrolment and of the share of cost, loaded once and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar, cast

from kyufu.law.kokuho.common import COMMON_FILE, with_common
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Entry, value_table
from kyufu.law.parameters.overlay import NOTHING, Overlay

ENROLMENT_FILE = "kokuho_enrolment.toml"
ENROLMENT_FILES = (ENROLMENT_FILE, COMMON_FILE)
ENROLMENT_TABLES = (value_table("enrolment"), value_table("age"), value_table("share"))
Rules = TypeVar("Rules")


@dataclass(frozen=True, slots=True)
class EnrolmentRules:
    """Days, months and years of enrolment."""

    notification_days: int
    premium_time_bar_years: int
    premium_reduction_time_bar_years: int
    tax_time_bar_years: int
    tax_reduction_time_bar_years: int
    specified_months: int
    continuing_months: int
    former_dependant_age: int
    former_dependant_months: int


@dataclass(frozen=True, slots=True)
class AgeRules:
    """Ages at which something changes (満年齢)."""

    care_from_age: int
    care_until_age: int
    senior_age: int
    late_elderly_age: int
    disability_age: int
    preschool_age: int


@dataclass(frozen=True, slots=True)
class ShareRules:
    """Tenths of the cost, and the amounts (yen) and ages by which an income like that of workers is told."""

    share_preschool: int
    share_standard: int
    share_senior: int
    share_active: int
    active_1: int
    active_base_limit: int
    active_gross_single: int
    active_gross_several: int
    deduction_under_16: int
    deduction_16_to_18: int
    minor_income_limit: int
    minor_salary_deduction: int
    deduction_age_younger: int
    deduction_age_older: int
    income_switch_month: int
    application_waived: bool


BOUND: dict[type[Any], str] = {EnrolmentRules: "enrolment", AgeRules: "age", ShareRules: "share"}


def rules_on(on: date, *, into: type[Rules], overlay: Overlay = NOTHING) -> Rules:
    """The figures in force on a day; raises ParameterError where they do not reach back to it."""
    return cast(Rules, _bound(BOUND[into], on=on, overlay=overlay))


def known_from(table: type[Any], *, overlay: Overlay = NOTHING) -> date:
    """The first day on which all figures of a table are kept."""
    rows = _of_table(BOUND[table], overlay=overlay)
    return max(
        min(each.period.start for each in rows if each.key == key) for key in {row.key for row in rows}
    )


@lru_cache(maxsize=256)
def _bound(table: str, *, on: date, overlay: Overlay) -> object:
    into = next(each for each, name in BOUND.items() if name == table)
    return bind(_of_table(table, overlay=overlay), into=into, on=on)


@lru_cache(maxsize=8)
def load_enrolment_entries(overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """The checked rows of the file; raises ParameterError naming file and line."""
    entries = load_entries(ENROLMENT_FILE, tables=ENROLMENT_TABLES, overlay=overlay)
    for into, table in BOUND.items():
        rows = with_common([each for each in entries if each.table == table], into=into, overlay=overlay)
        check_binding(rows, into=into, file=ENROLMENT_FILE)
    return entries


def _of_table(table: str, *, overlay: Overlay) -> list[Entry]:
    rows = [each for each in load_enrolment_entries(overlay) if each.table == table]
    into = next(each for each, name in BOUND.items() if name == table)
    return with_common(rows, into=into, overlay=overlay)
