"""Names and addresses as text: the form that is stored, and the key that finds them."""

from __future__ import annotations

import re
import unicodedata

from kyufu.notation.variants import FOLDED

# NFC would replace these by their modern form (神 for 神), and the register's form would be lost.
_COMPATIBILITY_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_REPEATED = re.compile("(.)々")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")

_SMALL_KANA = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_OLD_KANA = dict(zip("ヰヱヲヂヅ", "イエオジズ", strict=True))
# Kana, hyphens, dashes and minus signs of every width are typed for one another at counters.
_LONG_MARKS_AND_SPACES = "ー‐‑‒–—―−-~〜・･.,'’`´ \u3000\t"
# Kana and the ideographs of the standard sets.
_COMMON = (range(0x3041, 0x3100), range(0x4E00, 0xA000))
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x180E))


def _search_table() -> dict[int, str | None]:
    """One table for `str.translate`: hiragana, small and old kana, marks, variation selectors, old forms."""
    # What is not in the table costs twice as much as what is: the common letters stand for themselves.
    folded: dict[int, str | None] = {code: chr(code) for letters in _COMMON for code in letters}
    folded.update(FOLDED)
    folded.update({ord(small): large for small, large in (_SMALL_KANA | _OLD_KANA).items()})
    for code in range(ord("ぁ"), ord("ゖ") + 1):
        katakana = chr(code + 0x60)
        folded[code] = folded[ord(katakana)]
    folded.update({ord(mark): None for mark in _LONG_MARKS_AND_SPACES})
    folded.update({selector: None for selectors in _SELECTORS for selector in selectors})
    return folded


_SEARCH_TABLE = _search_table()


def to_storage_form(text: str) -> str:
    """The text as it is stored: composed (NFC), variation selectors and compatibility ideographs kept."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    parts = _COMPATIBILITY_IDEOGRAPHS.split(text)
    return "".join(
        part if place % 2 else unicodedata.normalize("NFC", part) for place, part in enumerate(parts)
    )


def search_key(text: str) -> str:
    """The key under which a name or an address is found.

    Folds width, case, hiragana to katakana, small and old kana, repetition marks and old forms of characters
    (`variants.GROUPS`); takes off spaces, long marks, middle dots and variation selectors. The key of a key
    is itself.
    """
    key = _folded(text)
    if unicodedata.is_normalized("NFKC", key):
        return key
    # What was taken off may have kept a letter and its accent apart; of a few letters (ΐ) case takes them apart again.
    whole = unicodedata.normalize("NFKC", key)
    while (again := unicodedata.normalize("NFKC", _folded(whole))) != whole:
        whole = again
    return whole


def _folded(text: str) -> str:
    # Names and readings as registers write them need no more than their wide space taken off.
    narrow = text.replace("\u3000", "")
    if not unicodedata.is_normalized("NFKC", narrow):
        narrow = unicodedata.normalize("NFKC", text)
    key = narrow.casefold().translate(_SEARCH_TABLE)
    return _REPEATED.sub(r"\1\1", key) if "々" in key else key


def holds_private_characters(text: str) -> bool:
    """Are there characters of a private plane (外字), which mean something in one font alone?"""
    return _PRIVATE_USE.search(text) is not None
