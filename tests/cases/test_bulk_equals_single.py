"""The same city twice, case by case and in bulk: only the road differs, not where anyone ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from kyufu.cases import api as cases
from kyufu.cases import blocks
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.world import APPROVER, AT, CLERK, LATER, ON, Family, World, receive, state
from tests.cases.world import quiet as unseen
from tests.evidence.files import PERIOD

# Everything about a case but the keys and numbers that are given in passing.
OUTCOME = """
    SELECT a.state, d.outcome, d.valid::text, d.benefit_class, d.reason_codes, d.facts_hash, d.parameter_version,
           d.judged_for, d.issues_certificate, n.content, n.facts,
           p.judged_by_id, p.approved_by_id, c.state, c.valid::text, c.benefit_class, c.payer_no, c.kind, c.issued_on,
           (SELECT array_agg(coalesce(t.from_state, '') || '>' || t.to_state || ':' || t.actor_id || ':' || t.why
                             ORDER BY t.id)
              FROM cases_application_transition t WHERE t.subject_id = a.id),
           (SELECT array_agg(e.valid::text || e.benefit_class) FROM cases_entitlement e WHERE e.child_id = a.child_id),
           (SELECT array_agg(x.event || x.effective_on || x.reason_code) FROM cases_entitlement_change x
             WHERE x.child_id = a.child_id),
           (SELECT array_agg(s.role ORDER BY s.id) FROM cases_decision_subject s WHERE s.decision_id = d.id)
      FROM cases_application a
      LEFT JOIN cases_decision d ON d.id = a.decision_id
      LEFT JOIN cases_decision_content n ON n.decision_id = d.id
      LEFT JOIN cases_approval p ON p.decision_id = d.id
      LEFT JOIN cases_certificate c ON c.application_id = a.id
     WHERE a.id = %s"""

Make = Callable[[World], Family]


def entitled(world: World) -> Family:
    return world.family()


def baby(world: World) -> Family:
    return world.family(birth="2026-05-20", since="2026-05-20")


def uninsured(world: World) -> Family:
    return world.family(insured=False)


def assisted(world: World) -> Family:
    family = world.family()
    world.assist(family, since="2026-07-01")
    return family


def grown_up(world: World) -> Family:
    return world.family(birth="2005-01-01")


def gone(world: World) -> Family:
    family = world.family()
    world.move_out(family, on="2026-07-15")
    return family


def leaving(world: World) -> Family:
    family = world.family()
    world.move_out(family, on="2026-12-01")
    return family


def other_scheme(world: World) -> Family:
    family = world.family()
    row = {**PERIOD, "seido": "2", "atenabango": family.child_no, "kaishi": "2026-06-01"}
    world.send("schemes", [row])
    return family


def unprintable(world: World) -> Family:
    return world.family(name="見本\ue000　一郎")


KINDS: tuple[Make, ...] = (
    entitled, baby, uninsured, assisted, grown_up, gone, leaving, other_scheme, unprintable,
)  # fmt: skip


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    """Run bulk operations in blocks of this size."""
    defaults: dict[str, Any] = blocks.run_blocks.__kwdefaults__ or {}
    before = defaults["size"]
    defaults["size"] = size
    try:
        yield
    finally:
        defaults["size"] = before


def one_by_one(ids: list[int]) -> dict[int, str]:
    """Judge, approve and issue each on its own; why one was refused, by application."""
    told: dict[int, str] = {}
    for one in ids:
        try:
            cases.judge_application(one, municipality="yokohama", on=ON, by=CLERK, at=AT)
            if state(one) == "judged":
                cases.approve_application(one, by=APPROVER, at=AT)
            if state(one) == "approved":
                cases.issue_application(one, municipality="yokohama", on=ON, by=LATER, at=AT)
        except Refused as error:
            told[one] = error.message
    return told


def in_bulk() -> dict[int, str]:
    """The same for all that is there."""
    city: dict[str, Any] = {"municipality": "yokohama", "on": ON, "at": AT, "report": unseen}
    results = (
        cases.judge_pending(**city, by=CLERK),
        cases.approve_decided(by=APPROVER, at=AT, report=unseen),
        cases.issue_approved(**city, by=LATER),
    )
    return {one.application_id: one.reason for result in results for one in result.refused}


def ends(ids: list[int]) -> list[tuple[Any, ...]]:
    """Where each application ended."""
    return [fetch(OUTCOME, one)[0] for one in ids]


@pytest.mark.parametrize("size", [1, 4, 5_000])
def test_bulk_runs_end_where_single_steps_do(world: World, size: int) -> None:
    single = [receive(make(world)) for make in KINDS]
    told_single = one_by_one(single)
    bulk = [receive(make(world)) for make in KINDS]
    with blocks_of(size):
        told_bulk = in_bulk()
    assert ends(bulk) == ends(single)
    assert [told_bulk.get(one) for one in bulk] == [told_single.get(one) for one in single]
    assert {row[0] for row in ends(single)} == {"issued", "undecided", "rejected", "approved"}
    assert sum(bool(reason) for reason in told_single.values()) == 1


def test_in_bulk_nobody_approves_what_they_judged_and_the_rest_goes_on(world: World) -> None:
    ids = [receive(world.family()) for _ in range(6)]
    for number, one in enumerate(ids):
        by = CLERK if number % 2 else APPROVER
        cases.judge_application(one, municipality="yokohama", on=ON, by=by, at=AT)
    with blocks_of(2):
        result = cases.approve_decided(by=CLERK, at=AT, report=unseen)
    assert result.done == 3
    assert [one.application_id for one in result.refused] == ids[1::2]
    assert {one.reason for one in result.refused} == {"判定した職員は、その決裁をできません。"}
    assert [state(one) for one in ids] == ["approved", "judged"] * 3
    assert fetch("SELECT DISTINCT judged_by_id, approved_by_id FROM cases_approval") == [("S0002", "S0001")]


@pytest.mark.requirement("YOK-005")
def test_in_bulk_nothing_is_judged_without_an_identity_check(world: World) -> None:
    checked, unchecked = receive(world.family()), receive(world.family(), identity=None)
    result = cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=unseen)
    assert result.done == 1
    assert (state(checked), state(unchecked)) == ("judged", "incomplete")


def test_an_unknown_municipality_judges_nobody_and_leaves_all_as_it_was(world: World) -> None:
    ids = [receive(world.family()) for _ in range(2)]
    with pytest.raises(Exception, match="自治体"):
        cases.judge_pending(municipality="atlantis", on=ON, by=CLERK, at=AT, report=unseen)
    assert [state(one) for one in ids] == ["received", "received"]
    assert fetch("SELECT count(*) FROM cases_decision") == [(0,)]


def test_a_day_without_a_payer_number_issues_nothing(world: World) -> None:
    one = receive(world.family())
    cases.judge_pending(municipality="yokohama", on=ON, by=CLERK, at=AT, report=unseen)
    cases.approve_decided(by=APPROVER, at=AT, report=unseen)
    with pytest.raises(Exception, match="公費負担者番号"):
        cases.issue_approved(municipality="yokohama", on=date(2016, 7, 31), by=LATER, at=AT, report=unseen)
    assert state(one) == "approved"
    assert fetch("SELECT count(*) FROM cases_certificate") == [(0,)]
    assert fetch("SELECT count(*) FROM cases_recipient") == [(0,)]
