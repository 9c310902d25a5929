"""What approved decisions do to entitlements, against a model that counts days one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from kyufu.cases.operations.entitlement import apply_decisions
from tests.cases.test_judgement import fetch
from tests.cases.world import APPROVER, AT, World, judge, receive

FIRST = date(2026, 8, 1)
COPY = """
    INSERT INTO cases_decision (application_id, child_id, scheme, municipality, judged_for, outcome, valid,
        benefit_class, reason_codes, parameter_version, facts_hash, judged_by_id, judged_by_name, judged_by_office,
        judged_at, gathered_at, snapshot)
    SELECT application_id, child_id, scheme, municipality, %s, %s, %s, %s, %s, parameter_version, facts_hash,
           judged_by_id, judged_by_name, judged_by_office, judged_at, gathered_at, snapshot
      FROM cases_decision ORDER BY id LIMIT 1 RETURNING id"""
APPROVE = """
    INSERT INTO cases_approval (decision_id, judged_by_id, approved_by_id, approved_by_name, approved_by_office, at)
    SELECT id, judged_by_id, 'S0002', '', '', judged_at FROM cases_decision WHERE id = %s RETURNING decision_id"""


class Said(NamedTuple):
    """What a decision says: class from day to day, or (no class) that nothing holds from the first day on."""

    start: int
    length: int
    benefit_class: str | None


SAID = st.builds(
    Said,
    start=st.integers(0, 30),
    length=st.integers(1, 30),
    benefit_class=st.sampled_from(["free", "copay", None]),
)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def decide(said: Said) -> int:
    """Store and approve a decision; it speaks for the child of the first application."""
    valid = Range(day(said.start), day(said.start + said.length))
    outcome = "eligible" if said.benefit_class else "not_eligible"
    reason = ["eligible" if said.benefit_class else "not_resident"]
    decision_id = fetch(COPY, day(said.start), outcome, valid, said.benefit_class, reason)[0][0]
    fetch(APPROVE, decision_id)
    apply_decisions([decision_id], by=APPROVER, at=AT)
    return int(decision_id)


def held() -> list[tuple[int, int, str]]:
    """The periods held true now, as numbers of days."""
    rows = fetch(
        """SELECT lower(valid), upper(valid), benefit_class FROM cases_entitlement
            WHERE superseded_at IS NULL ORDER BY valid"""
    )
    return [((row[0] - FIRST).days, (row[1] - FIRST).days, row[2]) for row in rows]


def expect(periods: Sequence[tuple[int, int, str]], said: Said) -> list[tuple[int, int, str]]:
    """The same by hand: a newer decision speaks for what it covers and cuts what reaches into it."""
    start, end = said.start, said.start + said.length
    if said.benefit_class is None:
        cut = [(a, min(b, start), c) for a, b, c in periods]
        return sorted(one for one in cut if one[0] < one[1])
    if any(a <= start and b == end and c == said.benefit_class for a, b, c in periods):
        return sorted(periods)
    cut = [(a, start, c) if a < end and start < b else (a, b, c) for a, b, c in periods]
    return sorted([one for one in cut if one[0] < one[1]] + [(start, end, said.benefit_class)])


@pytest.fixture
def judged(world: World) -> World:
    """One child with one decision to copy from, not approved."""
    judge(receive(world.family()))
    return world


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=st.lists(SAID, min_size=1, max_size=6))
def test_any_course_of_decisions_gives_what_the_days_give(judged: World, course: list[Said]) -> None:
    expected: list[tuple[int, int, str]] = []
    with transaction.atomic():
        for said in course:
            decide(said)
            expected = expect(expected, said)
            assert held() == expected
        transaction.set_rollback(True)


def test_a_grant_after_a_gap_is_acquired_and_one_that_joins_is_changed(judged: World) -> None:
    decide(Said(0, 10, "free"))
    decide(Said(10, 10, "copay"))
    decide(Said(25, 5, "free"))
    assert [row[0] for row in fetch("SELECT event FROM cases_entitlement_change ORDER BY id")] == [
        "acquired", "changed", "acquired",
    ]  # fmt: skip


def test_a_loss_that_ends_nothing_is_not_recorded(judged: World) -> None:
    decide(Said(0, 10, "free"))
    decide(Said(20, 10, None))
    assert held() == [(0, 10, "free")]
    assert [row[0] for row in fetch("SELECT event FROM cases_entitlement_change")] == ["acquired"]


def test_a_loss_of_the_whole_period_is_recorded_with_its_day(judged: World) -> None:
    decide(Said(5, 10, "free"))
    decide(Said(2, 10, None))
    assert held() == []
    assert fetch("SELECT event, effective_on FROM cases_entitlement_change ORDER BY id")[1] == (
        "lost",
        day(2),
    )


def test_every_closed_period_keeps_what_it_was(judged: World) -> None:
    decide(Said(0, 20, "free"))
    decide(Said(10, 20, "copay"))
    rows = fetch(
        "SELECT lower(valid), upper(valid), superseded_at IS NOT NULL FROM cases_entitlement ORDER BY id"
    )
    assert (day(0), day(20), True) in rows
    assert {row[:2] for row in rows if not row[2]} == {(day(0), day(10)), (day(10), day(30))}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_entitlement SET valid = daterange('2020-01-01', '2021-01-01')",
        "UPDATE cases_entitlement SET benefit_class = 'other', superseded_at = now()",
        "DELETE FROM cases_entitlement",
    ],
)
def test_a_period_is_only_ever_closed(judged: World, change: str) -> None:
    decide(Said(0, 10, "free"))
    with (
        pytest.raises(Exception, match="only ever closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert held() == [(0, 10, "free")]


def test_a_closed_period_is_not_opened_again(judged: World) -> None:
    decide(Said(0, 20, "free"))
    decide(Said(10, 20, "copay"))
    with (
        pytest.raises(Exception, match="only ever closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cases_entitlement SET superseded_at = NULL WHERE superseded_at IS NOT NULL")
