"""A database that was dumped and restored into another cluster: transaction numbers begin elsewhere there."""

from __future__ import annotations

import pytest
from django.db import connection

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from tests.cases.test_staleness import decision_of
from tests.cases.world import Family, World, approve, judge, receive, state

FORMER_CLUSTER = 4711
FAR_AHEAD = "900000000"


def restore_change(family: Family, *, recorded_at: str, cluster: int = FORMER_CLUSTER) -> None:
    """A change as the dump brings it: number, time and cluster of where it was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO platform_change (addressee_id, source, what, xid, recorded_at, cluster)
               VALUES (%s, 'registry', 'resident', %s::text::xid8, %s, %s)""",
            [family.child, FAR_AHEAD, recorded_at, cluster],
        )


def test_a_change_of_the_former_cluster_does_not_stop_a_decision_made_here(world: World) -> None:
    family = world.family()
    restore_change(family, recorded_at="2025-04-01T00:00Z")
    application_id = receive(family)
    judge(application_id)
    assert not cases.is_stale(decision_of(application_id))
    assert cases.stale_decisions() == ()
    approve(application_id)
    assert state(application_id) == "approved"


def test_a_change_here_makes_a_decision_of_the_former_cluster_stale(world: World) -> None:
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_decision DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE cases_decision SET cluster = %s, snapshot = '1000000000:1000000000:'", [FORMER_CLUSTER]
        )
        cursor.execute("ALTER TABLE cases_decision ENABLE TRIGGER USER")
    assert not cases.is_stale(decision_of(application_id))
    world.assist(family, since="2026-07-01")
    assert cases.is_stale(decision_of(application_id))


@pytest.mark.parametrize("own", [True, False])
def test_numbers_are_compared_within_one_cluster_only(world: World, own: bool) -> None:
    """An early time and a number ahead: in its own cluster a transaction that finished after the reading."""
    family = world.family()
    application_id = receive(family)
    judge(application_id)
    here = fetch("SELECT (pg_control_system()).system_identifier", {})[0][0]
    restore_change(family, recorded_at="2025-04-01T00:00Z", cluster=here if own else FORMER_CLUSTER)
    assert cases.is_stale(decision_of(application_id)) is own


def test_changes_and_decisions_name_the_cluster_that_wrote_them(world: World) -> None:
    family = world.family()
    judge(receive(family))
    world.move_out(family, on="2026-07-15")
    here = fetch("SELECT (pg_control_system()).system_identifier", {})
    assert fetch("SELECT DISTINCT cluster FROM platform_change", {}) == here
    assert fetch("SELECT DISTINCT cluster FROM cases_decision", {}) == here


def test_an_ordinary_role_may_ask_for_the_cluster(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE kyufu_ordinary NOLOGIN")
        try:
            cursor.execute("SET ROLE kyufu_ordinary")
            cursor.execute("SELECT (pg_control_system()).system_identifier")
            assert cursor.fetchone()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE kyufu_ordinary")
