"""Steps of a state machine: recorded, compared and set by the database, refused where the table does not know them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import (
    Machine,
    append_only_statements,
    begin,
    guard_statements,
    move,
    record_steps,
    unguard_statements,
)

MACHINE = Machine(
    subject_table="t_lamp",
    history_table="t_lamp_step",
    start=frozenset({"off"}),
    pairs={"off": frozenset({"on"}), "on": frozenset({"off", "broken"}), "broken": frozenset()},
)
TABLES = """
CREATE TABLE t_lamp (id bigint PRIMARY KEY, state text NOT NULL);
CREATE TABLE t_lamp_step (id bigserial PRIMARY KEY, subject_id bigint NOT NULL REFERENCES t_lamp, from_state text,
  to_state text NOT NULL, why text NOT NULL, decision_id bigint, actor_id text NOT NULL, actor_name text NOT NULL,
  actor_office text NOT NULL, at timestamptz NOT NULL);
"""
ACTOR = Actor("S1", "点灯　係", "灯台課")
AT = datetime(2026, 7, 1, tzinfo=UTC)


def run(statement: str, values: list[object] | None = None) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def lamps(db: None) -> None:
    """Three lamps that are off, guarded."""
    run(TABLES + guard_statements(MACHINE))
    run("INSERT INTO t_lamp SELECT id, 'off' FROM generate_series(1, 3) AS id")


def switch(lamp: int, *, was: str, to: str) -> None:
    move(MACHINE, subject_id=lamp, from_state=was, to_state=to, by=ACTOR, at=AT, why="試験")


def test_a_step_moves_the_subject_and_says_who_when_and_why(lamps: None) -> None:
    begin(MACHINE, subject_id=1, state="off", by=ACTOR, at=AT, why="設置")
    switch(1, was="off", to="on")
    assert run("SELECT state FROM t_lamp ORDER BY id") == [("on",), ("off",), ("off",)]
    assert run(
        "SELECT from_state, to_state, actor_id, actor_name, actor_office, at, why FROM t_lamp_step"
    ) == [
        (None, "off", "S1", "点灯　係", "灯台課", AT, "設置"),
        ("off", "on", "S1", "点灯　係", "灯台課", AT, "試験"),
    ]


@pytest.mark.parametrize(("was", "to"), list(product(["off", "on", "broken"], repeat=2)))
def test_only_the_steps_of_the_table_are_taken(lamps: None, was: str, to: str) -> None:
    for state in {"off": [], "on": ["on"], "broken": ["on", "broken"]}[was]:
        switch(1, was={"on": "off", "broken": "on"}[state], to=state)
    if MACHINE.allows(from_state=was, to_state=to):
        switch(1, was=was, to=to)
        assert run("SELECT state FROM t_lamp WHERE id = 1") == [(to,)]
        return
    with pytest.raises(Refused, match="いまの状態では"):
        switch(1, was=was, to=to)
    assert run("SELECT state FROM t_lamp WHERE id = 1") == [(was,)]


def test_a_subject_that_moved_meanwhile_is_refused_and_nothing_changes(lamps: None) -> None:
    switch(2, was="off", to="on")
    with pytest.raises(Refused, match="ほかの操作が先に"), transaction.atomic():
        record_steps(
            MACHINE,
            steps="SELECT id, 'off', 'on', '一斉点灯', NULL::bigint FROM t_lamp",
            parameters={},
            by=ACTOR,
            at=AT,
        )
    assert run("SELECT state FROM t_lamp ORDER BY id") == [("off",), ("on",), ("off",)]
    assert run("SELECT count(*) FROM t_lamp_step") == [(1,)]


def test_many_steps_are_one_statement(lamps: None) -> None:
    taken = record_steps(
        MACHINE, steps="SELECT id, state, 'on', '一斉点灯', id + 100 FROM t_lamp WHERE id <> %(but)s",
        parameters={"but": 2}, by=ACTOR, at=AT,
    )  # fmt: skip
    assert taken == 2
    assert run("SELECT subject_id, decision_id FROM t_lamp_step ORDER BY id") == [(1, 101), (3, 103)]


def test_the_state_cannot_be_set_behind_the_history(lamps: None) -> None:
    with pytest.raises(DatabaseError, match="state moves by t_lamp_step only"), transaction.atomic():
        run("UPDATE t_lamp SET state = 'on'")
    with pytest.raises(DatabaseError, match="must begin in a start state"), transaction.atomic():
        run("INSERT INTO t_lamp VALUES (9, 'broken')")
    assert run("SELECT DISTINCT state FROM t_lamp") == [("off",)]


def test_other_errors_of_the_database_are_not_dressed_up(lamps: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        begin(MACHINE, subject_id=77, state="off", by=ACTOR, at=AT, why="無い物")
        run("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_guards_can_be_taken_away(lamps: None) -> None:
    run(unguard_statements(MACHINE))
    run("UPDATE t_lamp SET state = 'broken'")
    assert run("SELECT DISTINCT state FROM t_lamp") == [("broken",)]


def test_append_only_tables_stand(lamps: None) -> None:
    run(append_only_statements(["t_lamp_step"], function="t_lamp_stand"))
    switch(1, was="off", to="on")
    for statement in ("UPDATE t_lamp_step SET why = ''", "DELETE FROM t_lamp_step"):
        with pytest.raises(DatabaseError, match="t_lamp_step: rows stand as written"), transaction.atomic():
            run(statement)
