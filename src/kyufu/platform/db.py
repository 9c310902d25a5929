"""Database helpers that every module shares: the overlap constraint without an extension, and COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F, Func, Q, Value
from django.db.models.fields import BigIntegerField, BooleanField


class UpperIsOpen(Func):
    """Has the range no end: is it what is held true now?"""

    function = "upper_inf"
    output_field = BooleanField()


def no_overlap(
    *, name: str, key: str, period: str = "valid", condition: Q | None = None
) -> ExclusionConstraint:
    """Refuse two rows of one `key` (a bigint column) whose `period` ranges share a day.

    A bigint has no GiST operator without btree_gist, so it is compared as the range [key, key].
    """
    as_range = Func(F(key), F(key), Value("[]"), function="int8range", output_field=BigIntegerField())
    return ExclusionConstraint(
        name=name,
        expressions=[(as_range, RangeOperators.EQUAL), (period, RangeOperators.OVERLAPS)],
        condition=condition,
    )


def chain_statements(table: str, *, key: str) -> str:
    """SQL that makes the rows held true now of each `key` one chain of periods without overlap and without gap.

    For tables with `valid` and `recorded` that take hundreds of thousands of rows at once: b-trees take a third of
    the time of an exclusion constraint. That it is enough: starts are unique, at most one row is open, and each end
    is the start of a row, of no two rows the same. So each row but the open one has its own successor that starts
    where it ends, and all rows of a key are one chain. The successor is asked for when the transaction commits.
    """
    return f"""
ALTER TABLE {table}
  ADD COLUMN current_start date
    GENERATED ALWAYS AS (CASE WHEN upper_inf(recorded) THEN lower(valid) END) STORED,
  ADD COLUMN current_end date
    GENERATED ALWAYS AS (CASE WHEN upper_inf(recorded) THEN upper(valid) END) STORED,
  ADD CONSTRAINT {table}_bounded CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
  ADD CONSTRAINT {table}_one_start UNIQUE ({key}, current_start),
  ADD CONSTRAINT {table}_successor FOREIGN KEY ({key}, current_end)
    REFERENCES {table} ({key}, current_start) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX {table}_one_end ON {table} ({key}, current_end) WHERE current_end IS NOT NULL;
CREATE UNIQUE INDEX {table}_one_open ON {table} ({key}) WHERE upper_inf(recorded) AND upper_inf(valid);
"""


def copy_rows(
    *, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], using: str = DEFAULT_DB_ALIAS
) -> None:
    """Write rows by COPY into a table within the current transaction."""
    connection = connections[using]
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        # Past Django's cursor, errors would be the driver's own, which no caller looks for.
        with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
