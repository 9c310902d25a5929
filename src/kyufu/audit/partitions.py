"""Partitions of the log by month (日本時間): made ahead, and a default one that takes whatever has none."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from kyufu.audit.tables_sql import STREAMS, stands_trigger

MONTHS_AHEAD = 3
# Two jobs must not make the same partition.
LOCK = 7_209_251_940_113_621


class Partition(NamedTuple):
    """A month of a stream."""

    stream: str
    month: date

    @property
    def name(self) -> str:
        """The name of the table."""
        return f"{self.stream}_{self.month:%Y_%m}"

    @property
    def end(self) -> date:
        """The first day that no longer belongs to it."""
        return next_month(self.month)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def ensure_partitions(*, on: date, using: str) -> None:
    """Make the partitions of the month of `on` and of those ahead, moving what already lies in the default one."""
    months = [on.replace(day=1)]
    for _ in range(MONTHS_AHEAD):
        months.append(next_month(months[-1]))
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for stream in STREAMS:
            present = {partition.month for partition in _partitions(cursor, stream=stream)}
            for month in sorted(set(months) - present):
                _make(cursor, partition=Partition(stream, month))


def list_partitions(*, using: str) -> list[Partition]:
    """The partitions that there are, the default ones apart."""
    with connections[using].cursor() as cursor:
        return [one for stream in STREAMS for one in _partitions(cursor, stream=stream)]


def _partitions(cursor: CursorWrapper, *, stream: str) -> list[Partition]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = to_regclass(%s) ORDER BY c.relname",
        [stream],
    )
    names = [row[0].removeprefix(f"{stream}_") for row in cursor.fetchall()]
    return [Partition(stream, _month(name)) for name in names if name != "default"]


def _month(name: str) -> date:
    year, month = name.split("_")
    return date(int(year), int(month), 1)


def _make(cursor: CursorWrapper, *, partition: Partition) -> None:
    stream, name = partition.stream, partition.name
    low, high = (f"'{day.isoformat()} 00:00:00 Asia/Tokyo'" for day in (partition.month, partition.end))
    moved = f"at >= {low} AND at < {high}"
    cursor.execute(
        f"LOCK TABLE {stream} IN ACCESS EXCLUSIVE MODE; "
        f"ALTER TABLE {stream}_default DISABLE TRIGGER {stream}_default_stands; "
        f"CREATE TABLE {name} (LIKE {stream} INCLUDING DEFAULTS INCLUDING CONSTRAINTS); "
        f"INSERT INTO {name} SELECT * FROM {stream}_default WHERE {moved}; "
        f"DELETE FROM {stream}_default WHERE {moved}; "
        f"ALTER TABLE {stream} ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high}); "
        f"ALTER TABLE {stream}_default ENABLE TRIGGER {stream}_default_stands; " + stands_trigger(name)
    )
    _let_read(cursor, name=name, stream=stream)


def _let_read(cursor: CursorWrapper, *, name: str, stream: str) -> None:
    """Whoever may read the whole may read the partition, and nothing else."""
    cursor.execute(
        "SELECT a.grantee::regrole::text FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a "
        "WHERE c.oid = to_regclass(%s) AND a.grantee NOT IN (0, c.relowner) AND a.privilege_type = 'SELECT'",
        [stream],
    )
    for (account,) in cursor.fetchall():
        cursor.execute(f"GRANT SELECT ON {name} TO {account}")
