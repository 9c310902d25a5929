"""The database knows the table of transitions as well as the code does."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.cases.machines import APPLICATIONS, CERTIFICATES
from kyufu.cases.mismatch_kinds import MISMATCHES
from kyufu.platform.transitions import Machine

INSERT_STEP = """
    INSERT INTO {history} (subject_id, from_state, to_state, actor_id, actor_name, actor_office, at, why)
    VALUES (-1, %s, %s, '', '', '', now(), '')"""


def is_step_known(machine: Machine, *, from_state: str | None, to_state: str) -> bool:
    """Does the history table's constraint let the pair in? The row fails later, for want of a subject."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT_STEP.format(history=machine.history_table), [from_state, to_state])
    except IntegrityError as error:
        return "_steps" not in str(error)
    except DatabaseError as error:
        assert "state changed meanwhile" in str(error)
        return True
    return True


@pytest.mark.parametrize(
    "machine", [APPLICATIONS, CERTIFICATES, MISMATCHES], ids=lambda one: one.subject_table
)
def test_the_database_allows_the_pairs_of_the_table_and_no_other(
    transactional_db: None, machine: Machine
) -> None:
    known = {
        (source, target)
        for source, target in product(machine.pairs, repeat=2)
        if is_step_known(machine, from_state=source, to_state=target)
    }
    assert known == {(source, target) for source, targets in machine.pairs.items() for target in targets}


@pytest.mark.parametrize(
    "machine", [APPLICATIONS, CERTIFICATES, MISMATCHES], ids=lambda one: one.subject_table
)
def test_the_database_knows_where_a_case_begins(transactional_db: None, machine: Machine) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {machine.history_table} DISABLE TRIGGER USER")
        starts = {state for state in machine.pairs if is_start_known(machine, state=state)}
        cursor.execute(f"ALTER TABLE {machine.history_table} ENABLE TRIGGER USER")
    assert starts == machine.start


def is_start_known(machine: Machine, *, state: str) -> bool:
    """Does the history table's constraint let a beginning in?"""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT_STEP.format(history=machine.history_table), [None, state])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        return "_steps" not in str(error)
    return True
