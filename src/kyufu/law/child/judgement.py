"""The entry to every municipality's child subsidy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kyufu.law.child.bands import index_on
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.yokohama import judgement as yokohama
from kyufu.law.child.yokohama import series as yokohama_series
from kyufu.law.child.yokohama.day import Rulebook, rulebook
from kyufu.law.child.yokohama.parameters import (
    CITY_FILE,
    CITY_TABLES,
    PREFECTURE_FILE,
    PREFECTURE_TABLES,
    PRINTED_FILE,
    PRINTED_TABLES,
)
from kyufu.law.decision import Decision
from kyufu.law.parameters.catalogue import list_entries, load_entries
from kyufu.law.parameters.entries import Entry, Table
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.parameters.reading import refuse_overlaps_and_gaps


class UnknownMunicipality(ValueError):
    """A municipality whose rules Kyufu does not have."""


class _Municipality(NamedTuple):
    judge: Callable[..., Decision]
    judge_stretches: Callable[..., tuple[Decision, ...]]
    rulebook: Callable[[Overlay], Rulebook]
    files: Mapping[str, Sequence[Table]]


MUNICIPALITIES = {
    "yokohama": _Municipality(
        yokohama.judge,
        yokohama_series.judge_stretches,
        rulebook,
        {CITY_FILE: CITY_TABLES, PREFECTURE_FILE: PREFECTURE_TABLES, PRINTED_FILE: PRINTED_TABLES},
    ),
}


def judge(facts: ChildFacts, *, municipality: str, on: date, overlay: Overlay = NOTHING) -> Decision:
    """Judge one child for one day under a municipality's rules; raises UnknownMunicipality.

    Pure: the same facts, day and overlay give the same Decision in every process. The first call in a process
    reads the parameter files. `overlay` are the dated changes of parameters that were confirmed since.
    """
    decision: Decision = _municipality(municipality).judge(facts, on=on, overlay=overlay)
    return decision


def judge_stretches(
    facts: ChildFacts, *, municipality: str, on: date, overlay: Overlay = NOTHING
) -> tuple[Decision, ...]:
    """Judge a new application from its first day of entitlement on; raises UnknownMunicipality.

    One Decision for every stretch up to the day, in order; the last is what `judge` answers for the day.
    """
    found: tuple[Decision, ...] = _municipality(municipality).judge_stretches(facts, on=on, overlay=overlay)
    return found


def list_parameters(municipality: str, *, overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """Every dated value of the municipality's rules and certificates, least certain first; raises
    UnknownMunicipality.
    """
    return list_entries(_municipality(municipality).files, overlay=overlay)


def parameter_tables(municipality: str) -> Mapping[str, Sequence[Table]]:
    """The tables of each parameter file of a municipality; raises UnknownMunicipality."""
    return _municipality(municipality).files


def check_overlay(municipality: str, *, overlay: Overlay) -> str:
    """Load the parameters under an overlay as a judgement would, and give their version.

    Raises ParameterError where the changes do not fit: another kind of value, days without a value, a gap or an
    overlap, a code that is not known.
    """
    known = _municipality(municipality)
    version = known.rulebook(overlay).version
    for name, tables in known.files.items():
        entries = load_entries(name, tables=tables, overlay=overlay)
        refuse_overlaps_and_gaps([one for one in entries if "value" in one.columns])
    return version


def is_of_age(birth_date: date, *, municipality: str, on: date, overlay: Overlay = NOTHING) -> bool:
    """Does an age band of the municipality hold somebody born on a day?"""
    life = _municipality(municipality).rulebook(overlay).life_of(birth_date)
    return index_on(life.city, day=on) is not None


def _municipality(name: str) -> _Municipality:
    found = MUNICIPALITIES.get(name)
    if found is None:
        raise UnknownMunicipality(
            f"小児医療費助成の基準がない自治体です：{name}（使えるもの：{'、'.join(MUNICIPALITIES)}）"
        )
    return found
