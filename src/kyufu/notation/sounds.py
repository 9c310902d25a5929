"""How a reading sounds: one key for readings that are heard, copied or typed for one another at a counter."""

from __future__ import annotations

from kyufu.notation.text import search_key

# ヴ is written with a small vowel, which the search key has made large.
_VU = (("ヴア", "バ"), ("ヴイ", "ビ"), ("ヴエ", "ベ"), ("ヴオ", "ボ"), ("ヴ", "ブ"))
_UNVOICED = str.maketrans(
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポ",
    "カキクケコサシスセソタシステトハヒフヘホハヒフヘホ",
)
# Within a word the particles' ハ and ヘ are said ワ and エ, as in フジハラ and フジワラ, マヘダ and マエダ.
_INSIDE = {"ハ": "ワ", "ヘ": "エ", "ヲ": "オ"}
_VOWELS = {
    kana: vowel
    for vowel, row in (
        ("ア", "アカサタナハマヤラワ"),
        ("イ", "イキシチニヒミリ"),
        ("ウ", "ウクスツヌフムユル"),
        ("エ", "エケセテネヘメレ"),
        ("オ", "オコソトノホモヨロ"),
    )
    for kana in row
}
# What only lengthens the vowel before it: オオノ is オノ, ケイコ is ケコ, サトウ is サト.
_LENGTHENS = {"ア": "ア", "イ": "イ", "ウ": "ウ", "エ": "エイ", "オ": "オウ"}
_DOUBLES = str.maketrans("", "", "ッっｯ")


def sound_key(text: str) -> str:
    """The key under which readings that sound alike are found.

    Beyond the search key it takes off long vowels and small ツ, reads ハ and ヘ within a word as ワ and エ, ヴ as ブ,
    and leaves out what voices a consonant (ナカジマ, ナカシマ). What is no kana stays; the key of a key is itself.
    """
    kana = search_key(text.translate(_DOUBLES))
    for written, said in _VU:
        kana = kana.replace(written, said)
    heard: list[str] = []
    for place, one in enumerate(kana.translate(_UNVOICED)):
        said = _INSIDE.get(one, one) if place else one
        if heard and said in _LENGTHENS.get(_VOWELS.get(heard[-1], ""), ""):
            continue
        heard.append(said)
    return "".join(heard)
