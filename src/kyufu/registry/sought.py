"""What somebody is looked up by, and what was meant by the words typed into the one box of the search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from kyufu.law.calendar.wareki import GREGORIAN_FROM, parse_wareki
from kyufu.notation.places import is_like_an_address, typed_address_key
from kyufu.notation.sounds import sound_key
from kyufu.notation.text import search_key

# Addressee numbers are written in full, with zeros in front; at the counter the zeros are left out.
NUMBER_LENGTH = 15
# One character would ask for whole districts.
LEAST_OF_ADDRESS = 2
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
# Numbers of our own (住登外者) begin with a letter.
_NUMBER = re.compile("[A-Z]?[0-9]+")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[\s‐-―−-]")
_KANA = re.compile("[ァ-ヺ]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """What persons are looked up by; what is empty is not asked, and all that is given must hold.

    `text` is the beginning of a name, reading or alias; `kana` and `alias` of that alone; `address` of town and house
    number, which never finds the protected and their households, whatever stands beside it. `number` is an addressee
    number, and `persons` are ids that another register knows under such a number; `or_born` is the day that these
    digits may mean as well. With `near` similar readings are looked for even where the very reading is found.
    """

    text: str = ""
    kana: str = ""
    alias: str = ""
    birth_date: date | None = None
    address: str = ""
    number: str = ""
    persons: tuple[int, ...] = ()
    or_born: date | None = None
    near: bool = False

    def for_persons(self, ids: Iterable[int]) -> Sought:
        """The same for whoever another register knows under the number as well."""
        return replace(self, persons=tuple(ids))

    @property
    def by_number(self) -> bool:
        """Are persons asked for by one of their numbers?"""
        return bool(self.number or self.persons)

    @property
    def numbers(self) -> list[str]:
        """The addressee numbers that were meant."""
        return [self.number, self.number.zfill(NUMBER_LENGTH)] if self.number else []

    @property
    def reading(self) -> str:
        """The search key of the reading that was given, empty where none was."""
        key = search_key(self.kana or self.text)
        return key if _KANA.fullmatch(key) else ""

    @property
    def sound(self) -> str:
        """What that reading sounds like."""
        return sound_key(self.kana or self.text) if self.reading else ""

    @property
    def address_key(self) -> str:
        """The key of the address; empty where it is too short to tell a place."""
        key = typed_address_key(self.address)
        return key if len(key) >= LEAST_OF_ADDRESS else ""

    @property
    def is_empty(self) -> bool:
        """Is there nothing to look anybody up by?"""
        keys = (search_key(self.text), search_key(self.kana), search_key(self.alias), self.address_key)
        return not (any(keys) or self.birth_date or self.or_born or self.by_number)


def typed_number(text: str) -> str:
    """A number as typed in any width, with hyphens or spaces between its digits and letters; empty for what is none."""
    plain = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return plain if _NUMBER.fullmatch(plain) else ""


def typed_day(text: str) -> date | None:
    """The day that was typed by era or in the western calendar, in any width; None for what is none."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    found = _DATE.fullmatch(plain) or _EIGHT.fullmatch(plain)
    with suppress(ValueError):
        day = date(*map(int, found.groups())) if found else parse_wareki(plain)
        return day if GREGORIAN_FROM <= day < date.max else None
    return None


def read_box(text: str) -> Sought:
    """What the words of the one box ask for: a number, a day of birth, an address, or a name, reading or alias."""
    day, number = typed_day(text), typed_number(text)
    if day and not _DIGITS.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        return Sought(birth_date=day)
    if number:
        return Sought(number=number, or_born=day)
    if is_like_an_address(text):
        return Sought(address=text)
    return Sought(text=text)
