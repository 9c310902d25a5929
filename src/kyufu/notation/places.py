"""Addresses within a city as text: the key under which town and house number are found, however they are written."""

from __future__ import annotations

import re
import unicodedata

from kyufu.notation.municipalities import MUNICIPALITIES
from kyufu.notation.text import search_key

_DIGITS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")}
_TEN = "十"
_DASHES = "ー‐‑‒–—―−－\\-~〜"
_NUMERAL = re.compile(rf"([〇一二三四五六七八九十]+)(?=丁目|番|号|[{_DASHES}])")
_MARKS = re.compile(r"丁目|番地(?:の|ノ)?|番|号")
_BETWEEN = re.compile(rf"(?<=[0-9/])[{_DASHES}のノ・.]+")
_SLASHES = re.compile("/+")


def _number(numeral: str) -> str:
    """A numeral up to 99 in digits; one written digit by digit as it stands."""
    if _TEN not in numeral:
        return "".join(str(_DIGITS[one]) for one in numeral)
    tens, _, ones = numeral.partition(_TEN)
    return f"{_number(tens) or 1}{_number(ones) or 0}" if _TEN not in ones else numeral


def address_key(text: str) -> str:
    """The key under which a town with its house number is found; `/` stands behind each number of blocks.

    Folds as the search key does, and numerals, 丁目, 番地, 番, 号, の and dashes: 駒岡一丁目１番２号 and 駒岡1-1-2
    begin alike. The key of a town followed by that of a house number is the key of both.
    """
    plain = _NUMERAL.sub(lambda found: _number(found[1]), unicodedata.normalize("NFKC", text))
    return _SLASHES.sub("/", search_key(_BETWEEN.sub("/", _MARKS.sub("/", plain))))


def _municipality_names() -> re.Pattern[str]:
    """Prefecture, city and ward as somebody writes them before the town, each of them or none."""
    prefectures = {one.prefecture for one in MUNICIPALITIES.values()}
    names = {one.name for one in MUNICIPALITIES.values()}
    wards = {name.partition("市")[2] for name in names} - {""}
    within = sorted(names | wards, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(sorted(prefectures))})?(?:{'|'.join(within)})?")


_MUNICIPALITY = _municipality_names()


_ADDRESS_WORDS = re.compile("丁目|番地|[0-9]")


def is_like_an_address(text: str) -> bool:
    """Does it read like an address rather than a name: with a number, or from the prefecture, city or ward on?"""
    plain = unicodedata.normalize("NFKC", text).strip()
    begun = _MUNICIPALITY.match(plain)
    return bool(_ADDRESS_WORDS.search(plain)) or bool(begun and begun.end())


def typed_address_key(text: str) -> str:
    """The key of an address as typed, with or without prefecture, city and ward before the town."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    begun = _MUNICIPALITY.match(plain)
    return address_key(plain[begun.end() if begun else 0 :])
