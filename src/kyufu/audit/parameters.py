"""The log's dated parameters: retention by kind, what makes a reading odd, with source and certainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.entries import Entry, Table, value_table
from kyufu.law.parameters.reading import read_entries, refuse_overlaps_and_gaps

FILE = Path(__file__).parent / "parameters.toml"
_TABLES = (
    Table("retention", "name", {"name": str, "label": str, "years": int}),
    Table("signal", "name", {"name": str, "label": str, "weight": int}),
    Table("holiday", "day", {"day": str, "label": str}),
    value_table("value"),
)


@dataclass(frozen=True, slots=True)
class ReviewLimits:
    """The single values: hours of patience of the verification and of a transaction, the night, what counts as many,
    the queue's score,
    and whether a disclosure withholds the names of staff.
    """

    verify_patience_hours: int
    longest_transaction_hours: int
    night_from: int
    night_to: int
    many_minutes: int
    many_persons: int
    queue_score: int
    case_days: int
    withhold_staff_names: bool

    @property
    def patience(self) -> timedelta:
        """How long a record may wait for its block."""
        return timedelta(hours=self.verify_patience_hours)

    @property
    def longest_transaction(self) -> timedelta:
        """How long a transaction may last that writes records."""
        return timedelta(hours=self.longest_transaction_hours)


class Retention(NamedTuple):
    """How long something is kept: its Japanese name, years, and whether the value was officially stated."""

    label: str
    years: int
    certainty: str
    source: str


@cache
def entries() -> tuple[Entry, ...]:
    """Every dated row; raises ParameterError naming the line of the first fault."""
    found = read_entries(FILE, tables=_TABLES)
    refuse_overlaps_and_gaps(found)
    check_binding([one for one in found if one.table == "value"], into=ReviewLimits, file=FILE.name)
    return found


def retention(*, on: date) -> Mapping[str, Retention]:
    """How long each kind is kept (保存期間) by the rule of a day."""
    return {
        one.key: Retention(
            str(one.columns["label"]), int(one.columns["years"]), one.certainty.label, one.source
        )
        for one in entries()
        if one.table == "retention" and on in one.period
    }


def weights(*, on: date) -> Mapping[str, int]:
    """How much each signal of an odd reading counts on a day."""
    return {
        one.key: int(one.columns["weight"]) for one in entries() if one.table == "signal" and on in one.period
    }


def limits(*, on: date) -> ReviewLimits:
    """The single values in force on a day."""
    return bind([one for one in entries() if one.table == "value"], into=ReviewLimits, on=on)


@cache
def holidays() -> frozenset[date]:
    """The national holidays (国民の祝日・休日) that are listed; weekends and the turn of the year are not."""
    return frozenset(date.fromisoformat(one.key) for one in entries() if one.table == "holiday")
