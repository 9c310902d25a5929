"""Database helpers that every module shares: the overlap constraint without an extension, and COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import connection
from django.db.models import F, Func, Q, Value
from django.db.models.fields import BigIntegerField, BooleanField


class UpperIsOpen(Func):
    """Has the range no end: is it what is held true now?"""

    function = "upper_inf"
    output_field = BooleanField()


def no_overlap(*, name: str, key: str, period: str = "valid", condition: Q | None = None) -> ExclusionConstraint:
    """Refuse two rows of one `key` (a bigint column) whose `period` ranges share a day.

    A bigint has no GiST operator without btree_gist, so it is compared as the range [key, key].
    """
    as_range = Func(F(key), F(key), Value("[]"), function="int8range", output_field=BigIntegerField())
    return ExclusionConstraint(
        name=name,
        expressions=[(as_range, RangeOperators.EQUAL), (period, RangeOperators.OVERLAPS)],
        condition=condition,
    )


def copy_rows(*, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by COPY into a table within the current transaction."""
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with cursor.cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
