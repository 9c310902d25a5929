"""Calls of the walk that try the law on facts: those gathered of a case, and those a page knows already."""

from __future__ import annotations

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.registry import api as registry
from tests.protection.scene import ON, Scene


def _tried(scene: Scene) -> object:
    facts = cases.gather_facts(scene.ids[2], applied_on=ON, on=ON)
    assert facts is not None
    return cases.judge_trial(facts, municipality="yokohama", on=ON)


def _known(scene: Scene) -> object:
    child = scene.ids[2]
    held = evidence.evidence_held([child])[child]
    return cases.facts_known(
        registry.person_facts([child])[child], insurances=(), assistance=held.assistances,
        schemes=held.other_schemes, guardians=[("mother", held.incomes)], applied_on=ON,
    )  # fmt: skip


TRIALS = {"cases.judge_trial": _tried, "cases.facts_known": _known}
