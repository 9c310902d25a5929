"""Verification: every block against the one before and its signature, every record against its block, and the reverse.

Finds what was altered (the digest differs), is missing (sealed, but gone without a signed note of its deletion) or was
inserted (under a transaction that was sealed, with an instant long past, or by a cluster that nobody announced), and
names the table and the number of the record.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from kyufu.audit.blocks import BLOCK_COLUMNS, BLOCK_PURPOSE, FIRST, Block, as_block, ranges_in
from kyufu.audit.canonical import digest_expression
from kyufu.audit.chain import LOCK, home_cluster, this_cluster
from kyufu.audit.head import Head
from kyufu.audit.retired import retired_records
from kyufu.audit.signing import is_signed
from kyufu.audit.tables_sql import STREAMS
from kyufu.audit.watch import broken_watch, wanted_watch
from kyufu.platform.schema import owner_alias

MOST_FINDINGS = 100


class Fault(StrEnum):
    """What is wrong."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    UNSEALED = "unsealed"
    BLOCK_MISSING = "block_missing"
    BLOCK_ALTERED = "block_altered"
    BLOCK_UNSIGNED = "block_unsigned"
    HEAD_LOST = "head_lost"
    RETIREMENT_UNSIGNED = "retirement_unsigned"
    WATCH_CHANGED = "watch_changed"

    @property
    def label(self) -> str:
        """The Japanese words for the report."""
        return _LABELS[self]


_LABELS = {
    Fault.ALTERED: "記録が書き換えられています",
    Fault.MISSING: "記録が失われています",
    Fault.INSERTED: "記録が後から差し込まれています",
    Fault.UNSEALED: "記録が封印されないまま残っています",
    Fault.BLOCK_MISSING: "封印が失われています",
    Fault.BLOCK_ALTERED: "封印が書き換えられています",
    Fault.BLOCK_UNSIGNED: "封印の署名が正しくありません",
    Fault.HEAD_LOST: "保管した封印の続きになっていません",
    Fault.RETIREMENT_UNSIGNED: "削除の一覧の署名が正しくありません",
    Fault.WATCH_CHANGED: "更新を記録する仕掛けが外されているか、変えられています",
}


class Finding(NamedTuple):
    """One fault: in which table (or function), and the number of the record or the block, if it is one."""

    fault: Fault
    table: str
    number: int | None = None

    def __str__(self) -> str:
        if self.number is None:
            return f"{self.fault.label}（{self.table}）"
        return f"{self.fault.label}（{self.table} の番号 {self.number}）"


class Verdict(NamedTuple):
    """What was looked at, and the faults in the order in which they were found (at most MOST_FINDINGS)."""

    blocks: int
    records: int
    retired: int
    waiting: int
    findings: tuple[Finding, ...]


Keys = Mapping[str, Ed25519PublicKey]


def verify(
    *, at: datetime, keys: Keys, patience: timedelta, longest: timedelta, head: Head | None = None
) -> Verdict:
    """Verify the whole log; `patience` is how long a record may wait for its block, `head` one kept in safety.

    `longest` is how long a transaction may last: a record cannot be older than the sealing before by more than that.
    """
    alias = owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        # Nothing is deleted meanwhile.
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
        walk = _Walk(cursor, keys=keys, longest=longest)
        findings = [*walk.blocks(), *_against_head(cursor, head=head, keys=keys)]
        waiting = 0
        for stream in STREAMS:
            loose, count = _loose_records(
                cursor, stream=stream, before=at - patience, since=walk.earliest(at=None)
            )
            findings += loose
            waiting += count
        broken = broken_watch(cursor, watch=wanted_watch(cursor))
        findings += [Finding(Fault.WATCH_CHANGED, place) for place in broken.places()]
        return Verdict(walk.seen, walk.records, walk.retired, waiting, tuple(findings[:MOST_FINDINGS]))


class _Walk:
    """One pass over the blocks in their order."""

    def __init__(self, cursor: CursorWrapper, *, keys: Keys, longest: timedelta) -> None:
        self._cursor, self._keys, self._longest = cursor, keys, longest
        # The instants of the last run and of the one before: a run's blocks share theirs.
        self._runs: tuple[datetime | None, datetime | None] = (None, None)
        self.seen = self.records = self.retired = 0

    def blocks(self) -> Iterator[Finding]:
        notes = retired_records(self._cursor, keys=self._keys)
        yield from (Finding(Fault.RETIREMENT_UNSIGNED, "audit_retired", number) for number in notes.unsigned)
        number, previous = 0, FIRST
        while block := self._next(number):
            if block.no != number + 1:
                yield Finding(Fault.BLOCK_MISSING, "audit_block", number + 1)
            yield from self._seal_faults(block, previous=previous, follows=block.no == number + 1)
            if block.at != self._runs[0]:
                self._runs = (block.at, self._runs[0])
            yield from self._record_faults(block, retired=notes.ranges.get(block.stream, []))
            number, previous = block.no, block.hash
            self.seen += 1

    def earliest(self, *, at: datetime | None) -> datetime | None:
        """The earliest instant of a record that a run at `at` may seal (None: a run still to come)."""
        last, before = self._runs
        sealed = before if at is not None and at == last else last
        return sealed - self._longest if sealed else None

    def _next(self, number: int) -> Block | None:
        self._cursor.execute(
            f"SELECT {BLOCK_COLUMNS} FROM audit_block WHERE no > %s ORDER BY no LIMIT 1", [number]
        )
        row = self._cursor.fetchone()
        return as_block(row) if row else None

    def _seal_faults(self, block: Block, *, previous: bytes, follows: bool) -> Iterator[Finding]:
        if block.computed_hash() != block.hash or (follows and block.previous != previous):
            yield Finding(Fault.BLOCK_ALTERED, "audit_block", block.no)
        key = self._keys.get(block.key_id)
        if not is_signed(block.hash, signature=block.signature, purpose=BLOCK_PURPOSE, key=key):
            yield Finding(Fault.BLOCK_UNSIGNED, "audit_block", block.no)

    def _record_faults(self, block: Block, *, retired: list[tuple[int, int]]) -> Iterator[Finding]:
        ranges = ranges_in(block.ids)
        self._cursor.execute(
            f"SELECT id, {digest_expression(block.stream)}, at < %s FROM {block.stream} "
            "WHERE id >= %s AND id < %s AND id <@ %s::int8multirange ORDER BY id, at",
            [self.earliest(at=block.at), ranges[0][0], ranges[-1][1], block.ids],
        )
        found: dict[int, bytes] = {}
        for number, digest, is_backdated in self._cursor.fetchall():
            if number in found or is_backdated:
                yield Finding(Fault.INSERTED, block.stream, number)
            found.setdefault(number, bytes(digest))
        for number, digest in block.sealed():
            self.records += 1
            present = found.get(number)
            if present is None and _lies_in(retired, number=number):
                self.retired += 1
            elif present is None:
                yield Finding(Fault.MISSING, block.stream, number)
            elif present != digest:
                yield Finding(Fault.ALTERED, block.stream, number)


def _lies_in(ranges: list[tuple[int, int]], *, number: int) -> bool:
    at = bisect_right(ranges, (number, 2**63)) - 1
    return at >= 0 and ranges[at][0] <= number < ranges[at][1]


def _against_head(cursor: CursorWrapper, *, head: Head | None, keys: Keys) -> Iterator[Finding]:
    """A head that was exported must still be in the chain: else the tail was cut off or everything written anew."""
    if head is None:
        return
    if not head.is_signed(keys):
        yield Finding(Fault.BLOCK_UNSIGNED, "audit_block", head.no)
    cursor.execute("SELECT hash FROM audit_block WHERE no = %s", [head.no])
    row = cursor.fetchone()
    if row is None or bytes(row[0]) != head.hash:
        yield Finding(Fault.HEAD_LOST, "audit_block", head.no)


def _loose_records(
    cursor: CursorWrapper, *, stream: str, before: datetime, since: datetime | None
) -> tuple[list[Finding], int]:
    """Records in no block, some waiting for theirs; inserted were those that no run would seal.

    They stand under a transaction already sealed, name a cluster that is neither this one nor the one that sealed
    last, or an instant before that which a run could still find.
    """
    known = {this_cluster(cursor), home_cluster(cursor)} - {None}
    cursor.execute(
        "WITH sealed AS MATERIALIZED (SELECT coalesce(range_agg(r), '{}') AS ids FROM audit_block b, unnest(b.ids) r "
        "  WHERE b.stream = %(stream)s), "
        "ends AS (SELECT cluster, max(xid_to) AS xid_to FROM audit_block WHERE stream = %(stream)s GROUP BY cluster) "
        "SELECT s.id, s.xid < coalesce(e.xid_to, '0'::xid8) OR s.cluster <> ALL(%(known)s) "
        f"  OR coalesce(s.at < %(since)s, false), s.at < %(before)s FROM {stream} s "
        "LEFT JOIN ends e ON e.cluster = s.cluster WHERE NOT s.id <@ (SELECT ids FROM sealed) ORDER BY s.id",
        {"stream": stream, "before": before, "since": since, "known": list(known)},
    )
    rows = cursor.fetchall()
    findings = [
        Finding(Fault.INSERTED if inserted else Fault.UNSEALED, stream, number)
        for number, inserted, is_old in rows
        if inserted or is_old
    ]
    return findings, len(rows) - len(findings)
