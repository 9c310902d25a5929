"""The entry to every municipality's child subsidy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kyufu.law.child.facts import ChildFacts
from kyufu.law.child.yokohama import judgement as yokohama
from kyufu.law.child.yokohama import series as yokohama_series
from kyufu.law.child.yokohama.parameters import (
    CITY_FILE,
    CITY_TABLES,
    PREFECTURE_FILE,
    PREFECTURE_TABLES,
    PRINTED_FILE,
    PRINTED_TABLES,
)
from kyufu.law.decision import Decision
from kyufu.law.parameters.catalogue import list_entries
from kyufu.law.parameters.entries import Entry, Table


class UnknownMunicipality(ValueError):
    """A municipality whose rules Kyufu does not have."""


class _Municipality(NamedTuple):
    judge: Callable[..., Decision]
    judge_stretches: Callable[..., tuple[Decision, ...]]
    files: Mapping[str, Sequence[Table]]


MUNICIPALITIES = {
    "yokohama": _Municipality(
        yokohama.judge,
        yokohama_series.judge_stretches,
        {CITY_FILE: CITY_TABLES, PREFECTURE_FILE: PREFECTURE_TABLES, PRINTED_FILE: PRINTED_TABLES},
    ),
}


def judge(facts: ChildFacts, *, municipality: str, on: date) -> Decision:
    """Judge one child for one day under a municipality's rules; raises UnknownMunicipality.

    Pure: the same facts and day give the same Decision in every process. The first call in a process reads
    the parameter files.
    """
    decision: Decision = _municipality(municipality).judge(facts, on=on)
    return decision


def judge_stretches(facts: ChildFacts, *, municipality: str, on: date) -> tuple[Decision, ...]:
    """Judge a new application from its first day of entitlement on; raises UnknownMunicipality.

    One Decision for every stretch up to the day, in order; the last is what `judge` answers for the day.
    """
    found: tuple[Decision, ...] = _municipality(municipality).judge_stretches(facts, on=on)
    return found


def list_parameters(municipality: str) -> tuple[Entry, ...]:
    """Every dated value of the municipality's rules and certificates, least certain first; raises
    UnknownMunicipality.
    """
    return list_entries(_municipality(municipality).files)


def _municipality(name: str) -> _Municipality:
    found = MUNICIPALITIES.get(name)
    if found is None:
        raise UnknownMunicipality(
            f"小児医療費助成の基準がない自治体です：{name}（使えるもの：{'、'.join(MUNICIPALITIES)}）"
        )
    return found
