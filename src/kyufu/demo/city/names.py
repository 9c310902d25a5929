"""Names that can belong to nobody: words of the office joined with common endings, in old and new forms.

A family name is a word such as 試験 or 架空 and an ending such as 田 or 﨑; foreign names mean «sample».
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple


class Name(NamedTuple):
    """A part of a name as written, and its reading in full-width katakana."""

    text: str
    kana: str


def _names(words: str) -> tuple[Name, ...]:
    return tuple(Name(*word.split("/")) for word in words.split(" "))


_OFFICE_WORDS = _names(
    "試験/シケン 見本/ミホン 給付/キュウフ 架空/カクウ 仮名/カメイ 例示/レイジ 模擬/モギ "
    "訓練/クンレン 書式/ショシキ "
    "様式/ヨウシキ 記入/キニュウ 例文/レイブン 申請/シンセイ 受付/ウケツケ 台帳/ダイチョウ 帳票/チョウヒョウ "
    "仮想/カソウ 標本/ヒョウホン"
)
_ENDINGS = _names(
    "田/ダ 川/カワ 山/ヤマ 原/ハラ 崎/サキ 﨑/サキ 野/ノ 村/ムラ 本/モト 井/イ 沢/サワ 澤/サワ "
    "浜/ハマ 濱/ハマ 島/シマ "
    "嶋/シマ 橋/バシ 高/タカ 髙/タカ 部/ベ 国/クニ 國/クニ 藤/トウ 塚/ヅカ 谷/ヤ 木/ギ 池/イケ "
    "岡/オカ 森/モリ 辺/ベ 邊/ベ 邉/ベ"
)
# These forms are in few fonts: 𠮷 lies outside the first plane, the others ask for a variation by IVS.
_RARE_ENDINGS = _names("𠮷/ヨシ 辻\U000e0100/ツジ 辻\U000e0101/ツジ 葛\U000e0100/クズ")

FAMILY_NAMES = tuple(Name(w.text + e.text, w.kana + e.kana) for w, e in product(_OFFICE_WORDS, _ENDINGS))
RARE_FAMILY_NAMES = tuple(
    Name(w.text + e.text, w.kana + e.kana) for w, e in product(_OFFICE_WORDS, _RARE_ENDINGS)
)

_FIRST_OF_MEN = _names(
    "翔/ショウ 健/ケン 大/ダイ 悠/ユウ 陽/ヨウ 直/ナオ 隆/タカ 和/カズ 雅/マサ 拓/タク 涼/リョウ "
    "真/シン 眞/シン 裕/ヒロ 廣/ヒロ"
)
_SECOND_OF_MEN = _names(
    "太/タ 太郎/タロウ 介/スケ 人/ト 一/イチ 樹/キ 也/ヤ 平/ヘイ 斗/ト 之/ユキ 哉/ヤ 志/シ 朗/ロウ 郎/ロウ"
)
_FIRST_OF_WOMEN = _names(
    "美/ミ 陽/ヒ 優/ユウ 結/ユ 愛/アイ 奈/ナ 真/マ 眞/マ 恵/エ 惠/エ 千/チ 友/トモ 由/ユ 沙/サ "
    "桜/サクラ 櫻/サクラ"
)
_SECOND_OF_WOMEN = _names(
    "子/コ 美/ミ 菜/ナ 花/カ 香/カ 紀/キ 里/リ 乃/ノ 奈/ナ 江/エ 代/ヨ 音/ネ 織/オリ 穂/ホ 衣/イ"
)

SECONDS = len(_SECOND_OF_MEN)
_GIVEN_OF_MEN = tuple(
    Name(a.text + b.text, a.kana + b.kana) for a, b in product(_FIRST_OF_MEN, _SECOND_OF_MEN)
)
_GIVEN_OF_WOMEN = tuple(
    Name(a.text + b.text, a.kana + b.kana) for a, b in product(_FIRST_OF_WOMEN, _SECOND_OF_WOMEN)
)
# Indexed by the code of sex. Neighbours in a table share their first character, as twins often do.
GIVEN_NAMES: tuple[tuple[Name, ...], ...] = ((), _GIVEN_OF_MEN, _GIVEN_OF_WOMEN)

FOREIGN_FAMILY_NAMES = _names(
    "ＳＡＭＰＬＥ/サンプル ＴＥＳＴＥＲ/テスター ＭＯＤＥＬ/モデル ＥＸＡＭＰＬＥ/イグザンプル "
    "ＥＪＥＭＰＬＯ/エヘンプロ "
    "ＭＵＳＴＥＲＭＡＮＮ/ムスターマン ＣＯＮＴＯＨ/チョントー ＨＡＬＩＭＢＡＷＡ/ハリンバワ "
    "ＳＨＩＬＩ/シーリー"
)
FOREIGN_GIVEN_NAMES = _names(
    "ＦＩＣＴＩＯＮＡＬＩＡ/フィクショナリア ＳＰＥＣＩＭＥＮ/スペシメン ＤＵＭＭＹ　ＭＡＲＩＡ/ダミーマリア "
    "ＴＥＳＴ　ＰＨＵＯＮＧ/テストフオン ＰＲＯＢＡ/プローバ "
    "ＭＵＥＳＴＲＡ　ＤＥ　ＬＯＳ　ＡＮＧＥＬＥＳ　ＣＲＩＳＴＩＮＡ/ムエストラクリスティーナ "
    ""
    "ＰＬＡＣＥＨＯＬＤＥＲ　ＡＬＥＸＡＮＤＥＲ　ＭＡＸＩＭＩＬＩＡＮ/プレースホルダーアレクサンダー "
    "ＪＩＡ/ジャー"
)


def given_names_of(*, sex: int, is_foreign: bool) -> tuple[Name, ...]:
    """The given names to choose from."""
    return FOREIGN_GIVEN_NAMES if is_foreign else GIVEN_NAMES[sex]
