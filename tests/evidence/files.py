"""Feed files for tests, framed as a neighbouring system frames them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kyufu.evidence.feeds import evidence_feeds
from kyufu.notation.check_digits import CheckDigit
from kyufu.platform.feeds.feed import Feed
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.platform.feeds.layout import Kind, Layout

MUNICIPALITY = "141003"
MADE_AT = "2026-07-01T03:00:00+09:00"
FEEDS = {feed.layout.name: feed for feed in evidence_feeds(insurer_check=CheckDigit.TESTED)}
LENIENT = {feed.layout.name: feed for feed in evidence_feeds(insurer_check=CheckDigit.UNTESTED)}

INCOME: Mapping[str, object] = {
    "shinkoku": "1",
    "fuka_nendo": 2026,
    "rirekieda": 0,
    "taisho_kaishi": "2025-01-01",
    "taisho_shuryo": "2025-12-31",
    "kyuyo": 3_000_000,
    "shutoku_nengappi": "2026-06-10",
}
INSURANCE: Mapping[str, object] = {
    "shikaku_kubun": "2",
    "rirekibango": 1,
    "rirekieda": 0,
    "torikeshi": 0,
    "hokensha_bango": "06130488",
    "kigo": "１２３",
    "bango": "4567",
    "edaban": "02",
    "shutoku_nengappi": "2024-04-01",
    "soshitsu_nengappi": "9999-12-31",
}
PERIOD: Mapping[str, object] = {
    "rirekibango": 1,
    "rirekieda": 0,
    "torikeshi": 0,
    "kaishi": "2025-04-01",
    "haishi": "9999-12-31",
}


@dataclass
class Sender:
    """A neighbouring system: numbers its files and hands them over."""

    folder: Path
    feeds: Mapping[str, Feed]
    last_seq: int = 0

    def send(self, layout: str, rows: Iterable[Mapping[str, object]], *, mode: str = "DIFF") -> FeedResult:
        """Write the next file of a layout and have it taken in."""
        self.last_seq += 1
        path = self.folder / f"{layout}_{mode}_{self.last_seq:06}.csv"
        write_feed(path, layout=self.feeds[layout].layout, rows=list(rows), mode=mode, seq=self.last_seq)
        return self.take_in(path)

    def take_in(self, path: Path) -> FeedResult:
        """Hand over a file as it lies there."""
        return receive_feed(path, feeds=self.feeds, municipality=MUNICIPALITY)


def write_feed(path: Path, *, layout: Layout, rows: list[Mapping[str, object]], mode: str, seq: int) -> None:
    """Write a framed file; items that a row leaves out are empty, marks and counts too."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["H", layout.name, 1, mode, MUNICIPALITY, f"{seq:06}", MADE_AT])
    writer.writerow(["N", "gyobango", *layout.names])
    for number, row in enumerate(rows, start=1):
        writer.writerow(["D", number, *(row.get(name, "") for name in layout.names)])
    kinds = Counter(str(row[layout.names[0]]) for row in rows)
    counts = ";".join(f"{kind}={count}" for kind, count in sorted(kinds.items()))
    writer.writerow(["T", len(rows), counts])
    path.write_text(out.getvalue(), encoding="utf-8")


def yen_items(layout: Layout) -> tuple[str, ...]:
    """The items of a layout that hold amounts."""
    return tuple(column.name for column in layout.columns if column.kind is Kind.YEN)
