"""Which records were deleted after their retention: signed notes, kept for as long as the chain itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.backends.utils import CursorWrapper

from kyufu.audit.blocks import instant_text, ranges_in
from kyufu.audit.canonical import joined_fields
from kyufu.audit.signing import Signer, is_signed

RETIRED_PURPOSE = "kyufu-audit-retired"


class Retirement(NamedTuple):
    """What was deleted: records of one stream written before `until`, when, and the head of the chain at that time."""

    at: datetime
    stream: str
    until: date
    ids: str
    record_count: int
    last_block: int
    last_hash: bytes
    key_id: str

    def message(self) -> bytes:
        """What is signed."""
        return joined_fields(
            (
                instant_text(self.at), self.stream, self.until.isoformat(), self.ids, str(self.record_count),
                str(self.last_block), self.last_hash.hex(), self.key_id,
            )
        )  # fmt: skip


class RetiredRecords(NamedTuple):
    """The deleted numbers by stream as sorted half-open ranges, and the notes whose signature does not hold."""

    ranges: Mapping[str, list[tuple[int, int]]]
    unsigned: tuple[int, ...]


def note_retirement(cursor: CursorWrapper, *, retirement: Retirement, signer: Signer) -> None:
    """Write the signed note, in the transaction that deletes."""
    signature = signer.sign(retirement.message(), purpose=RETIRED_PURPOSE)
    cursor.execute(
        "INSERT INTO audit_retired (at, stream, until, ids, record_count, last_block, last_hash, key_id, signature) "
        "VALUES (%s, %s, %s, %s::int8multirange, %s, %s, %s, %s, %s)",
        [*retirement, signature],
    )


def retired_records(cursor: CursorWrapper, *, keys: Mapping[str, Ed25519PublicKey]) -> RetiredRecords:
    """Every note of a deletion; one that is not signed counts for nothing."""
    cursor.execute(
        "SELECT id, at, stream, until, ids::text, record_count, last_block, last_hash, key_id, signature "
        "FROM audit_retired ORDER BY id"
    )
    ranges: dict[str, list[tuple[int, int]]] = {}
    unsigned = []
    for number, at, stream, until, ids, count, block, last_hash, key_id, signature in cursor.fetchall():
        note = Retirement(at, stream, until, ids, count, block, bytes(last_hash), key_id)
        key = keys.get(key_id)
        if is_signed(note.message(), signature=bytes(signature), purpose=RETIRED_PURPOSE, key=key):
            ranges.setdefault(stream, []).extend(ranges_in(ids))
        else:
            unsigned.append(number)
    return RetiredRecords({stream: sorted(found) for stream, found in ranges.items()}, tuple(unsigned))
