"""COPY into a table: every value arrives as it was, or the whole is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from kyufu.platform.db import copy_rows

COLUMNS = ("id", "words", "amount", "days", "at", "codes")
# PostgreSQL holds no NUL and no lone surrogate.
WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
AT = datetime(2026, 7, 1, 12, 34, 56, 789012, tzinfo=UTC)


@pytest.fixture
def table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE t_copy (id bigint PRIMARY KEY, words text, amount integer CHECK (amount >= 0),"
            " days daterange, at timestamptz, codes text[])"
        )


def copied(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    copy_rows(table="t_copy", columns=COLUMNS, rows=rows)
    return stored()


def stored() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM t_copy ORDER BY id")
        return cursor.fetchall()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, codes=st.lists(WORDS, max_size=3))
def test_text_arrives_as_it_was(table: None, words: str, codes: list[str]) -> None:
    with transaction.atomic():
        assert copied([(1, words, None, None, AT, codes)]) == [(1, words, None, None, AT, codes)]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "words", ["\\N", "\\.", "a\tb", "a\nb", "a\\nb", "", " ", '"', "\r\n", "𠮷\U000e0101"]
)
def test_what_copy_itself_uses_as_a_sign_is_text_all_the_same(table: None, words: str) -> None:
    assert copied([(1, words, 0, None, None, [words])])[0][1:6:4] == (words, [words])


def test_nothing_and_empty_are_two_things(table: None) -> None:
    rows = copied([(1, None, None, None, None, None), (2, "", 0, Range(empty=True), AT, [])])
    assert rows[0] == (1, None, None, None, None, None)
    assert rows[1] == (2, "", 0, Range(empty=True), AT, [])


def test_ranges_keep_their_open_ends(table: None) -> None:
    spans = [
        Range(date(2026, 4, 1), None),
        Range(None, date(2026, 4, 1)),
        Range(date(2026, 1, 1), date(2027, 1, 1)),
    ]
    rows = copied([(at, "", 0, span, None, None) for at, span in enumerate(spans)])
    assert [row[3] for row in rows] == spans


@pytest.mark.parametrize(("amount", "error"), [(-1, IntegrityError), ("many", DataError), (2**40, DataError)])
def test_one_bad_row_refuses_them_all(table: None, amount: object, error: type[Exception]) -> None:
    with pytest.raises(error), transaction.atomic():
        copied([(1, "", 1, None, None, None), (2, "", amount, None, None, None)])
    assert stored() == []


def test_rows_that_break_off_leave_nothing(table: None) -> None:
    def broken() -> Iterator[tuple[Any, ...]]:
        yield 1, "", 1, None, None, None
        raise LookupError("the source broke off")

    with pytest.raises(LookupError), transaction.atomic():
        copy_rows(table="t_copy", columns=COLUMNS, rows=broken())
    assert stored() == []


def test_no_rows_are_no_rows(table: None) -> None:
    assert copied([]) == []


def test_columns_that_are_not_named_take_their_default(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t_some (id bigserial, words text, state text DEFAULT 'open')")
        copy_rows(table="t_some", columns=("words",), rows=[("a",), ("b",)])
        cursor.execute("SELECT * FROM t_some ORDER BY id")
        assert cursor.fetchall() == [(1, "a", "open"), (2, "b", "open")]
