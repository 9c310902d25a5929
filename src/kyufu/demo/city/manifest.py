"""What `demo make` made: the manifest beside the feed files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One feed file: its name, layout, mode, sequence number, number of D rows, size in bytes and SHA-256."""

    name: str
    layout: str
    mode: str
    sequence: int
    rows: int
    rows_by_kind: dict[str, int]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of a demo city; days are YYYY-MM-DD, `on_purpose` counts faulty rows by kind."""

    generator_version: int
    municipality: str
    seed: int
    as_of: str
    register_day: str
    residents: int
    counts: dict[str, int]
    on_purpose: dict[str, int]
    files: tuple[FeedFile, ...]

    def write(self, folder: Path) -> Path:
        """Write the manifest into the folder of the feed files; the same city gives the same bytes."""
        path = folder / FILE_NAME
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return path


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder made by `demo make`."""
    content = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    content["files"] = tuple(FeedFile(**entry) for entry in content["files"])
    return Manifest(**content)
