"""The file that a system receives: the frame of docs/reference/feeds.md around the items of its list.

The first column is 提供区分: what is told of the person (1: this stands in the register) or that nothing more will be
(9: no longer registered; only the addressee number is filled).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from typing import TextIO

from kyufu.exchange.basic.views import Mode
from kyufu.platform.clock import JAPAN

VERSION = 1
KIND_COLUMN = "teikyo_kubun"
TOLD, ENDED = "1", "9"


def layout_name(system: str) -> str:
    """The layout that the header names: the columns are the system's own."""
    return f"basic_{system}"


def file_name(system: str, *, mode: Mode, seq: int) -> str:
    """`<layout>_<FULL|DIFF>_<sequence>.csv`."""
    return f"{layout_name(system)}_{mode}_{seq:06}.csv"


@dataclass(slots=True)
class FramedFile:
    """A file being written: header and names first, numbered rows, at last the trailer that counts them."""

    file: TextIO
    counts: dict[str, int] = field(default_factory=dict)
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def rows(self) -> int:
        """How many rows stand in it."""
        return sum(self.counts.values())

    @property
    def sha256(self) -> str:
        """The digest of all that was written so far, in hex."""
        return self._digest.hexdigest()

    def begin(
        self, columns: Sequence[str], *, system: str, mode: Mode, municipality: str, seq: int, at: datetime
    ) -> None:
        """Write header and names."""
        made_at = at.astimezone(JAPAN).replace(microsecond=0).isoformat()
        self._write(
            [
                ["H", layout_name(system), VERSION, mode, municipality, f"{seq:06}", made_at],
                ["N", "gyobango", KIND_COLUMN, *columns],
            ]
        )

    def add(self, rows: Iterable[Sequence[str]], *, kind: str) -> None:
        """Write rows of one kind, numbered on from those before."""
        start = self.rows + 1
        numbered = [["D", number, kind, *row] for number, row in enumerate(rows, start=start)]
        self.counts[kind] = self.counts.get(kind, 0) + len(numbered)
        self._write(numbered)

    def end(self) -> None:
        """Write the trailer."""
        kinds = ";".join(f"{kind}={count}" for kind, count in sorted(self.counts.items()) if count)
        self._write([["T", self.rows, kinds]])

    def _write(self, lines: Iterable[Sequence[object]]) -> None:
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        self._digest.update(text.getvalue().encode())
        self.file.write(text.getvalue())
