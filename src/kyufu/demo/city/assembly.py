"""Puts the rows of all chunks together: numbers them, frames them, and takes the hash while writing."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kyufu.demo.city.chunk import chunk_path
from kyufu.demo.city.layouts import file_name, header_line, trailer_line
from kyufu.demo.city.manifest import FeedFile


@dataclass(frozen=True, slots=True)
class AssemblyPlan:
    """One feed file to put together out of the parts of `chunks` chunks."""

    layout: str
    mode: str
    sequence: int
    municipality: str
    made_at: str
    chunks: int
    parts: Path


def assemble(plan: AssemblyPlan) -> FeedFile:
    """Write one feed file beside its parts, and remove these."""
    digest, counts, total, size = hashlib.sha256(), Counter[bytes](), 0, 0
    name = file_name(layout=plan.layout, mode=plan.mode, sequence=plan.sequence)
    with (plan.parts / name).open("wb") as target:

        def put(block: bytes) -> None:
            nonlocal size
            target.write(block)
            digest.update(block)
            size += len(block)

        put(_header(plan))
        for number in range(plan.chunks):
            part = chunk_path(plan.parts, number=number, file=(plan.layout, plan.mode))
            rows = part.read_bytes().splitlines()
            part.unlink()
            counts.update(row[: row.index(b",")] for row in rows)
            put(b"".join(b"D,%d,%b\n" % numbered for numbered in enumerate(rows, total + 1)))
            total += len(rows)
        by_kind = {kind.decode(): count for kind, count in sorted(counts.items())}
        put(trailer_line(by_kind).encode())
    return FeedFile(name, plan.layout, plan.mode, plan.sequence, total, by_kind, size, digest.hexdigest())


def _header(plan: AssemblyPlan) -> bytes:
    return header_line(
        layout=plan.layout,
        mode=plan.mode,
        municipality=plan.municipality,
        sequence=plan.sequence,
        made_at=plan.made_at,
    ).encode()
