"""The dated rules of what statistics tell outside the house: figures.toml beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.entries import Entry, value_table
from kyufu.law.parameters.reading import read_entries

_FILE = Path(__file__).with_name("figures.toml")


EVERY_MONTH_HAS = range(1, 29)


@dataclass(frozen=True, slots=True)
class FigureRules:
    """Below how many persons a figure is not told outside, and the day of the month that the report counts."""

    small_cell: int
    subsidy_day: int


def first_figure_day() -> date:
    """The first day that the rules speak of."""
    return max(entry.period.start for entry in figure_entries())


def figure_rules(on: date) -> FigureRules:
    """The rules of a day."""
    return bind(figure_entries(), into=FigureRules, on=on)


@cache
def figure_entries() -> tuple[Entry, ...]:
    """The dated rows, checked; raises ParameterError naming the line."""
    entries = read_entries(_FILE, tables=(value_table("value"),))
    check_binding(entries, into=FigureRules, file=_FILE.name)
    for entry in entries:
        if entry.key == "subsidy_day" and entry.columns["value"] not in EVERY_MONTH_HAS:
            raise entry.refused("どの月にもある日（1から28まで）にしてください")
    return entries
