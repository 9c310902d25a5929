"""JPEG (ISO/IEC 10918-1): segments up to the end of the image, its frame, and nothing behind."""

from __future__ import annotations

import re

from kyufu.attachments.formats.shape import Shape, number, trailing, unreadable

_START_OF_SCAN, _END = 0xDA, 0xD9
# Frames, without the tables that stand among their codes (DHT, JPG, DAC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# In the data of a scan a marker is FF and neither a stuffed zero nor a restart.
_MARKER = re.compile(rb"\xff(?![\x00\xff\xd0-\xd7])")


def read(content: bytes) -> Shape:
    """Pixels of a JPEG; raises BadInput for one without frame or scan, or with something behind its end."""
    at, frame, scanned = 2, None, False
    while True:
        at, code = _marker(content, at=at)
        if code == _END:
            break
        length = number(content, at=at, form=">H")
        if length < 2 or at + length > len(content):
            raise unreadable()
        if code in _FRAMES and frame is None:
            frame = Shape(1, number(content, at=at + 5, form=">H"), number(content, at=at + 3, form=">H"))
        at += length
        if code == _START_OF_SCAN:
            scanned, at = True, _behind_scan(content, at=at)
    if frame is None or not scanned or 0 in frame:
        raise unreadable()
    if content[at:].strip(b"\x00"):
        raise trailing()
    return frame


def _marker(content: bytes, *, at: int) -> tuple[int, int]:
    """The code of the marker here, and where what follows it begins."""
    if content[at] != 0xFF:
        raise unreadable()
    while content[at] == 0xFF:
        at += 1
    return at + 1, content[at]


def _behind_scan(content: bytes, *, at: int) -> int:
    found = _MARKER.search(content, at)
    if found is None:
        raise unreadable()
    return found.start()
