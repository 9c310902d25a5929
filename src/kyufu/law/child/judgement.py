"""The entry to every municipality's child subsidy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kyufu.law.child.bands import index_on
from kyufu.law.child.cities import MUNICIPALITIES, UnknownMunicipality, city_of
from kyufu.law.child.day import rulebook
from kyufu.law.child.deciding import judge_in
from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.parameters import tables_of
from kyufu.law.child.series import judge_stretches_in
from kyufu.law.decision import Decision
from kyufu.law.parameters.catalogue import list_entries, load_entries
from kyufu.law.parameters.entries import Entry, Table
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.parameters.reading import refuse_overlaps_and_gaps

__all__ = [
    "MUNICIPALITIES",
    "UnknownMunicipality",
    "check_overlay",
    "is_of_age",
    "judge",
    "judge_stretches",
    "list_parameters",
    "parameter_tables",
]


def judge(facts: ChildFacts, *, municipality: str, on: date, overlay: Overlay = NOTHING) -> Decision:
    """Judge one child for one day under a municipality's rules; raises UnknownMunicipality.

    Pure: the same facts, day and overlay give the same Decision in every process. The first call in a process
    reads the parameter files. `overlay` are the dated changes of parameters that were confirmed since.
    """
    return judge_in(facts, city=city_of(municipality), on=on, overlay=overlay)


def judge_stretches(
    facts: ChildFacts, *, municipality: str, on: date, overlay: Overlay = NOTHING
) -> tuple[Decision, ...]:
    """Judge a new application from its first day of entitlement on; raises UnknownMunicipality.

    One Decision for every stretch up to the day, in order; the last is what `judge` answers for the day.
    """
    return judge_stretches_in(facts, city=city_of(municipality), on=on, overlay=overlay)


def list_parameters(municipality: str, *, overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """Every dated value of the municipality's rules and certificates, least certain first; raises
    UnknownMunicipality.
    """
    return list_entries(parameter_tables(municipality), overlay=overlay)


def parameter_tables(municipality: str) -> Mapping[str, Sequence[Table]]:
    """The tables of each parameter file of a municipality; raises UnknownMunicipality."""
    return tables_of(city_of(municipality))


def check_overlay(municipality: str, *, overlay: Overlay) -> str:
    """Load the parameters under an overlay as a judgement would, and give their version.

    Raises ParameterError where the changes do not fit: another kind of value, days without a value, a gap or an
    overlap, a code that is not known.
    """
    city = city_of(municipality)
    version = rulebook(overlay, city=city).version
    for name, tables in tables_of(city).items():
        entries = load_entries(name, tables=tables, overlay=overlay)
        refuse_overlaps_and_gaps([one for one in entries if "value" in one.columns])
    return version


def is_of_age(birth_date: date, *, municipality: str, on: date, overlay: Overlay = NOTHING) -> bool:
    """Does an age band of the municipality hold somebody born on a day?"""
    life = rulebook(overlay, city=city_of(municipality)).life_of(birth_date)
    return index_on(life.city, day=on) is not None
