"""Changes whose transaction is still open while a decision is made: committed late, they count all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from threading import Event

import pytest
from django.db import connection, transaction

from kyufu.cases import api as cases
from kyufu.evidence import api as evidence
from kyufu.platform.changes import (
    changed_since,
    current_cluster,
    current_snapshot,
    record_changes,
    record_changes_selected,
)
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused
from tests.cases.test_judgement import fetch
from tests.cases.test_staleness import decision_of
from tests.cases.world import CLERK, Family, World, approve, issue, judge, receive, state
from tests.evidence.records import income

PATIENCE = 20


class Undo(Exception):
    """The other transaction changes its mind."""


@contextmanager
def open_elsewhere(work: Callable[[], object]) -> Iterator[Callable[[bool], None]]:
    """Another connection has done the work and not committed; call with True to commit, False to roll back."""
    done, go = Event(), Event()
    keep: list[bool] = []

    def other() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                assert go.wait(PATIENCE)
                if not keep[0]:
                    raise Undo
        except Undo:
            pass
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running: Future[None] = pool.submit(copy_context().run, other)
        assert done.wait(PATIENCE)

        def end(commit: bool) -> None:
            keep.append(commit)
            go.set()
            running.result(PATIENCE)

        try:
            yield end
        finally:
            if not keep:
                end(False)


def tell_income(family: Family) -> Callable[[], object]:
    """A clerk records the father's income."""
    return lambda: evidence.record_income(income(), addressee_id=family.father, by=CLERK, note="課税証明書")


@pytest.mark.requirement("YOK-022")
def test_what_was_written_before_and_committed_after_the_judgement_makes_it_stale(world: World) -> None:
    """By the clock the change is the older one: only the snapshot knows that it was not seen."""
    family = world.family()
    one = receive(family)
    with open_elsewhere(tell_income(family)) as end:
        judge(one)
        assert not cases.is_stale(decision_of(one))
        end(True)
    recorded, gathered = fetch(
        """SELECT max(c.recorded_at), max(d.gathered_at) FROM platform_change c, cases_decision d
            WHERE c.addressee_id = %s""",
        family.father,
    )[0]
    assert recorded < gathered
    assert cases.is_stale(decision_of(one))
    with pytest.raises(Refused, match="事実が変わりました"):
        approve(one)
    judge(one)
    approve(one)
    assert state(one) == "approved"


def test_what_was_rolled_back_after_the_judgement_leaves_it_fresh(world: World) -> None:
    family = world.family()
    one = receive(family)
    with open_elsewhere(tell_income(family)) as end:
        judge(one)
        end(False)
    assert not cases.is_stale(decision_of(one))
    approve(one)
    assert state(one) == "approved"


def test_what_was_committed_before_the_judgement_is_in_it(world: World) -> None:
    family = world.family()
    one = receive(family)
    with open_elsewhere(tell_income(family)) as end:
        end(True)
    judge(one)
    assert not cases.is_stale(decision_of(one))


def test_what_was_open_through_judgement_and_approval_stops_the_issue(world: World) -> None:
    family = world.family()
    one = receive(family)
    with open_elsewhere(tell_income(family)) as end:
        judge(one)
        approve(one)
        end(True)
    with pytest.raises(Refused, match="事実が変わりました"):
        issue(one)
    assert fetch("SELECT count(*) FROM cases_certificate") == [(0,)]


def test_an_open_change_of_a_stranger_holds_nobody_up(world: World) -> None:
    family, stranger = world.family(), world.family()
    one = receive(family)
    with open_elsewhere(tell_income(stranger)) as end:
        judge(one)
        approve(one)
        issue(one)
        end(True)
    assert state(one) == "issued"
    assert not cases.is_stale(decision_of(one))


def seen(
    *addressees: int, snapshot: str, at: datetime, cluster: int | None = None
) -> dict[int, tuple[str, ...]]:
    """What changed of the addressees since a snapshot of this cluster."""
    here = current_cluster() if cluster is None else cluster
    return changed_since(addressee_ids=addressees, snapshot=snapshot, cluster=here, gathered_at=at)


def test_the_log_tells_what_a_snapshot_did_not_see_in_the_order_of_writing(transactional_db: None) -> None:
    record_changes(source="test", rows=[(7, "seen")])

    def write() -> None:
        record_changes(source="test", rows=[(7, "first"), (8, "of another"), (7, "second")])

    with open_elsewhere(write) as end:
        snapshot, at = current_snapshot(), current_instant()
        assert seen(7, 8, snapshot=snapshot, at=at) == {}
        end(True)
    assert seen(7, snapshot=snapshot, at=at) == {7: ("first", "second")}
    assert seen(7, 8, 9, snapshot=snapshot, at=at) == {7: ("first", "second"), 8: ("of another",)}
    assert seen(7, snapshot=current_snapshot(), at=current_instant()) == {}


def test_after_a_restore_elsewhere_the_clock_alone_decides(transactional_db: None) -> None:
    """Transaction numbers of another cluster say nothing; what was recorded later counts by its time."""
    snapshot, before = current_snapshot(), current_instant()
    record_changes(source="test", rows=[(7, "told")])
    after = current_instant()
    assert seen(7, snapshot=snapshot, at=after) == {7: ("told",)}
    elsewhere = current_cluster() + 1
    assert seen(7, snapshot=snapshot, at=after, cluster=elsewhere) == {}
    assert seen(7, snapshot=snapshot, at=before, cluster=elsewhere) == {7: ("told",)}


def test_no_changes_are_no_changes(transactional_db: None) -> None:
    record_changes(source="test", rows=[])
    assert record_changes_selected(source="test", select="SELECT 7, 'x' WHERE false") == 0
    assert fetch("SELECT count(*) FROM platform_change") == [(0,)]


def test_changes_of_a_query_are_counted_and_take_its_values(transactional_db: None) -> None:
    select = "SELECT n, %(what)s::text FROM generate_series(1, %(last)s) AS n"
    noted = record_changes_selected(source="test", select=select, values={"what": "moved", "last": 3})
    assert noted == 3
    rows = fetch("SELECT addressee_id, source, what FROM platform_change ORDER BY addressee_id")
    assert rows == [(1, "test", "moved"), (2, "test", "moved"), (3, "test", "moved")]
