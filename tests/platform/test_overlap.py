"""The overlap constraint without an extension, against a model that compares days one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

import pytest
from django.contrib.postgres.fields import DateRangeField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from kyufu.platform.db import no_overlap

FIRST = date(2026, 4, 1)
# The range of a key ends before the next one, which must be a bigint too.
LARGEST = 2**63 - 2


class Row(NamedTuple):
    """A key and its days from `start` until before `end`; None is without limit."""

    key: int
    start: int | None
    end: int | None
    open: bool


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Rows that crowd: few keys, few days, now and then without limit."""
    start = draw(st.one_of(st.none(), st.integers(0, 6)))
    end = draw(st.one_of(st.none(), st.integers((start or 0) + 1, 9)))
    return Row(draw(st.sampled_from([1, 2, LARGEST, LARGEST - 1])), start, end, draw(st.booleans()))


def day(number: int | None) -> date | None:
    return None if number is None else FIRST + timedelta(days=number)


def share_a_day(a: Row, b: Row) -> bool:
    """By hand: is there a day in both?"""
    span = range(-1, 11)

    def days(row: Row) -> set[int]:
        lowest = -1 if row.start is None else row.start
        return {one for one in span if lowest <= one < (11 if row.end is None else row.end)}

    return a.key == b.key and bool(days(a) & days(b))


def make_table() -> None:
    """A table with the constraint and nothing else."""
    with isolate_apps("tests"):

        class Plain(models.Model):
            key = models.BigIntegerField()
            valid = DateRangeField()
            is_open = models.BooleanField()

            class Meta:
                app_label = "tests"
                db_table = "t_plain"
                constraints = (no_overlap(name="t_plain_once", key="key", condition=Q(is_open=True)),)

        with connection.schema_editor() as editor:
            editor.create_model(Plain)


@pytest.fixture
def table(db: None) -> Iterator[None]:
    make_table()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def insert(row: Row) -> bool:
    """Does the table take the row?"""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO t_plain (key, valid, is_open) VALUES (%s, %s, %s)",
                [row.key, Range(day(row.start), day(row.end)), row.open],
            )
    except IntegrityError as error:
        assert "t_plain_once" in str(error)
        return False
    return True


def taken_by_hand(course: Sequence[Row]) -> list[bool]:
    """Which rows of a course should be taken, each after the ones before."""
    kept: list[Row] = []
    taken = []
    for row in course:
        fits = not (row.open and any(one.open and share_a_day(one, row) for one in kept))
        taken.append(fits)
        if fits:
            kept.append(row)
    return taken


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=st.lists(rows(), min_size=2, max_size=8))
def test_the_constraint_takes_what_shares_no_day_and_nothing_else(table: None, course: list[Row]) -> None:
    with transaction.atomic():
        assert [insert(row) for row in course] == taken_by_hand(course)
        transaction.set_rollback(True)


def test_neighbours_touch_without_sharing_a_day(table: None) -> None:
    line = [Row(1, None, 1, True), *(Row(1, at, at + 1, True) for at in range(1, 6)), Row(1, 6, None, True)]
    assert all(insert(row) for row in line)
    assert not any(insert(row) for row in line)
    assert all(insert(row._replace(key=2)) for row in line)


def test_a_row_that_is_closed_makes_room(table: None) -> None:
    assert insert(Row(1, 0, 9, True))
    assert not insert(Row(1, 3, 4, True))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE t_plain SET is_open = false")
    assert insert(Row(1, 3, 4, True))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE t_plain SET is_open = true")


def test_no_two_keys_are_taken_for_one(table: None) -> None:
    """A double must not round neighbouring keys together."""
    keys = [1, 2, LARGEST - 2, LARGEST - 1, LARGEST]
    assert all(insert(Row(key, None, None, True)) for key in keys)
    assert all(one != other for one, other in combinations(keys, 2))


def test_the_first_and_the_last_day_of_the_calendar_are_days(table: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO t_plain (key, valid, is_open) VALUES (1, '[0001-01-01,0001-01-02)', true),"
            " (1, '[9998-12-31,9999-12-31)', true), (1, '[0001-01-02,9998-12-31)', true)"
        )
        assert cursor.rowcount == 3
