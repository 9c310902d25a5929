"""What a municipality expects of its renewals (更新処理) and when it plans them: dated, and no part of a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from kyufu.law.child.city import City
from kyufu.law.child.parameters import RENEWAL_TABLES, rows_of
from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.catalogue import load_entries
from kyufu.law.parameters.entries import Entry
from kyufu.law.parameters.overlay import NOTHING, Overlay


@dataclass(frozen=True, slots=True)
class ExpectationRules:
    """By how much a renewal may differ from what is expected before somebody has to say why.

    Points (of a hundred) by which the share of a list may differ from the last time's, and percent of the base that
    may be left out for other reasons than the condition of the kind.
    """

    renewed_points: int
    changed_points: int
    lost_points: int
    undecided_points: int
    left_out_percent: int


class UsualSchedule(NamedTuple):
    """A renewal as a municipality usually plans it: the first day (month None: of every month), and days before it.

    `lead_days` before the first day it is planned, `issue_days` before it lies the day of issue; `judges`: the base is
    frozen and judged at once. `certainty` is the Japanese word of how sure that is, with its source.
    """

    code: str
    label: str
    month: int | None
    day: int
    lead_days: int
    issue_days: int
    judges: bool
    source: str
    certainty: str


def expectation_rules(city: City, *, on: date, overlay: Overlay = NOTHING) -> ExpectationRules:
    """The bounds in force on a day; raises ParameterError where a value is missing."""
    file = city.files.renewal
    rows = rows_of(load_entries(file, tables=RENEWAL_TABLES, overlay=overlay), table="expectation")
    check_binding(rows, into=ExpectationRules, file=file)
    return bind(rows, into=ExpectationRules, on=on)


def usual_schedules(city: City, *, on: date, overlay: Overlay = NOTHING) -> tuple[UsualSchedule, ...]:
    """The renewals that a municipality usually plans, as they stand on a day, in the order of the file."""
    rows = rows_of(load_entries(city.files.renewal, tables=RENEWAL_TABLES, overlay=overlay), table="schedule")
    return tuple(_usual(row) for row in rows if on in row.period)


def _usual(row: Entry) -> UsualSchedule:
    columns: dict[str, Any] = {"month": None, **row.columns}
    return UsualSchedule(**columns, source=row.source, certainty=row.certainty.label)
