"""Any machine under any course of steps: the database ends where a model by hand does, with a history without gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import (
    Machine,
    begin,
    guard_statements,
    move,
    record_steps,
    unguard_statements,
)
from tests.platform.test_transitions import run

STATES = ("a", "b", "c", "d")
AT = datetime(2026, 7, 1, tzinfo=UTC)
STAFF = (Actor("S1", "係　一", "甲課"), Actor("S2", "係　二", "乙課"))


class Step(NamedTuple):
    """Somebody wants to take a subject from one state to another."""

    subject: int
    was: str
    to: str
    by: int


MACHINES = st.builds(
    lambda pairs, start: Machine(
        "t_thing", "t_thing_step", frozenset(start), {s: frozenset(pairs[s]) for s in STATES}
    ),
    st.fixed_dictionaries({state: st.sets(st.sampled_from(STATES)) for state in STATES}),
    st.sets(st.sampled_from(STATES), min_size=1),
)
STEPS = st.lists(
    st.builds(Step, st.integers(1, 2), st.sampled_from(STATES), st.sampled_from(STATES), st.integers(0, 1)),
    max_size=12,
)


@pytest.fixture
def tables(db: None) -> None:
    """A subject table and its history, unguarded."""
    run(
        """CREATE TABLE t_thing (id bigint PRIMARY KEY, state text NOT NULL);
           CREATE TABLE t_thing_step (id bigserial PRIMARY KEY,
             subject_id bigint NOT NULL REFERENCES t_thing DEFERRABLE INITIALLY DEFERRED,
             from_state text, to_state text NOT NULL, why text NOT NULL, decision_id bigint, actor_id text NOT NULL,
             actor_name text NOT NULL, actor_office text NOT NULL, at timestamptz NOT NULL)"""
    )


def start(machine: Machine) -> str:
    """Put two subjects where they may begin."""
    first = min(machine.start)
    for subject in (1, 2):
        run("INSERT INTO t_thing VALUES (%s, %s)", [subject, first])
        begin(machine, subject_id=subject, state=first, by=STAFF[0], at=AT, why="始め")
    return first


def take(machine: Machine, step: Step, *, at: datetime) -> bool:
    """Take a step if it may be taken."""
    try:
        with transaction.atomic():
            move(
                machine, subject_id=step.subject, from_state=step.was, to_state=step.to, by=STAFF[step.by], at=at,
                why=f"{step.was}から{step.to}へ",
            )  # fmt: skip
    except Refused:
        return False
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(machine=MACHINES, course=STEPS)
def test_any_course_of_any_machine_ends_where_the_model_does(
    tables: None, machine: Machine, course: list[Step]
) -> None:
    with transaction.atomic():
        run(guard_statements(machine))
        first = start(machine)
        where = {1: first, 2: first}
        history = [(one, None, first, "S1", AT) for one in (1, 2)]
        for minute, step in enumerate(course):
            at = AT + timedelta(minutes=minute)
            allowed = where[step.subject] == step.was and step.to in machine.pairs[step.was]
            assert take(machine, step, at=at) is allowed
            if allowed:
                where[step.subject] = step.to
                history.append((step.subject, step.was, step.to, STAFF[step.by].staff_id, at))
        assert dict(run("SELECT id, state FROM t_thing")) == where
        rows = run("SELECT subject_id, from_state, to_state, actor_id, at FROM t_thing_step ORDER BY id")
        assert rows == history
        transaction.set_rollback(True)


@pytest.fixture
def chain(tables: None) -> Machine:
    """a to b to c and back to a, guarded, with two subjects at a."""
    machine = Machine(
        "t_thing", "t_thing_step", frozenset("a"),
        {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset()},
    )  # fmt: skip
    run(guard_statements(machine))
    start(machine)
    return machine


def test_a_subject_begins_once(chain: Machine) -> None:
    with pytest.raises(IntegrityError, match="begins_once"), transaction.atomic():
        begin(chain, subject_id=1, state="a", by=STAFF[1], at=AT, why="もう一度")
    assert run("SELECT count(*) FROM t_thing_step") == [(2,)]


def test_a_subject_takes_one_step_in_a_statement(chain: Machine) -> None:
    with pytest.raises(Refused, match="ほかの操作が先に"), transaction.atomic():
        record_steps(
            chain, steps="SELECT 1::bigint, 'a', 'b', '二重', NULL::bigint FROM generate_series(1, 2)", parameters={},
            by=STAFF[0], at=AT,
        )  # fmt: skip
    assert run("SELECT state FROM t_thing WHERE id = 1") == [("a",)]


def test_a_step_of_nothing_is_refused(chain: Machine) -> None:
    with pytest.raises(Refused), transaction.atomic():
        move(chain, subject_id=99, from_state="a", to_state="b", by=STAFF[0], at=AT, why="無い物")


def test_no_steps_are_no_steps(chain: Machine) -> None:
    steps = "SELECT id, state, 'b', '', NULL::bigint FROM t_thing WHERE false"
    assert record_steps(chain, steps=steps, parameters={}, by=STAFF[0], at=AT) == 0


def test_the_other_columns_of_a_subject_stay_free(chain: Machine) -> None:
    run("ALTER TABLE t_thing ADD COLUMN note text")
    run("UPDATE t_thing SET note = 'x', state = state")
    assert run("SELECT DISTINCT note, state FROM t_thing") == [("x", "a")]


def test_guards_put_on_again_hold_again(chain: Machine) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(unguard_statements(chain))
    run("UPDATE t_thing SET state = 'c' WHERE id = 2")
    run(guard_statements(chain))
    with pytest.raises(DatabaseError, match="state moves by t_thing_step only"), transaction.atomic():
        run("UPDATE t_thing SET state = 'b'")
    move(chain, subject_id=2, from_state="c", to_state="a", by=STAFF[0], at=AT, why="戻す")
    assert run("SELECT id, state FROM t_thing ORDER BY id") == [(1, "a"), (2, "a")]


def test_a_word_with_a_quote_is_a_word(chain: Machine) -> None:
    why = "保護者の'申出'；\nDROP TABLE t_thing; -- %s %(x)s"
    move(chain, subject_id=1, from_state="a", to_state="b", by=Actor("S'9", "O'山", "課"), at=AT, why=why)
    assert run("SELECT why, actor_name FROM t_thing_step ORDER BY id DESC LIMIT 1") == [(why, "O'山")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM t_thing")
        assert cursor.fetchone() == (2,)
