"""A block of the chain: which records of finished transactions it seals, and what its hash is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from kyufu.audit.canonical import joined_fields

FIRST = bytes(32)
"""What stands as the hash before the first block."""
BLOCK_PURPOSE = "kyufu-audit-block"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BLOCK_COLUMNS = (
    "no, at, stream, cluster, xid_from::text, xid_to::text, ids::text, record_count, digests, previous, hash, "
    "key_id, signature"
)


class Block(NamedTuple):
    """A row of `audit_block`; `ids` is a multirange as text, `digests` 32 bytes a record in the order of ids."""

    no: int
    at: datetime
    stream: str
    cluster: int
    xid_from: str
    xid_to: str
    ids: str
    record_count: int
    digests: bytes
    previous: bytes
    hash: bytes
    key_id: str
    signature: bytes

    def computed_hash(self) -> bytes:
        """What the hash must be: over all of the block but hash and signature, the block before included."""
        fields = (
            str(self.no), instant_text(self.at), self.stream, str(self.cluster), self.xid_from, self.xid_to, self.ids,
            str(self.record_count), sha256(self.digests).hexdigest(), self.previous.hex(), self.key_id,
        )  # fmt: skip
        return sha256(joined_fields(fields)).digest()

    def sealed(self) -> Iterator[tuple[int, bytes]]:
        """The number and the digest of each sealed record."""
        for at, number in enumerate(numbers_in(self.ids)):
            yield number, self.digests[32 * at : 32 * (at + 1)]


def as_block(row: tuple[object, ...]) -> Block:
    """A row of BLOCK_COLUMNS as a block."""
    return Block(*(bytes(value) if isinstance(value, memoryview) else value for value in row))  # type: ignore[arg-type]


def instant_text(at: datetime) -> str:
    """Microseconds since 1970, as the database prints them too."""
    return str((at - _EPOCH) // timedelta(microseconds=1))


def ranges_in(multirange: str) -> list[tuple[int, int]]:
    """The half-open ranges of an int8multirange as PostgreSQL prints it: `{[1,4),[6,7)}`."""
    inner = multirange.strip("{}")
    if not inner:
        return []
    bounds = [part.strip("[)").split(",") for part in inner.split("),[")]
    return [(int(low), int(high)) for low, high in bounds]


def numbers_in(multirange: str) -> Iterator[int]:
    """Every number of a multirange, ascending."""
    for low, high in ranges_in(multirange):
        yield from range(low, high)
