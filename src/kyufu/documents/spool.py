"""Where the contents of a run wait while they are sorted: a file without a name, which ends with its process.

So a city's contents are looked up and noted once, and never lie in memory together; a kill leaves none of them behind.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

import msgspec

from kyufu.documents.content import CertificateContent, Content, Kind, LetterContent
from kyufu.documents.sorting import Place

DIGEST_SIZE = 16


class Spool:
    """Contents of one kind, put away one after the other and taken back in any order; a context manager."""

    def __init__(self, folder: Path, *, kind: Kind) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._end = 0
        self._decoder: msgspec.msgpack.Decoder[Content] = msgspec.msgpack.Decoder(
            CertificateContent if kind is Kind.CERTIFICATE else LetterContent
        )

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, content: Content) -> Place:
        """Put a content away; only before the first is taken back."""
        packed = msgspec.msgpack.encode(content)
        self._file.write(packed)
        place = Place(self._end, len(packed))
        self._end += len(packed)
        return place

    def take(self, places: Sequence[Place]) -> list[Content]:
        """The contents that lie at the places."""
        return [self._decoder.decode(self._read(place)) for place in places]

    def _read(self, place: Place) -> bytes:
        self._file.seek(place.start)
        return self._file.read(place.length)


def digest_of(content: Content) -> str:
    """A digest of all that a document says; a mark across the paper (透かし) says nothing of its matter."""
    packed = msgspec.msgpack.encode(replace(content, watermark=""))
    return hashlib.blake2b(packed, digest_size=DIGEST_SIZE).hexdigest()
