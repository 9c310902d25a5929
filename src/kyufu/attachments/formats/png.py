"""PNG (ISO/IEC 15948): signature, chunks with their checksums, one image, and nothing behind its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from kyufu.attachments.formats.shape import Shape, number, trailing, unreadable

_FIRST = 8
_AROUND = 12
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})


def read(content: bytes) -> Shape:
    """Pixels of a PNG; raises BadInput where a chunk is broken, unknown and needed, or follows the end."""
    chunks = list(_chunks(content))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        raise unreadable()
    if names.count(b"IHDR") != 1 or any(_is_needed(name) and name not in _CRITICAL for name in names):
        raise unreadable()
    width, height = (number(chunks[0][1], at=at, form=">I") for at in (0, 4))
    if width == 0 or height == 0:
        raise unreadable()
    return Shape(1, width, height)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _FIRST
    while True:
        length = number(content, at=at, form=">I")
        name, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        if number(content, at=at + 8 + length, form=">I") != zlib.crc32(name + data):
            raise unreadable()
        yield name, data
        at += length + _AROUND
        if name == b"IEND":
            break
    if at != len(content):
        raise trailing()


def _is_needed(name: bytes) -> bool:
    """A chunk whose name begins with a capital letter must be understood (11.2)."""
    return name[:1].isupper()
