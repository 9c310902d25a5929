"""The job that chains records: whatever finished transactions wrote goes into blocks, each sealing the one before.

A record is final when its transaction is below the horizon (`pg_snapshot_xmin`): every transaction below it has ended,
so that a block seals all of them and no record can join later. What is still open is sealed by a later run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from kyufu.audit.blocks import BLOCK_COLUMNS, BLOCK_PURPOSE, FIRST, Block, as_block
from kyufu.audit.canonical import digest_expression
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import STREAMS
from kyufu.platform.schema import owner_alias

RECORDS_A_BLOCK = 50_000
# Any number will do, as long as nothing else of this database locks by it.
LOCK = 7_209_251_940_113_620

# The clusters of a stream by jumps over the index: there are one or two, among millions of records.
_CLUSTERS = """
WITH RECURSIVE found(cluster) AS (
  (SELECT cluster FROM {stream} ORDER BY cluster LIMIT 1) UNION ALL
  SELECT (SELECT s.cluster FROM {stream} s WHERE s.cluster > f.cluster ORDER BY s.cluster LIMIT 1) FROM found f
   WHERE f.cluster IS NOT NULL
) SELECT cluster FROM found WHERE cluster IS NOT NULL
"""
# Transaction numbers of another cluster mean nothing here: what came from it with a dump is final as it stands.
_WINDOW = """
SELECT coalesce((SELECT max(xid_to) FROM audit_block WHERE stream = %(stream)s AND cluster = %(cluster)s),
                '0'::xid8)::text,
  CASE WHEN %(cluster)s = (pg_control_system()).system_identifier THEN pg_snapshot_xmin(pg_current_snapshot())
       ELSE '18446744073709551615'::xid8 END::text
"""
_RECORDS = """
SELECT count(*), max(n.id), range_agg(int8range(n.id, n.id, '[]'))::text, string_agg(n.digest, ''::bytea ORDER BY n.id)
  FROM (SELECT id, {digest} AS digest FROM {stream} WHERE cluster = %(cluster)s AND xid >= %(low)s::xid8
           AND xid < %(high)s::xid8 AND id > %(after)s ORDER BY id LIMIT %(most)s) n
"""


class ChainResult(NamedTuple):
    """How many blocks and records a run sealed."""

    blocks: int
    records: int


class _Window(NamedTuple):
    stream: str
    cluster: int
    low: str
    high: str


def chain_records(*, at: datetime, signer: Signer) -> ChainResult:
    """Seal what is final and not yet sealed, in one transaction; a second run at once waits and finds nothing left."""
    alias = owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        blocks, records = 0, 0
        for window in _windows(cursor):
            for block in _blocks(cursor, window=window, at=at, signer=signer):
                _insert(cursor, block=block)
                blocks, records = blocks + 1, records + block.record_count
        return ChainResult(blocks, records)


def head_block(cursor: CursorWrapper) -> Block | None:
    """The last block; None before the first."""
    cursor.execute(f"SELECT {BLOCK_COLUMNS} FROM audit_block ORDER BY no DESC LIMIT 1")
    row = cursor.fetchone()
    return as_block(row) if row else None


def _windows(cursor: CursorWrapper) -> list[_Window]:
    windows = []
    for stream in STREAMS:
        cursor.execute(_CLUSTERS.format(stream=stream))
        for (cluster,) in cursor.fetchall():
            cursor.execute(_WINDOW, {"stream": stream, "cluster": cluster})
            low, high = cursor.fetchone()
            windows.append(_Window(stream, cluster, low, high))
    return windows


def _blocks(cursor: CursorWrapper, *, window: _Window, at: datetime, signer: Signer) -> Iterator[Block]:
    statement = _RECORDS.format(stream=window.stream, digest=digest_expression(window.stream))
    after = 0
    while True:
        cursor.execute(statement, {**window._asdict(), "after": after, "most": RECORDS_A_BLOCK})
        count, last, ids, digests = cursor.fetchone()
        if count == 0:
            return
        before = head_block(cursor)
        draft = Block(
            no=before.no + 1 if before else 1, at=at, stream=window.stream, cluster=window.cluster,
            xid_from=window.low, xid_to=window.high, ids=ids, record_count=count,
            digests=bytes(digests), previous=before.hash if before else FIRST, hash=b"", key_id=signer.key_id,
            signature=b"",
        )  # fmt: skip
        digest = draft.computed_hash()
        yield draft._replace(hash=digest, signature=signer.sign(digest, purpose=BLOCK_PURPOSE))
        after = last


def _insert(cursor: CursorWrapper, *, block: Block) -> None:
    cursor.execute(
        "INSERT INTO audit_block (no, at, stream, cluster, xid_from, xid_to, ids, record_count, digests, previous, "
        "hash, key_id, signature) "
        "VALUES (%s, %s, %s, %s, %s::xid8, %s::xid8, %s::int8multirange, %s, %s, %s, %s, %s, %s)",
        list(block),
    )
