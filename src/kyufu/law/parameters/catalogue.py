"""The list of parameters a municipality must confirm, and the version that a decision names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from kyufu.law.parameters.entries import DATA, Certainty, Entry, Table
from kyufu.law.parameters.reading import read_entries

_ORDER = list(Certainty)


@cache
def parameter_version(files: tuple[str, ...]) -> str:
    """A short hash (12 hexadecimal digits) of the contents of parameter files, named in a fixed order."""
    digest = blake2b(digest_size=6)
    for name in sorted(files):
        content = _content(DATA / name)
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def list_entries(files: Mapping[str, Sequence[Table]]) -> tuple[Entry, ...]:
    """Every dated row of the files, the least certain first, then in the order of the files."""
    entries = [entry for name, tables in files.items() for entry in read_entries(DATA / name, tables=tables)]
    return tuple(sorted(entries, key=lambda entry: _ORDER.index(entry.certainty)))


def _content(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")
