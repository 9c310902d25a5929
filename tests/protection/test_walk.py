"""Whatever is asked by whoever has no special right, nothing tells where a protected person lives.

The walk finds the functions by itself: a new one is walked from its first day on, or fails here until it is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import pytest

import kyufu
from tests.protection.arguments import EXEMPT, is_exempt, values
from tests.protection.markers import BEFORE, ELSEWHERE, NOW, WARD
from tests.protection.prepared_renewals import LISTS
from tests.protection.scene import MOTHER, Scene
from tests.protection.walking import (
    BELOW_THE_REGISTRY,
    UNKNOWN,
    Walked,
    missing_arguments,
    public_functions,
    walk_function,
)
from tests.registry.persons import measure

# What a function may tell, with the reason. The office in charge of a case (受付区) is part of the case: those who work
# on it must know whose it is. The law asks in which municipality a child lived; no address comes with it.
MAY_TELL: Mapping[str, str] = {
    "attachments.refused_in": WARD,
    "cases.application_by_id": WARD,
    "cases.application_by_number": WARD,
    "cases.applications": WARD,
    "cases.applications_about": WARD,
    "cases.applications_to_approve": WARD,
    "cases.certificates_to_hand_over": WARD,
    "cases.find_applications": WARD,
    "cases.find_by_number": WARD,
    "cases.certificate_listed": WARD,
    "cases.certificate_totals": WARD,
    "cases.certificates_in": WARD,
    "cases.undecided_in": WARD,
    "cases.mismatches_among": WARD,
    "cases.mismatches_in": WARD,
    "cases.mismatch_counts": WARD,
    "cases.mismatch_counts_among": WARD,
    "cases.unrecovered_in": WARD,
    "cases.applications_told": WARD,
    "cases.certificate_by_id": WARD,
    "cases.open_applications": WARD,
    "cases.wards_in_charge": WARD,
    "documents.certificates_to_hand_over": WARD,
    "documents.hand_over_certificate": WARD,
    "cases.decided_facts": ELSEWHERE,
    "cases.facts_known": ELSEWHERE,
    "cases.gather_facts": ELSEWHERE,
    "cases.gather_renewals": ELSEWHERE,
    "cases.gather_replays": ELSEWHERE,
    "registry.person_facts": ELSEWHERE,
    **{f"renewal.{name}": WARD for name in (*LISTS, "ward_counts")},
}


def test_every_public_function_can_be_walked(scene: Scene) -> None:
    known = values(scene)
    unknown = {
        name: UNKNOWN.format(missing)
        for name, function in public_functions().items()
        if (missing := missing_arguments(name, function, known=known))
    }
    assert unknown == {}


def test_what_is_exempt_exists() -> None:
    names = set(public_functions())
    assert {name for name in EXEMPT if not any(one.startswith(name) for one in names)} == set()


@pytest.mark.requirement("KWS-209")
def test_no_public_function_tells_where_a_protected_person_lives(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    betrayed = {}
    for name, walked in _walk_all(scene).items():
        if secrets := walked.betrayed - {MAY_TELL.get(name, "")}:
            betrayed[name] = secrets
    assert betrayed == {}


def test_the_walk_finds_an_address_that_is_not_protected(scene: Scene) -> None:
    """Once the measure is taken back the same walk finds every secret but the safe address, in many places."""
    scene.world.send("protection", [measure(MOTHER, rirekieda=1, torikeshi=1)])
    functions = public_functions()
    telling = (
        "registry.people",
        "registry.search_people",
        "registry.postal_address",
        "exchange.basic.deliver",
    )
    found = {name: walk_function(name, functions[name], scene=scene).betrayed for name in telling}
    assert {name for name in telling if NOW not in found[name]} == set()
    assert found["registry.people"] == {NOW, BEFORE, WARD}


def test_the_walk_is_not_a_walk_past_closed_doors(scene: Scene) -> None:
    """Most functions answer; those that refuse whatever they are asked here are named, each with why."""
    silent = {name: walked.refused for name, walked in _walk_all(scene).items() if not walked.answered}
    assert {name: why[-3:] for name, why in silent.items() if name != "registry.protected_address"} == {}


@pytest.mark.parametrize("module", BELOW_THE_REGISTRY)
def test_modules_below_the_registry_do_not_read_its_tables(module: str) -> None:
    folder = Path(kyufu.__path__[0]) / module
    readers = [path.name for path in folder.rglob("*.py") if "registry_" in path.read_text(encoding="utf-8")]
    assert readers == []


def _walk_all(scene: Scene) -> dict[str, Walked]:
    known = values(scene)
    return {
        name: walk_function(name, function, scene=scene)
        for name, function in public_functions().items()
        if not is_exempt(name) and not missing_arguments(name, function, known=known)
    }
