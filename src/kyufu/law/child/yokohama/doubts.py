"""How sure the dated values are on which a step of Yokohama's judgement rests: official, secondary or assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from kyufu.law.child.yokohama.day import rulebook
from kyufu.law.child.yokohama.parameters import (
    CITY_FILE,
    CITY_TABLES,
    PREFECTURE_FILE,
    PREFECTURE_TABLES,
)
from kyufu.law.decision import Decision
from kyufu.law.parameters.catalogue import list_entries
from kyufu.law.parameters.entries import Certainty, Entry
from kyufu.law.parameters.overlay import NOTHING, Overlay
from kyufu.law.tracing import Value

_LIMIT = ("base", "per_dependant", "per_elderly")
_SURENESS = list(Certainty)
# Of which file and table the value of a step comes, and from which entries: by name, or by the label it shows.
RESTS_ON: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "certificate_year_start": (CITY_FILE, "certificate", ("first_month",)),
        "certificate_year_last_day": (CITY_FILE, "certificate", ("first_month",)),
        "band": (CITY_FILE, "band", ()),
        "beneficiary_kind": (CITY_FILE, "kind", ()),
        "benefit_class": (CITY_FILE, "benefit_class", ()),
        "tax_year": (CITY_FILE, "evidence", ("tax_year_after_start",)),
        "guardian_income_source": (
            CITY_FILE, "evidence", ("rank_tax_ledger", "rank_network", "rank_certificate"),
        ),
        "uniform_deduction": (PREFECTURE_FILE, "income", ("uniform_deduction",)),
        "salary_or_pension_deduction": (PREFECTURE_FILE, "income", ("salary_or_pension_deduction",)),
        "disabled_deduction": (PREFECTURE_FILE, "income", ("disabled_person",)),
        "specially_disabled_deduction": (PREFECTURE_FILE, "income", ("specially_disabled_person",)),
        "widow_deduction": (PREFECTURE_FILE, "income", ("widow",)),
        "single_parent_deduction": (PREFECTURE_FILE, "income", ("single_parent",)),
        "working_student_deduction": (PREFECTURE_FILE, "income", ("working_student",)),
        "city_income_limit": (CITY_FILE, "limit", _LIMIT),
        "entitled_from": (CITY_FILE, "certificate", ("backdating_days",)),
        "prefecture_income_limit": (PREFECTURE_FILE, "limit", _LIMIT),
        "prefecture_band": (PREFECTURE_FILE, "band", ()),
    }
)  # fmt: skip
# These are taken as they stand on the first day of the certificate year, the others as on the day judged for.
_OF_THE_YEAR = frozenset({"evidence", "income", "limit"})


def certainties(decision: Decision, *, overlay: Overlay = NOTHING) -> dict[str, Certainty]:
    """The least sure value behind each step of a decision, by the step's name.

    Empty where the decision was reached under another version of the values than the one at hand.
    """
    if decision.parameter_version != rulebook(overlay).version:
        return {}
    values = {step.quantity.name: step.value for step in decision.steps}
    start = values.get("certificate_year_start")
    year = start if isinstance(start, date) else decision.judged_for
    found: dict[str, Certainty] = {}
    for name in RESTS_ON.keys() & values.keys():
        behind = list(_behind(name, value=values[name], on=decision.judged_for, year=year, overlay=overlay))
        if behind:
            found[name] = min(behind, key=_SURENESS.index)
    return found


@lru_cache(maxsize=8)
def _entries(overlay: Overlay) -> tuple[Entry, ...]:
    return list_entries({CITY_FILE: CITY_TABLES, PREFECTURE_FILE: PREFECTURE_TABLES}, overlay=overlay)


def _behind(name: str, *, value: Value, on: date, year: date, overlay: Overlay) -> Iterator[Certainty]:
    """The certainties behind one step; a deduction of nothing rests on no value."""
    file, table, keys = RESTS_ON[name]
    if value is None or (table == "income" and value == 0):
        return
    day = year if table in _OF_THE_YEAR else on
    for entry in _entries(overlay):
        named = entry.key in keys if keys else entry.columns["label"] == value
        if entry.file == file and entry.table == table and named and day in entry.period:
            yield entry.certainty
