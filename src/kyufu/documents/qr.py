"""The QR code as a small grey image: one byte a module, which costs the typesetter least (see bench)."""

from __future__ import annotations

import segno

DARK, LIGHT = 0, 255


def modules(text: str) -> list[int]:
    """The modules of a QR code row by row, 0 dark and 255 light; a square, without the quiet zone."""
    code = segno.make_qr(text, error="m")
    return [DARK if module else LIGHT for row in code.matrix for module in row]
