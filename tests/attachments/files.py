"""Small files of every kind, made here byte by byte: whole ones, and ones that are not what they say."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<html><script>alert(1)</script></html>"
ZIP = b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)


def pdf(*, pages: int = 1, extra: bytes = b"", catalog: bytes = b"", text: str = "PAPER") -> bytes:
    """A PDF of plain ASCII; `extra` are objects of its own, `catalog` entries of the catalogue."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents %d 0 R "
            b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            % (pages + 3)
            for _ in range(pages)
        ],
        stream(b"BT /F1 24 Tf 40 100 Td (" + text.encode() + b") Tj ET"),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    body += extra
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + tail


def stream(data: bytes, *, head: bytes = b"") -> bytes:
    """A stream with its dictionary."""
    return b"<< " + head + b" /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def object_stream(data: bytes, *, head: bytes = b"/Filter /FlateDecode") -> bytes:
    """An object stream as an object of its own, folded where its filter says so."""
    folded = zlib.compress(data) if b"/FlateDecode" in head else data
    return b"90 0 obj\n" + stream(folded, head=b"/Type /ObjStm /N 1 /First 4 " + head) + b"\nendobj\n"


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*, width: int = 2, height: int = 1, extra: bytes = b"") -> bytes:
    """A grey PNG; `extra` are chunks before the image."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x80" * min(width, 64) for _ in range(min(height, 64)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def segment(code: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, code]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*, width: int = 16, height: int = 8, extra: bytes = b"") -> bytes:
    """What has the structure of a JPEG; `extra` are segments before the frame."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + extra
        + segment(0xC0, frame)
        + scan
        + b"\xff\xd9"
    )


def tiff(*, sizes: Sequence[tuple[int, int]] = ((16, 8),), order: str = "<", next_of_last: int = 0) -> bytes:
    """A TIFF of a page for each size; `next_of_last` is where its last directory leads."""
    body = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 12) + b"DATA"
    for place, (width, height) in enumerate(sizes):
        entries = [(256, width), (257, height), (273, 8), (279, 4)]
        directory = struct.pack(f"{order}H", len(entries))
        for tag, value in entries:
            directory += struct.pack(f"{order}HHII", tag, 4, 1, value)
        after = len(body) + len(directory) + 4
        directory += struct.pack(f"{order}I", next_of_last if place == len(sizes) - 1 else after)
        body += directory
    return body
