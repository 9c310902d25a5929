"""Feed files for tests: framed right, or wrong on purpose."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kyufu.platform.feeds.layout import Layout

MUNICIPALITY = "141003"
MADE_AT = "2026-08-01T03:00:00+09:00"


def header(layout: Layout, *, mode: str = "FULL", seq: int = 1, municipality: str = MUNICIPALITY) -> str:
    """The first two lines."""
    return (
        f"H,{layout.name},1,{mode},{municipality},{seq:06},{MADE_AT}\nN,gyobango,{','.join(layout.names)}\n"
    )


def data_line(layout: Layout, *, number: int, row: Mapping[str, object]) -> str:
    """One data line; columns that the row leaves out are empty."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(
        ["D", number, *(row.get(name, "") for name in layout.names)]
    )
    return out.getvalue()


def trailer(layout: Layout, *, rows: Sequence[Mapping[str, object]]) -> str:
    """The last line."""
    kinds = Counter(str(row.get(layout.names[0], "")) for row in rows)
    counts = ";".join(f"{kind}={count}" for kind, count in sorted(kinds.items()))
    return f"T,{len(rows)},{counts}\n"


def feed_text(
    layout: Layout, *, rows: Iterable[Mapping[str, object]], mode: str = "FULL", seq: int = 1
) -> str:
    """A whole file whose frame is right."""
    listed = list(rows)
    lines = [data_line(layout, number=number, row=row) for number, row in enumerate(listed, start=1)]
    return header(layout, mode=mode, seq=seq) + "".join(lines) + trailer(layout, rows=listed)


def write_feed(
    folder: Path, *, layout: Layout, rows: Iterable[Mapping[str, object]], mode: str = "FULL", seq: int = 1
) -> Path:
    """Write a file whose frame is right under its proper name."""
    path = folder / f"{layout.name}_{mode}_{seq:06}.csv"
    path.write_text(feed_text(layout, rows=rows, mode=mode, seq=seq), encoding="utf-8")
    return path
