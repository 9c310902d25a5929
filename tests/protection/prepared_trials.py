"""Calls of the walk that try the law on facts: those gathered of a case, and those a page knows already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.platform.clock import current_instant
from kyufu.registry import api as registry
from tests.cases.world import quiet
from tests.ordinance.parts import FIRST, head_office, proposed
from tests.protection.scene import ON, Scene
from tests.web.town import build_town


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


class _Context(NamedTuple):
    """What a run gives its work."""

    arguments: Mapping[str, str]

    def day(self, name: str) -> date:
        """An argument that is a day."""
        return date.fromisoformat(self.arguments[name])

    def report(self, *_: int) -> None:
        """Nobody looks at the progress."""


def _proposal() -> int:
    found = proposed(by=head_office(build_town(), name="基準 一子"), at=current_instant())
    return found.proposed.proposal_id


def _estimated(_: Scene) -> object:
    return cases.estimate_change(_proposal(), on=FIRST, report=quiet)


def _worked(_: Scene) -> object:
    return cases.work_estimate(_Context({"proposal": str(_proposal()), "on": FIRST.isoformat()}))


TRIALS = {
    "cases.judge_trial": _tried,
    "cases.facts_known": _known,
    "cases.estimate_change": _estimated,
    "cases.work_estimate": _worked,
}
