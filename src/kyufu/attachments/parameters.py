"""The dated parameters of attachments: limits, and the kinds of document, each with source and certainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kyufu.law.parameters.binding import bind, check_binding
from kyufu.law.parameters.entries import Entry, Table, value_table
from kyufu.law.parameters.reading import read_entries, refuse_overlaps_and_gaps

FILE = Path(__file__).parent / "parameters.toml"
_TABLES = (Table("document", "name", {"name": str, "label": str}), value_table("value"))


@dataclass(frozen=True, slots=True)
class AttachmentLimits:
    """The single values: bytes, files, pages and pixels that are taken, seconds for the scanner, days of keeping."""

    largest_bytes: int
    most_bytes: int
    most_files: int
    most_pages: int
    most_pixels: int
    scan_seconds: int
    withdrawn_days: int


@cache
def entries() -> tuple[Entry, ...]:
    """Every dated row; raises ParameterError naming the line of the first fault."""
    found = read_entries(FILE, tables=_TABLES)
    refuse_overlaps_and_gaps(found)
    check_binding([one for one in found if one.table == "value"], into=AttachmentLimits, file=FILE.name)
    return found


def attachment_limits(*, on: date) -> AttachmentLimits:
    """The limits in force on a day."""
    return bind([one for one in entries() if one.table == "value"], into=AttachmentLimits, on=on)


def document_kinds(*, on: date) -> Mapping[str, str]:
    """The kinds of document (添付書類の種類) that may be chosen on a day, with their Japanese names."""
    return {
        one.key: str(one.columns["label"])
        for one in entries()
        if one.table == "document" and on in one.period
    }


def document_label(kind: str) -> str:
    """The latest Japanese name of a kind of document, also of one that can no longer be chosen; the code without."""
    named = [one for one in entries() if one.table == "document" and one.key == kind]
    return str(named[-1].columns["label"]) if named else kind
