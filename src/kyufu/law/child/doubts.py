"""How sure the dated values are on which a step of a judgement rests: official, secondary or assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from kyufu.law.child.cities import city_of
from kyufu.law.child.city import City
from kyufu.law.child.day import rulebook
from kyufu.law.child.parameters import tables_of
from kyufu.law.decision import Decision
from kyufu.law.parameters.catalogue import list_entries
from kyufu.law.parameters.entries import Certainty, Entry
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Value

# The places of a municipality's deciding files.
CITY, PREFECTURE = 0, 1
_LIMIT = ("base", "per_dependant", "per_elderly")
_SURENESS = list(Certainty)
# Of which file and table the value of a step comes, and from which entries: by name, or by the label it shows.
RESTS_ON: Mapping[str, tuple[int, str, tuple[str, ...]]] = MappingProxyType(
    {
        "certificate_year_start": (CITY, "certificate", ("first_month",)),
        "certificate_year_last_day": (CITY, "certificate", ("first_month",)),
        "band": (CITY, "band", ()),
        "beneficiary_kind": (CITY, "kind", ()),
        "benefit_class": (CITY, "benefit_class", ()),
        "tax_year": (CITY, "evidence", ("tax_year_after_start",)),
        "guardian_income_source": (
            CITY, "evidence", ("rank_tax_ledger", "rank_network", "rank_certificate"),
        ),
        "uniform_deduction": (PREFECTURE, "income", ("uniform_deduction",)),
        "salary_or_pension_deduction": (PREFECTURE, "income", ("salary_or_pension_deduction",)),
        "disabled_deduction": (PREFECTURE, "income", ("disabled_person",)),
        "specially_disabled_deduction": (PREFECTURE, "income", ("specially_disabled_person",)),
        "widow_deduction": (PREFECTURE, "income", ("widow",)),
        "single_parent_deduction": (PREFECTURE, "income", ("single_parent",)),
        "working_student_deduction": (PREFECTURE, "income", ("working_student",)),
        "city_income_limit": (CITY, "limit", _LIMIT),
        "entitled_from": (CITY, "certificate", ("backdating_days",)),
        "prefecture_income_limit": (PREFECTURE, "limit", _LIMIT),
        "prefecture_band": (PREFECTURE, "band", ()),
    }
)  # fmt: skip
# These are taken as they stand on the first day of the certificate year, the others as on the day judged for.
_OF_THE_YEAR = frozenset({"evidence", "income", "limit"})


def certainties(decision: Decision, *, overlay: Overlay = NOTHING) -> dict[str, Certainty]:
    """The least sure value behind each step of a decision, by the step's name.

    Empty where the decision was reached under another version of the values than the one at hand.
    """
    city = city_of(decision.municipality)
    if decision.parameter_version != rulebook(overlay, city=city).version:
        return {}
    values = {step.quantity.name: step.value for step in decision.steps}
    start = values.get("certificate_year_start")
    year = start if isinstance(start, date) else decision.judged_for
    found: dict[str, Certainty] = {}
    for name in RESTS_ON.keys() & values.keys():
        days = (decision.judged_for, year)
        behind = list(_behind(name, value=values[name], days=days, entries=_entries(overlay, city=city)))
        if behind:
            found[name] = min(behind, key=_SURENESS.index)
    return found


class _Entries(NamedTuple):
    files: tuple[str, ...]
    rows: tuple[Entry, ...]


@lru_cache(maxsize=24)
def _entries(overlay: Overlay, *, city: City) -> _Entries:
    files = city.files.deciding
    tables = tables_of(city)
    return _Entries(files, list_entries({name: tables[name] for name in files}, overlay=overlay))


def _behind(name: str, *, value: Value, days: tuple[date, date], entries: _Entries) -> Iterator[Certainty]:
    """The certainties behind one step; a deduction of nothing rests on no value.

    `days` are the day judged for and the first day of its certificate year.
    """
    place, table, keys = RESTS_ON[name]
    if value is None or (table == "income" and value == 0):
        return
    day = days[table in _OF_THE_YEAR]
    for entry in entries.rows:
        named = entry.key in keys if keys else entry.columns["label"] == value
        if entry.file == entries.files[place] and entry.table == table and named and day in entry.period:
            yield entry.certainty
