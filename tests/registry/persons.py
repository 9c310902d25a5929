"""Synthetic persons as rows of the resident feed, and a sender that numbers its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.platform.feeds.feed import Feed
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.registry.feeds.protection import protection_feed
from kyufu.registry.feeds.residents import resident_feed
from tests.platform.feed_files import MUNICIPALITY, write_feed

RowOf = Mapping[str, object]
FEEDS: dict[str, Feed] = {feed.layout.name: feed for feed in (resident_feed(), protection_feed())}

BASE: RowOf = {
    "ido_jiyu": "20",
    "rirekibango": 1,
    "rirekieda": 0,
    "torikeshi": 0,
    "ido_nengappi": "2020-04-01",
    "todokede_nengappi": "2020-04-05",
    "shimei": "見本　太郎",
    "shimei_yomigana": "ミホン　タロウ",
    "seibetsu": "1",
    "seinengappi": "1990-01-15",
    "jumin_shubetsu": "1",
    "jumin_jotai": "1",
    "setaibango": "900000000000001",
    "tsuzukigara": "01",
    "jusho_shikuchosonkodo": "141011",
    "jusho_choazakodo": "0001001",
    "jusho_todofuken": "神奈川県",
    "jusho_shikugunchosonmei": "横浜市鶴見区",
    "jusho_choaza": "駒岡一丁目",
    "jusho_banchigohyoki": "１番２号",
    "jusho_katagaki": "見本荘１０１",
    "jusho_yubinbango": "2300071",
}
MEASURE: RowOf = {
    "sochi_kubun": "1",
    "rirekibango": 1,
    "rirekieda": 0,
    "torikeshi": 0,
    "kaishi": "2025-04-01",
    "haishi": "9999-12-31",
    "sofusaki_yubinbango": "2310017",
    "sofusaki_jusho": "神奈川県横浜市中区港町一丁目１番地",
    "sofusaki_katagaki": "",
    "sofusaki_meigi": "",
}


def addressee_no(number: int) -> str:
    """The addressee number of the person of this number."""
    return f"{number:015}"


def my_number(number: int) -> str:
    """An individual number with a right check digit, another for each person."""
    return INDIVIDUAL_NUMBER.with_check_digit(f"{number * 38_196_601_147 % 10**11:011}")


def resident(number: int, **items: object) -> dict[str, object]:
    """A row about the person of this number; `items` replace those of the base row."""
    return {**BASE, "atenabango": addressee_no(number), "kojinbango": my_number(number), **items}


def measure(number: int, **items: object) -> dict[str, object]:
    """A row about a protective measure for the person of this number."""
    return {**MEASURE, "atenabango": addressee_no(number), **items}


@dataclass
class Register:
    """The system of the resident register: numbers its files and hands them over."""

    folder: Path

    def __post_init__(self) -> None:
        self.last_seq = dict.fromkeys(FEEDS, 0)

    def send(self, rows: Iterable[RowOf], *, layout: str = "resident", mode: str = "DIFF") -> FeedResult:
        """Write the next file of a layout and have it taken in."""
        self.last_seq[layout] += 1
        seq = self.last_seq[layout]
        path = write_feed(self.folder, layout=FEEDS[layout].layout, rows=rows, mode=mode, seq=seq)
        return take_in(path)


def take_in(path: Path) -> FeedResult:
    """Hand over a file as it lies there."""
    return receive_feed(path, feeds=FEEDS, municipality=MUNICIPALITY)


def fetch(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())


def current_versions() -> list[tuple[Any, ...]]:
    """What is held true now of everyone: number, period, and the event behind it, without surrogate keys."""
    return fetch(
        "SELECT a.addressee_no, v.valid, e.history_no, e.revision, e.kind, e.name, e.status, e.household_no "
        "FROM registry_person_version v JOIN registry_person_event e ON e.id = v.event_id "
        "JOIN registry_addressee a ON a.id = v.addressee_id WHERE upper_inf(v.recorded) "
        "ORDER BY a.addressee_no, v.valid"
    )
