"""How a reading sounds: one key for readings that are heard, copied or typed for one another at a counter."""

from __future__ import annotations

import re

from kyufu.notation.text import search_key

# ヴ is written with a small vowel, which the search key has made large.
_VU = (("ヴア", "バ"), ("ヴイ", "ビ"), ("ヴエ", "ベ"), ("ヴオ", "ボ"), ("ヴ", "ブ"))
# Letters that stay are named too: what is not in a table costs twice as much as what is.
_STAY = {code: chr(code) for code in range(ord("ア"), ord("ヺ") + 1)}
_UNVOICED = _STAY | str.maketrans(
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポ",
    "カキクケコサシスセソタシステトハヒフヘホハヒフヘホ",
)
# Within a word the particles' ハ and ヘ are said ワ and エ, as in フジハラ and フジワラ, マヘダ and マエダ.
_INSIDE = _STAY | str.maketrans("ハヘヲ", "ワエオ")
# What only lengthens the vowel before it: オオノ is オノ, ケイコ is ケコ, サトウ is サト.
_LENGTHENING = re.compile(
    "(?<=[アカサタナハマヤラワ])ア+|(?<=[イキシチニヒミリ])イ+|(?<=[ウクスツヌフムユル])ウ+"
    "|(?<=[エケセテネヘメレ])[エイ]+|(?<=[オコソトノホモヨロ])[オウ]+"
)
_DOUBLES = re.compile("[ッっｯ]")


def sound_key(text: str) -> str:
    """The key under which readings that sound alike are found.

    Beyond the search key it takes off long vowels and small ツ, reads ハ and ヘ within a word as ワ and エ, ヴ as ブ,
    and leaves out what voices a consonant (ナカジマ, ナカシマ). What is no kana stays; the key of a key is itself.
    """
    kana = search_key(_DOUBLES.sub("", text))
    if "ヴ" in kana:
        for written, said in _VU:
            kana = kana.replace(written, said)
    plain = kana.translate(_UNVOICED)
    return _LENGTHENING.sub("", plain[:1] + plain[1:].translate(_INSIDE))
