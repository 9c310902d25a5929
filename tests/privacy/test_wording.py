"""The text for the officer, to the letter."""

from __future__ import annotations

from dataclasses import replace

from kyufu.privacy.api import change_lines, compare, print_lines, to_json
from kyufu.privacy.content import Item, SystemFunction
from tests.privacy.parts import PRINT, SCALE


def test_the_whole_print() -> None:
    assert list(print_lines(PRINT)) == [
        "特定個人情報保護評価の基礎資料（令和8年8月3日現在）",
        "",
        "■ しきい値判断",
        "・対象人数：10万人以上30万人未満",
        "・使用者数：100人以上500人未満（委託事業者の利用者：なし）",
        "・重大事故：発生なし",
        "・実施が義務付けられる評価：重点項目評価",
        "",
        "■ 特定個人情報ファイルと記録項目",
        "1. 宛名（本人の数：10万人以上100万人未満、1項目：10項目未満）",
        "    1. 住民の異動：氏名",
        "",
        "■ 職員に関するファイルと記録項目（評価書の対象外）",
        "",
        "■ システムの機能",
        "・宛名・住民の照会：個人の検索",
        "",
        "■ 他のシステムとの接続",
        "・入手：住民記録（連携ファイル resident）",
        "・移転：国民健康保険システム（国民健康保険法）　項目：氏名",
        "",
        "■ 保管期間",
        "・小児医療費助成：6年（公表資料）",
    ]


def test_what_is_unknown_and_what_is_not_there_is_said() -> None:
    after = replace(
        PRINT,
        functions=(SystemFunction("person", "宛名・住民の照会", ()),),
        scale=replace(SCALE, incident=None, has_contractors=True),
    )
    lines = list(print_lines(after))
    assert "・宛名・住民の照会：画面なし" in lines
    assert "・重大事故：未入力（--incident で指定する）" in lines
    assert "・使用者数：100人以上500人未満（委託事業者の利用者：あり）" in lines
    assert "・重大事故：発生あり" in list(print_lines(replace(PRINT, scale=replace(SCALE, incident=True))))


def test_a_comparison_to_the_letter() -> None:
    renamed = replace(PRINT.files[0], items=(Item("registry_person_event.name", "住民の異動：名前"),))
    after = replace(PRINT, files=(renamed,), scale=replace(SCALE, has_contractors=True))
    assert list(change_lines(compare(before=PRINT, after=after))) == [
        "■ 重要な変更（評価の再実施が必要）：1件",
        "・Ⅱ4 委託の有無※",
        "    委託事業者の利用者が加わった",
        "    → 委託先の利用者が加わったため。（二次資料：評価書 横浜市 L767 の※）",
        "■ 重要な変更に当たらないもの（評価書の修正と公表で足りる）：1件",
        "・Ⅱ2④ 記録される項目※",
        "    ファイル「宛名」の「住民の異動：氏名」から「住民の異動：名前」に変わった",
        "    → 同じ項目の言い方だけの変更で、軽微なため。"
        "（二次資料：評価書 札幌市 L509-513（誤字脱字の修正等の軽微な変更））",
    ]


def test_json_is_sorted_and_japanese() -> None:
    text = to_json(PRINT)
    assert text.endswith("}\n")
    assert "住民の異動：氏名" in text
    assert text.index('"files"') < text.index('"functions"') < text.index('"on"') < text.index('"version"')
