"""What the database itself refuses, whoever writes; and that every instant of the past can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.evidence import operations
from kyufu.evidence.api import income_of, record_income, withdraw_income
from kyufu.platform.actors import Actor
from tests.evidence.files import INCOME, INSURANCE, PERIOD, Sender
from tests.evidence.records import income

NUMBER = "000000000000001"
START = datetime(2024, 8, 1, tzinfo=UTC)
CLERK = Actor("S0001", "職員　一郎", "鶴見区保険年金課")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("evidence_income", "salary = -1", "evidence_income_no_negative"),
        ("evidence_income", "income_levy = -1", "evidence_income_no_negative"),
        ("evidence_income", "dependants_total = -1", "evidence_income_no_negative"),
        ("evidence_income", "declared = 'perhaps'", "evidence_income_declared"),
        ("evidence_income", "source = 'hearsay'", "evidence_income_source"),
        ("evidence_income", "recorded = 'empty'", "evidence_income_recorded"),
        ("evidence_income", "file_id = NULL", "evidence_income_origin"),
        ("evidence_income", "recorded_by = 'S0001'", "evidence_income_origin"),
        ("evidence_income", "obtained_on = '2026-06-11'", "evidence_income_one_ledger_entry"),
        ("evidence_insurance", "insurer_no = '1234567'", "evidence_insurance_insurer_no"),
        ("evidence_insurance", "relation = 'friend'", "evidence_insurance_relation"),
        ("evidence_insurance", "revision = 9", "evidence_insurance_known_once"),
        ("evidence_other_scheme", "kind = 'unknown'", "evidence_other_scheme_kind"),
        ("evidence_public_assistance", "kind = 'unknown'", "evidence_public_assistance_kind"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_the_database(
    person: Callable[[str], int], sender: Sender, table: str, change: str, constraint: str
) -> None:
    person(NUMBER)
    sender.send("tax", [{**INCOME, "atenabango": NUMBER}])
    sender.send("insurance", [{**INSURANCE, "atenabango": NUMBER}], mode="FULL")
    sender.send("assistance", [{**PERIOD, "hogo_kubun": "1", "atenabango": NUMBER}], mode="FULL")
    sender.send("schemes", [{**PERIOD, "seido": "1", "atenabango": NUMBER}], mode="FULL")
    column, _, value = change.partition(" = ")

    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT * FROM {table}")
        cursor.execute("UPDATE copy SET id = id + 1000")
        cursor.execute(f"UPDATE copy SET {column} = {value}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM copy")


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.one_of(st.none(), st.integers(0, 3)), st.integers(1, 9)),
        min_size=1,
        max_size=8,
    )
)
def test_every_instant_of_the_past_is_as_it_was(steps: list[tuple[int, int | None, int]]) -> None:
    """Steps: day of the paper, its salary (None takes it back), and the hours until the step."""
    known: dict[int, int] = {}
    moments: list[tuple[datetime, set[tuple[int, int]]]] = [(START, set())]
    now = START
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registry_addressee (addressee_no, kind) VALUES (%s, 'resident') RETURNING id",
                [NUMBER],
            )
            guardian = int(cursor.fetchone()[0])
        for day, salary, hours in steps:
            now += timedelta(hours=hours)
            patch.setattr(operations, "current_instant", lambda at=now: at)
            play(guardian, day=day, salary=salary, known=known)
            moments.append((now, set(known.items())))

        for at, expected in moments:
            found = income_of([guardian], known_at=at)[guardian]
            assert {(one.obtained_on.day, one.incomes.salary) for one in found} == expected
        transaction.set_rollback(True)


def play(guardian: int, *, day: int, salary: int | None, known: dict[int, int]) -> None:
    """Record, correct or take back the paper of a day, and note it in the model."""
    if salary is not None:
        paper = income(obtained_on=date(2024, 7, day), salary=salary)
        record_income(paper, addressee_id=guardian, by=CLERK, note="訂正")
        known[day] = salary
    elif day in known:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM evidence_income WHERE upper_inf(recorded) AND obtained_on = %s",
                [date(2024, 7, day)],
            )
            record = int(cursor.fetchone()[0])
        withdraw_income(record, addressee_id=guardian, by=CLERK, reason="誤り")
        del known[day]
