"""The job that chains records: whatever finished transactions wrote goes into blocks, each sealing the one before.

A record is final when its transaction is below the horizon: every transaction of this database below it has ended, so
that a block seals all of them and no record can join later. What is still open is sealed by a later run. What is open
in another database of the server cannot write here, and holds nothing up.

Records that name another cluster are sealed in one case only: a restored dump that somebody announced. Whoever owns
the tables could otherwise have any record sealed by naming a cluster of which nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from kyufu.audit.blocks import BLOCK_COLUMNS, BLOCK_PURPOSE, FIRST, Block, as_block
from kyufu.audit.canonical import digest_expression
from kyufu.audit.events import EventKind
from kyufu.audit.recording import record_event
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import STREAMS
from kyufu.platform.errors import Refused
from kyufu.platform.schema import owner_alias

_MOVED = "この記録は、前回は別のデータベースサーバーで封印されています。"
_MOVED_REMEDY = (
    "復元や移転をしたときは、kyufu audit chain --restored-from-elsewhere 理由 を実行してください。"
)
_BUSY = "実行中のほかの処理があるため、記録の引継ぎを封印できません。"
RECORDS_A_BLOCK = 50_000
# Any number will do, as long as nothing else of this database locks by it.
LOCK = 7_209_251_940_113_620

HERE = "(pg_control_system()).system_identifier"
"""The cluster that this server is, as SQL."""
# A block of records that came from another cluster has no window: their transaction numbers mean nothing here.
NO_WINDOW = "0"
# The clusters of a stream by jumps over the index: there are one or two, among millions of records.
_CLUSTERS = """
WITH RECURSIVE found(cluster) AS (
  (SELECT cluster FROM {stream} ORDER BY cluster LIMIT 1) UNION ALL
  SELECT (SELECT s.cluster FROM {stream} s WHERE s.cluster > f.cluster ORDER BY s.cluster LIMIT 1) FROM found f
   WHERE f.cluster IS NOT NULL
) SELECT cluster FROM found WHERE cluster IS NOT NULL AND cluster <> %s
"""
# A transaction that ended since the snapshot is in no lock any more: it counts as one of ours, and waits.
_WINDOW = """
WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
elsewhere AS (
  SELECT l.transactionid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
   WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
     AND a.datname <> current_database())
SELECT coalesce((SELECT max(xid_to) FROM audit_block WHERE stream = %(stream)s AND cluster = %(cluster)s),
                '0'::xid8)::text,
       least((SELECT min(x) FROM now, pg_snapshot_xip(now.snapshot) x
               WHERE x::xid NOT IN (SELECT transactionid FROM elsewhere)),
             (SELECT pg_snapshot_xmax(snapshot) FROM now), pg_current_xact_id_if_assigned())::text
"""
# What was sealed abroad, of this cluster's records, lies in no window of its own: it may not be sealed once more.
_ABROAD = """
SELECT coalesce(range_agg(r), '{{}}') FROM audit_block b, unnest(b.ids) r WHERE b.stream = %(stream)s
   AND b.cluster = %(cluster)s{windowless}
"""
_RECORDS = """
WITH sealed AS MATERIALIZED ({sealed})
SELECT count(*), max(n.id), range_agg(int8range(n.id, n.id, '[]'))::text, string_agg(n.digest, ''::bytea ORDER BY n.id)
  FROM (SELECT id, {digest} AS digest FROM {stream} WHERE cluster = %(cluster)s AND {window} AND id > %(after)s
           AND NOT id <@ (SELECT * FROM sealed) ORDER BY id LIMIT %(most)s) n
"""
_OWN = "xid >= %(low)s::xid8 AND xid < %(high)s::xid8"


class ChainResult(NamedTuple):
    """How many blocks and records a run sealed."""

    blocks: int
    records: int


class _Window(NamedTuple):
    """What is looked through: finished transactions of this cluster, of another (no window) what is in no block."""

    stream: str
    cluster: int
    low: str
    high: str

    def statement(self) -> str:
        """The SQL of its next records."""
        own = self.high != NO_WINDOW
        return _RECORDS.format(
            stream=self.stream,
            digest=digest_expression(self.stream),
            window=_OWN if own else "true",
            sealed=_ABROAD.format(windowless=" AND b.xid_to = '0'" if own else ""),
        )


def chain_records(*, at: datetime, signer: Signer) -> ChainResult:
    """Seal what is final and not yet sealed, in one transaction; a second run at once waits and finds nothing left.

    Only what this cluster wrote: records that name another are none of its own. Raises Refused where the chain was
    written by another cluster last.
    """
    with _locked() as cursor:
        here, home = this_cluster(cursor), home_cluster(cursor)
        if home not in {None, here}:
            raise Refused(_MOVED, remedy=_MOVED_REMEDY)
        return _seal(cursor, windows=_own_windows(cursor, here=here), at=at, signer=signer)


def chain_restored(*, at: datetime, signer: Signer, reason: str) -> ChainResult:
    """Go on with a chain that came from another cluster with a dump, and seal what came unsealed, as it stands.

    An event names what came and why; the signed blocks of this run are what introduces this cluster to verification.
    Raises Refused while older transactions of this cluster are open, so that the event itself cannot be sealed.
    """
    with _locked() as cursor:
        here = this_cluster(cursor)
        foreign = _foreign_windows(cursor, here=here)
        result = _seal(cursor, windows=foreign, at=at, signer=signer)
        came = "、".join(sorted({str(window.cluster) for window in foreign})) or "なし"
        detail = {"理由": reason, "このサーバー": str(here), "ほかのサーバーの記録": came}
        record_event(
            EventKind.LOG_RESTORED,
            detail={**detail, "封印した記録": str(result.records)},
            using=owner_alias(),
        )
    with _locked() as cursor:
        own = _seal(cursor, windows=_own_windows(cursor, here=here), at=at, signer=signer)
        if home_cluster(cursor) != here:
            raise Refused(_BUSY, remedy="ほかの処理が終わってから、もう一度実行してください。")
        return ChainResult(result.blocks + own.blocks, result.records + own.records)


def this_cluster(cursor: CursorWrapper) -> int:
    """The cluster that this server is."""
    cursor.execute(f"SELECT {HERE}")
    return int(cursor.fetchone()[0])


def home_cluster(cursor: CursorWrapper) -> int | None:
    """The cluster that last sealed records of its own; None before the first block."""
    cursor.execute("SELECT cluster FROM audit_block WHERE xid_to <> '0' ORDER BY no DESC LIMIT 1")
    row = cursor.fetchone()
    return int(row[0]) if row else None


@contextmanager
def _locked() -> Iterator[CursorWrapper]:
    alias = owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield cursor


def _seal(cursor: CursorWrapper, *, windows: list[_Window], at: datetime, signer: Signer) -> ChainResult:
    blocks, records = 0, 0
    for window in windows:
        for block in _blocks(cursor, window=window, at=at, signer=signer):
            _insert(cursor, block=block)
            blocks, records = blocks + 1, records + block.record_count
    return ChainResult(blocks, records)


def head_block(cursor: CursorWrapper) -> Block | None:
    """The last block; None before the first."""
    cursor.execute(f"SELECT {BLOCK_COLUMNS} FROM audit_block ORDER BY no DESC LIMIT 1")
    row = cursor.fetchone()
    return as_block(row) if row else None


def _own_windows(cursor: CursorWrapper, *, here: int) -> list[_Window]:
    windows = []
    for stream in STREAMS:
        cursor.execute(_WINDOW, {"stream": stream, "cluster": here})
        low, high = cursor.fetchone()
        windows.append(_Window(stream, here, low, high))
    return windows


def _foreign_windows(cursor: CursorWrapper, *, here: int) -> list[_Window]:
    windows = []
    for stream in STREAMS:
        cursor.execute(_CLUSTERS.format(stream=stream), [here])
        windows += [_Window(stream, cluster, NO_WINDOW, NO_WINDOW) for (cluster,) in cursor.fetchall()]
    return windows


def _blocks(cursor: CursorWrapper, *, window: _Window, at: datetime, signer: Signer) -> Iterator[Block]:
    statement, after = window.statement(), 0
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
