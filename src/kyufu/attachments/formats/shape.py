"""What the readers of all formats share: the answer, and the refusals."""

from __future__ import annotations

import struct
from typing import NamedTuple

from kyufu.platform.errors import BadInput


class Shape(NamedTuple):
    """How large a file is to look at: pages, and the pixels of the largest page (0 for a PDF)."""

    pages: int
    width: int
    height: int


def unreadable() -> BadInput:
    """The refusal of a file that is broken or cut off."""
    return BadInput(
        "ファイルが壊れているか、途中で切れていて、読み取れません。",
        remedy="開いて中身を確かめ、スキャンし直すか保存し直してから添付してください。",
    )


def trailing() -> BadInput:
    """The refusal of a file behind whose end something follows."""
    return BadInput(
        "ファイルの終わりの後ろに、別のデータが続いています。",
        remedy="紙からスキャンし直すか、画像を開いて保存し直したファイルを添付してください。",
    )


def number(content: bytes, *, at: int, form: str) -> int:
    """A number of a form of `struct` (such as ">I"); raises ValueError behind the end."""
    try:
        return int(struct.unpack_from(form, content, at)[0])
    except struct.error:
        raise ValueError("behind the end") from None
