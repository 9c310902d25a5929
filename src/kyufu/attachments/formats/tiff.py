"""TIFF 6.0: the list of directories, each with its pixels and with strips or tiles that lie within the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kyufu.attachments.formats.shape import Shape, number, unreadable

_WIDTH, _HEIGHT = 256, 257
_OFFSETS = (273, 324)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_SHORT, _LONG = 3, 4
_ENTRY = 12
# More directories than any limit of pages lets through: a list without end is stopped here.
_MOST_DIRECTORIES = 2000
_MOST_ENTRIES = 512


def read(content: bytes) -> Shape:
    """Pages and the largest pixels of a TIFF; raises BadInput where a directory leads out of the file."""
    order = "<" if content.startswith(b"II") else ">"
    pages = [_pixels(one) for one in _directories(content, order=order)]
    if not pages:
        raise unreadable()
    width, height = max(pages, key=lambda page: page[0] * page[1])
    return Shape(len(pages), width, height)


def _pixels(directory: Mapping[int, list[int]]) -> tuple[int, int]:
    width, height = (directory.get(tag, [0])[0] for tag in (_WIDTH, _HEIGHT))
    if width == 0 or height == 0 or not any(directory.get(tag) for tag in _OFFSETS):
        raise unreadable()
    return width, height


def _directories(content: bytes, *, order: str) -> Iterator[dict[int, list[int]]]:
    at, seen = number(content, at=4, form=f"{order}I"), set[int]()
    while at:
        if at in seen or len(seen) >= _MOST_DIRECTORIES:
            raise unreadable()
        seen.add(at)
        count = number(content, at=at, form=f"{order}H")
        if count > _MOST_ENTRIES:
            raise unreadable()
        entries = (at + 2 + place * _ENTRY for place in range(count))
        yield dict(_entry(content, at=entry, order=order) for entry in entries)
        at = number(content, at=at + 2 + count * _ENTRY, form=f"{order}I")


def _entry(content: bytes, *, at: int, order: str) -> tuple[int, list[int]]:
    tag, kind = (number(content, at=at + skip, form=f"{order}H") for skip in (0, 2))
    count, size = number(content, at=at + 4, form=f"{order}I"), _SIZES.get(kind, 0)
    place = at + 8 if count * size <= 4 else number(content, at=at + 8, form=f"{order}I")
    if place + count * size > len(content):
        raise unreadable()
    if kind not in (_SHORT, _LONG) or tag not in (_WIDTH, _HEIGHT, *_OFFSETS):
        return tag, []
    form = f"{order}{'H' if kind == _SHORT else 'I'}"
    values = [number(content, at=place + one * size, form=form) for one in range(count)]
    if tag in _OFFSETS and any(one >= len(content) for one in values):
        raise unreadable()
    return tag, values
