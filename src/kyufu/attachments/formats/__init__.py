"""The kinds of file that are taken, told by their content alone; each is looked through from first byte to last.

What is not understood is refused: a file that two programs read differently (ポリグロット) is none that a scanner made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kyufu.attachments.formats import jpeg, pdf, png, tiff
from kyufu.attachments.formats.shape import Shape, unreadable
from kyufu.platform.errors import BadInput

PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
MEDIA_TYPES: Mapping[str, str] = {PDF: "PDF", PNG: "PNG画像", JPEG: "JPEG画像", TIFF: "TIFF画像"}
EXTENSIONS: Mapping[str, frozenset[str]] = {
    PDF: frozenset({"pdf"}),
    PNG: frozenset({"png"}),
    JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    TIFF: frozenset({"tif", "tiff"}),
}
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_READERS: Mapping[str, Callable[[bytes], Shape]] = {
    PDF: pdf.read, PNG: png.read, JPEG: jpeg.read, TIFF: tiff.read,
}  # fmt: skip
# The end of a ZIP stands in its last 64 KiB (a comment may follow), whatever stands before.
_ZIP_END, _ZIP_TAIL = b"PK\x05\x06", 65_557


def media_type_of(content: bytes) -> str:
    """The kind of a file by its first bytes; raises BadInput for one that is not taken."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    raise BadInput(
        "添付できない種類のファイルです。",
        remedy="PDF、PNG、JPEG、TIFF のどれかで保存し直してください（ファイルの名前ではなく中身で確かめています）。",
    )


def read_shape(content: bytes, *, media_type: str) -> Shape:
    """Pages and pixels of a file, after all of its structure was looked through; raises BadInput for a faulty one."""
    if _ZIP_END in content[-_ZIP_TAIL:] or (media_type != PDF and b"%PDF-" in content):
        raise BadInput(
            "一つのファイルに、別の種類のファイルが隠れています。",
            remedy="紙からスキャンし直したファイルを添付してください。",
        )
    try:
        return _READERS[media_type](content)
    except (IndexError, ValueError, ArithmeticError):
        raise unreadable() from None
