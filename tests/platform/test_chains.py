"""Periods held true now as one chain: against a model that looks for gaps and overlaps day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from kyufu.platform.db import chain_statements
from tests.platform.test_transitions import run

FIRST = date(2026, 4, 1)


class Row(NamedTuple):
    """A person's days from `start` until before `end` (None: open); `known` is whether it is held true now."""

    person: int
    start: int
    end: int | None
    known: bool


@st.composite
def rows(draw: st.DrawFn) -> Row:
    start = draw(st.integers(0, 3))
    end = draw(st.one_of(st.none(), st.integers(start + 1, 4)))
    return Row(draw(st.integers(1, 2)), start, end, draw(st.sampled_from([True, True, False])))


def is_one_chain(held: list[Row]) -> bool:
    """By hand: from somebody's first day on, each day is in one row exactly, and so it goes on for ever."""
    first = min(row.start for row in held)
    far = 10
    return all(
        sum(row.start <= one < (far + 1 if row.end is None else row.end) for row in held) == 1
        for one in range(first, far + 1)
    )


@pytest.fixture
def table(db: None) -> None:
    run("CREATE TABLE t_chain (id bigserial PRIMARY KEY, person bigint, valid daterange, recorded tstzrange)")
    run(chain_statements("t_chain", key="person"))


def insert(row: Row) -> None:
    days = Range(
        FIRST + timedelta(days=row.start), None if row.end is None else FIRST + timedelta(days=row.end)
    )
    known = "tstzrange(now(), NULL)" if row.known else "tstzrange(now() - interval '1 day', now())"
    run(f"INSERT INTO t_chain (person, valid, recorded) VALUES (%s, %s, {known})", [row.person, days])


def takes(course: list[Row]) -> bool:
    """Does the table take all the rows, up to the end of the transaction?"""
    try:
        with transaction.atomic():
            for row in course:
                insert(row)
            run("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError as error:
        assert "t_chain_" in str(error)
        return False
    return True


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=st.lists(rows(), min_size=1, max_size=6))
def test_what_is_held_true_is_one_chain_for_each_person_or_is_refused(table: None, course: list[Row]) -> None:
    people = [[row for row in course if row.known and row.person == person] for person in (1, 2)]
    assert takes(course) == all(is_one_chain(held) for held in people if held)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.integers(1, 9), max_size=6), seed=st.randoms(use_true_random=False))
def test_every_chain_is_taken_in_any_order_and_none_without_one_of_its_links(
    table: None, cuts: set[int], seed: object
) -> None:
    marks = [0, *sorted(cuts)]
    chain = [Row(1, a, b, True) for a, b in zip(marks, [*marks[1:], None], strict=True)]
    seed.shuffle(chain)  # type: ignore[attr-defined]
    assert takes(chain)
    for missing in chain:
        rest = [row for row in chain if row != missing]
        assert takes(rest) == (missing.start == 0 or not rest)


@pytest.mark.parametrize("days", ["empty", "(,2026-04-01)", "(,)"])
def test_days_without_a_beginning_are_refused(table: None, days: str) -> None:
    with (
        pytest.raises(IntegrityError, match="t_chain_bounded"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO t_chain (person, valid, recorded) VALUES (1, %s::daterange, tstzrange(now(), NULL))",
            [days],
        )


def test_a_correction_in_one_transaction_may_pass_through_a_gap(table: None) -> None:
    for row in (Row(1, 0, 2, True), Row(1, 2, None, True)):
        insert(row)
    run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    run(
        "UPDATE t_chain SET recorded = tstzrange(lower(recorded), now() + interval '1 second') WHERE upper_inf(valid)"
    )
    insert(Row(1, 2, 3, True))
    insert(Row(1, 3, None, True))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    assert run("SELECT count(*) FROM t_chain WHERE upper_inf(recorded)") == [(3,)]
