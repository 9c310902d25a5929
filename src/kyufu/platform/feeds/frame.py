"""The frame of a feed file, checked over the whole file before anything is touched: header, names, rows, trailer.

The format is `docs/reference/feeds.md`: UTF-8 without BOM, lines end with LF, one record a line, RFC 4180.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.layout import Layout

MODES = ("FULL", "DIFF")
JAPAN_OFFSET = timedelta(hours=9)
AGAIN = "送り側にファイルの作り直しを依頼してください。何も取り込んでいません。"
RESEND = "もう一度受け取り直してください。何も取り込んでいません。"
UTF_8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says: layout, version, FULL or DIFF, municipality code, sequence number, when made."""

    layout: str
    version: int
    mode: str
    municipality: str
    seq: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """A file whose frame is right: its header, the number of rows, and the SHA-256 of its bytes."""

    header: Header
    rows: int
    sha256: str


def refuse(path: Path, *, line: int, problem: str, remedy: str = AGAIN) -> BadInput:
    """The error for a fault of the frame, with file and line."""
    return BadInput(f"{path.name} の {line} 行目: {problem}", remedy=remedy)


def read_header(path: Path, *, layouts: Mapping[str, Layout]) -> Header:
    """Read the first line; raises BadInput for a file that is empty, not a feed, or of an unknown layout."""
    with path.open("rb") as file:
        raw = file.readline()
    if not raw:
        raise refuse(path, line=1, problem="ファイルが空です。", remedy=RESEND)
    if raw.startswith(UTF_8_BOM):
        raise refuse(path, line=1, problem="先頭に BOM があります。BOM なしの UTF-8 にしてください。")
    return _header(path, fields=_decoded(path, line=1, raw=raw).rstrip("\n").split(","), layouts=layouts)


def check_frame(path: Path, *, header: Header, layout: Layout) -> Frame:
    """Read the whole file and check its frame; raises BadInput naming line and fault."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        digest.update(file.readline())
        names = file.readline()
        digest.update(names)
        _check_names(path, raw=names, layout=layout)
        counts, last = _count_rows(path, file=file, digest=digest)
    rows = sum(counts.values())
    _check_trailer(path, line=rows + 3, raw=last, counts=counts)
    return Frame(header, rows, digest.hexdigest())


def _header(path: Path, *, fields: list[str], layouts: Mapping[str, Layout]) -> Header:
    if len(fields) != 7 or fields[0] != "H":
        raise refuse(path, line=1, problem="見出し行（H で始まる 7 項目）ではありません。", remedy=RESEND)
    _, layout, version, mode, municipality, seq, made_at = fields
    if layout not in layouts:
        known = "・".join(layouts)
        raise refuse(path, line=1, problem=f"知らないレイアウトです。受け取れるものは {known} です。")
    if version != str(layouts[layout].version):
        raise refuse(path, line=1, problem=f"レイアウトの版が {layouts[layout].version} ではありません。")
    if mode not in MODES:
        raise refuse(path, line=1, problem="全件（FULL）・差分（DIFF）の区分がありません。")
    if not re.fullmatch("[0-9]{6}", municipality) or not re.fullmatch("[0-9]{6}", seq) or seq == "000000":
        raise refuse(path, line=1, problem="団体コードまたはファイル通番が半角数字 6 桁ではありません。")
    return Header(layout, int(version), mode, municipality, int(seq), _made_at(path, text=made_at))


def _made_at(path: Path, *, text: str) -> datetime:
    try:
        made_at = datetime.fromisoformat(text)
    except ValueError:
        made_at = None
    if made_at is None or made_at.utcoffset() != JAPAN_OFFSET:
        raise refuse(path, line=1, problem="作成日時が ISO 8601（+09:00）の形ではありません。")
    return made_at


def _check_names(path: Path, *, raw: bytes, layout: Layout) -> None:
    text = _decoded(path, line=2, raw=raw)
    names = next(csv.reader([text.rstrip("\n")]), [])
    expected = ["N", "gyobango", *layout.names]
    if names == expected:
        return
    at = next((at for at, (a, b) in enumerate(zip(names, expected, strict=False)) if a != b), None)
    where = f"{len(expected)} 項目のはずが {len(names)} 項目です。" if at is None else (
        f"{at + 1} 番目は {expected[at]} のはずです。"
    )  # fmt: skip
    raise refuse(path, line=2, problem=f"項目名の並びがレイアウト {layout.name} と違います。{where}")


def _count_rows(path: Path, *, file: BinaryIO, digest: hashlib._Hash) -> tuple[Counter[bytes], bytes]:
    """Count the data rows by kind; gives the counts and the first line that is no data row."""
    counts: Counter[bytes] = Counter()
    number = 0
    last = b""
    for raw in _checked_lines(path, file=file, digest=digest):
        if last:
            raise refuse(path, line=number + 4, problem="終わりの行（T）の後に行があります。")
        if not raw.startswith(b"D,"):
            last = raw
            continue
        number += 1
        parts = raw.split(b",", 3)
        if parts[1] != b"%d" % number:
            raise refuse(
                path, line=number + 2, problem=f"行番号が続いていません。{number} のはずです。", remedy=RESEND
            )
        counts[parts[2].strip(b'"\n') if len(parts) > 2 else b""] += 1
    return counts, last


def _checked_lines(path: Path, *, file: BinaryIO, digest: hashlib._Hash) -> Iterator[bytes]:
    """The lines from the third on, each in UTF-8 and ended by LF alone."""
    for line, raw in enumerate(file, start=3):
        digest.update(raw)
        if not raw.isascii() or b"\r" in raw:
            _decoded(path, line=line, raw=raw)
        if raw[-1] != 0x0A:
            raise refuse(
                path, line=line, problem="行の終わりがありません。途中で切れています。", remedy=RESEND
            )
        yield raw


def _decoded(path: Path, *, line: int, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(
            path, line=line, problem=f"{error.start + 1} バイト目が UTF-8 ではありません。"
        ) from None
    if "\r" in text:
        raise refuse(path, line=line, problem="改行が LF だけではありません（CR があります）。")
    return text


def _check_trailer(path: Path, *, line: int, raw: bytes, counts: Counter[bytes]) -> None:
    if not raw.startswith(b"T,"):
        raise refuse(
            path, line=line, problem="終わりの行（T）がありません。途中で切れています。", remedy=RESEND
        )
    fields = raw.decode("utf-8").rstrip("\n").split(",")
    rows = sum(counts.values())
    if len(fields) != 3 or fields[1] != str(rows):
        problem = f"終わりの行の件数が、実際のデータ {rows} 行と合いません。"
        raise refuse(path, line=line, problem=problem, remedy=RESEND)
    expected = b";".join(b"%s=%d" % (kind, counts[kind]) for kind in sorted(counts)).decode("utf-8")
    if fields[2] != expected:
        raise refuse(
            path, line=line, problem="終わりの行の区分ごとの件数が、実際の行と合いません。", remedy=RESEND
        )
