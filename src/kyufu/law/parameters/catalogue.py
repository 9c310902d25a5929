"""The list of parameters a municipality must confirm, and the version that a decision names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from kyufu.law.parameters.entries import DATA, Certainty, Entry, Table, path_of
from kyufu.law.parameters.overlay import NOTHING, Change, Overlay, lay_over
from kyufu.law.parameters.reading import read_entries

_ORDER = list(Certainty)


@cache
def parameter_version(files: tuple[str, ...]) -> str:
    """A short hash (12 hexadecimal digits) of the contents of parameter files, named in a fixed order."""
    digest = blake2b(digest_size=6)
    for name in sorted(files):
        content = _content(path_of(name, delivered=DATA))
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def overlaid_version(files: tuple[str, ...], *, overlay: Overlay) -> str:
    """The version of parameter files under an overlay: that of the files alone where nothing is laid over them."""
    version, changes = parameter_version(files), overlay.of_files(files)
    return _version_of(version, changes=changes) if changes else version


def load_entries(name: str, *, tables: Sequence[Table], overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """The rows of a file with an overlay laid over them."""
    return lay_over(
        read_entries(path_of(name, delivered=DATA), tables=tables), file=name, tables=tables, overlay=overlay
    )


def list_entries(files: Mapping[str, Sequence[Table]], *, overlay: Overlay = NOTHING) -> tuple[Entry, ...]:
    """Every dated row of the files, the least certain first, then in the order of the files."""
    entries = [
        entry
        for name, tables in files.items()
        for entry in load_entries(name, tables=tables, overlay=overlay)
    ]
    return tuple(sorted(entries, key=lambda entry: _ORDER.index(entry.certainty)))


def file_names(folder: str) -> tuple[str, ...]:
    """The parameter files of a folder of the data, in the order of their names."""
    return tuple(sorted(path.name for path in (DATA / folder).glob("*.toml")))


def _version_of(version: str, *, changes: Iterable[Change]) -> str:
    # Where it was decided is no part of it: an estimate made before the approval speaks of the same version.
    digest = blake2b(version.encode(), digest_size=6)
    for change in changes:
        told = "\x1f".join(map(str, (type(change.value).__name__, *change[:-1])))
        digest.update(f"{len(told)}:{told}".encode())
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")
