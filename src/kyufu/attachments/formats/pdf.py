"""PDF (ISO 32000): from its header to its end mark, without a lock, a script, a file inside or an act of its own.

It is not taken apart as a viewer does: names are looked for in the whole file, and in what its object streams hold.
"""

from __future__ import annotations

import re
import zlib

from kyufu.attachments.formats.shape import Shape, trailing, unreadable
from kyufu.platform.errors import BadInput

_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[ \t]*[\r\n]")
_END = b"%%EOF"
_END_WITHIN = 1024
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_STREAMS = re.compile(rb"(?<!end)stream\r?\n.*?endstream", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z])")
_DICTIONARY_WITHIN = 4096
# What object streams may unfold to: a document of a few hundred pages has some hundred thousand bytes of them.
_MOST_UNFOLDED = 32 * 1024 * 1024

_LOCK = (
    "パスワードなどで保護されたPDFです。",
    "保護を外して保存し直すか、紙からスキャンしたPDFを添付してください。",
)
_SCRIPT = (
    "プログラム（JavaScriptなど）を含むPDFです。",
    "印刷してスキャンし直すか、PDFとして印刷（保存）し直してから添付してください。",
)
_INSIDE = (
    "別のファイルを中に含むPDFです。",
    "中のファイルを取り出して一つずつ添付するか、印刷してスキャンし直してください。",
)
# Long names do not come about by chance in compressed data, so they are looked for everywhere.
_ANYWHERE = (
    (re.compile(rb"/Encrypt(?![A-Za-z])"), _LOCK),
    (re.compile(rb"/(JavaScript|Launch|SubmitForm|ImportData|RichMedia|Rendition)(?![A-Za-z])"), _SCRIPT),
    (re.compile(rb"/(EmbeddedFiles?|GoToE|Collection)(?![A-Za-z])"), _INSIDE),
)
_OUTSIDE_STREAMS = (
    (re.compile(rb"/(JS|XFA)(?![A-Za-z])"), _SCRIPT),
    (re.compile(rb"/EF(?![A-Za-z])"), _INSIDE),
)


def read(content: bytes) -> Shape:
    """The pages of a PDF; raises BadInput for one that is locked, does something, hides something or is broken."""
    if not _HEADER.match(content) or b"startxref" not in content[-2 * _END_WITHIN :]:
        raise unreadable()
    _refuse_behind_end(content)
    unfolded = _object_streams(content)
    outside = _plain(_STREAMS.sub(b"", content)) + unfolded
    for text, names in ((_plain(content) + unfolded, _ANYWHERE), (outside, _OUTSIDE_STREAMS)):
        for name, (message, remedy) in names:
            if name.search(text):
                raise BadInput(message, remedy=remedy)
    pages = len(_PAGE.findall(outside))
    if pages == 0:
        raise unreadable()
    return Shape(pages, 0, 0)


def _refuse_behind_end(content: bytes) -> None:
    end = content.rfind(_END, max(0, len(content) - _END_WITHIN))
    if end < 0:
        raise trailing() if _END in content else unreadable()
    if content[end + len(_END) :].strip(b"\r\n\t \x00"):
        raise trailing()


def _plain(text: bytes) -> bytes:
    """Names as they read: a letter may be written as # and its code (7.3.5)."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _object_streams(content: bytes) -> bytes:
    """What the object streams hold, all in one; raises BadInput where one of them cannot be looked into."""
    parts, left = [], _MOST_UNFOLDED
    for found in _STREAM.finditer(content):
        head = _plain(_dictionary_before(content, at=found.start()))
        if not _OBJECT_STREAM.search(head):
            continue
        end = content.find(b"endstream", found.end())
        part = _unfolded(content[found.end() : end], head=head, most=left)
        left -= len(part)
        parts.append(_plain(part))
    if len(parts) != len(_OBJECT_STREAM.findall(_plain(_STREAMS.sub(b"", content)))):
        raise unreadable()
    return b"\n".join(parts)


def _dictionary_before(content: bytes, *, at: int) -> bytes:
    head = content[max(0, at - _DICTIONARY_WITHIN) : at]
    return head[max(head.rfind(b"endobj"), head.rfind(b"endstream"), 0) :]


def _unfolded(data: bytes, *, head: bytes, most: int) -> bytes:
    if b"/Filter" not in head:
        return data
    if b"/FlateDecode" not in head or b"/DecodeParms" in head:
        raise unreadable()
    try:
        unfolding = zlib.decompressobj()
        part = unfolding.decompress(data, most + 1)
    except zlib.error:
        raise unreadable() from None
    if len(part) > most or not unfolding.eof:
        raise unreadable()
    return part
