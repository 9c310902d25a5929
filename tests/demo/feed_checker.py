"""An independent check of the frame of a feed file, written from docs/reference/feeds.md alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HEADER = re.compile(r"H,([a-z]+),1,(FULL|DIFF),(\d{6}),(\d{6}),(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00)")


@dataclass(frozen=True)
class Feed:
    """A feed file that keeps the rules: what its header says, and its rows by column name."""

    layout: str
    mode: str
    municipality: str
    sequence: int
    rows: list[dict[str, str]]


def read_feed(path: Path) -> Feed:
    """Read a feed file; an AssertionError names the rule it breaks."""
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    assert b"\r" not in content, "lines end with LF alone"
    assert content.endswith(b"\n"), "the last line ends with LF"
    lines = content.decode("utf-8").split("\n")[:-1]
    header = HEADER.fullmatch(lines[0])
    assert header, "header"
    layout, mode, municipality, sequence = header[1], header[2], header[3], int(header[4])
    assert path.name == f"{layout}_{mode}_{sequence:06d}.csv"
    marker, number_name, *names = lines[1].split(",")
    assert (marker, number_name) == ("N", "gyobango")
    rows = [_row(line, names=names, number=number) for number, line in enumerate(lines[2:-1], 1)]
    assert lines[-1] == _trailer(rows, kind=names[0]), "trailer"
    return Feed(layout, mode, municipality, sequence, rows)


def _row(line: str, *, names: list[str], number: int) -> dict[str, str]:
    assert '"' not in line, "these files need no quotes"
    marker, row_number, *values = line.split(",")
    assert marker == "D"
    assert row_number == str(number), "rows are numbered without a gap"
    return dict(zip(names, values, strict=True))


def _trailer(rows: list[dict[str, str]], *, kind: str) -> str:
    counts = Counter(row[kind] for row in rows)
    return f"T,{len(rows)}," + ";".join(f"{name}={counts[name]}" for name in sorted(counts))


def latest_rows(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """The last row in force of each person of the resident layout."""
    in_force: dict[tuple[str, int], dict[str, str]] = {}
    for row in rows:
        key = row["atenabango"], int(row["rirekibango"])
        if key not in in_force or int(row["rirekieda"]) >= int(in_force[key]["rirekieda"]):
            in_force[key] = row
    latest: dict[str, dict[str, str]] = {}
    for row in sorted(in_force.values(), key=lambda row: (row["ido_nengappi"], int(row["rirekibango"]))):
        if row["torikeshi"] == "0":
            latest[row["atenabango"]] = row
    return latest
