"""The papers (添付書類) that may come with an application, by kind and day: `intake_papers.toml`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from kyufu.cases.api import Kind
from kyufu.law.parameters.entries import Entry, Table
from kyufu.law.parameters.reading import read_entries, refuse_overlaps_and_gaps

FILE = Path(__file__).with_name("intake_papers.toml")
_TABLE = Table("paper", "code", {"code": str, "label": str, "kinds": str})


def papers(kind: Kind, *, on: date) -> list[tuple[str, str]]:
    """Code and name of the papers that a kind of application comes with on a day, in the order of the list."""
    return [
        (one.key, str(one.columns["label"]))
        for one in _entries()
        if on in one.period and str(kind) in str(one.columns["kinds"]).split(",")
    ]


@cache
def _entries() -> tuple[Entry, ...]:
    found = read_entries(FILE, tables=(_TABLE,))
    refuse_overlaps_and_gaps(found)
    return found
