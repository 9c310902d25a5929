"""Whatever order revisions arrive in, and however they are cut into files, the highest one is what is known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.evidence.api import income_of, other_schemes_of
from kyufu.law.calendar.period import Period
from tests.evidence.files import FEEDS, INCOME, PERIOD, Sender

NUMBER = "000000000000001"
Sent = list[list[int]]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Sent, int]:
    """Revisions 0 to n, each sent once or twice, in any order, cut into files; and n."""
    highest = draw(st.integers(0, 5))
    once = list(range(highest + 1))
    again = draw(st.lists(st.sampled_from(once), max_size=3))
    order = draw(st.permutations(once + again))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=4)))
    edges = [0, *cuts, len(order)]
    files = [list(order[start:end]) for start, end in pairwise(edges)]
    return [file for file in files if file], highest


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(deliveries())
def test_the_highest_revision_of_income_is_known_in_the_end(delivered: tuple[Sent, int]) -> None:
    files, highest = delivered
    with a_person_of_its_own() as person:
        send("tax", files=files)

        (income,) = income_of([person])[person]
        assert income.incomes.salary == highest
        assert_history_is_sound("evidence_income")


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(deliveries())
def test_the_highest_revision_of_a_scheme_is_known_in_the_end(delivered: tuple[Sent, int]) -> None:
    """Revision n begins in year 2000 + n, and is a cancellation where n is 4."""
    files, highest = delivered
    with a_person_of_its_own() as person:
        send("schemes", files=files)

        found = [scheme.period for scheme in other_schemes_of([person])[person]]
        assert found == ([] if highest == 4 else [Period(date(2000 + highest, 1, 1), None)])
        assert_history_is_sound("evidence_other_scheme")


@contextmanager
def a_person_of_its_own() -> Iterator[int]:
    """An addressee for one example; whatever the example did is undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registry_addressee (addressee_no, kind) VALUES (%s, 'resident') RETURNING id",
                [NUMBER],
            )
            person = int(cursor.fetchone()[0])
        yield person
        transaction.set_rollback(True)


def send(layout: str, *, files: Iterable[list[int]]) -> None:
    """Deliver the revisions, file by file."""
    make = _income if layout == "tax" else _scheme
    with tempfile.TemporaryDirectory() as folder:
        sender = Sender(Path(folder), FEEDS)
        for revisions in files:
            result = sender.send(layout, [make(revision) for revision in revisions])
            assert result.rejected == 0


def assert_history_is_sound(table: str) -> None:
    """Revisions rise, each is closed at the instant the next begins, and the last one is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT revision, lower(recorded), upper(recorded) FROM {table} ORDER BY lower(recorded)"
        )
        rows = cursor.fetchall()
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert [row[2] for row in rows] == [*(row[1] for row in rows[1:]), None]


def _income(revision: int) -> dict[str, object]:
    return {**INCOME, "atenabango": NUMBER, "rirekieda": revision, "kyuyo": revision}


def _scheme(revision: int) -> dict[str, object]:
    row = {**PERIOD, "seido": "1", "atenabango": NUMBER, "rirekieda": revision}
    return {**row, "torikeshi": int(revision == 4), "kaishi": f"{2000 + revision}-01-01"}
