"""A small print to change in one place at a time."""

from __future__ import annotations

from kyufu.privacy.content import (
    VERSION,
    Item,
    Kept,
    PrivacyPrint,
    Receiver,
    RecordFile,
    Scale,
    Source,
    SystemFunction,
)

NAME = Item("registry_person_event.name", "住民の異動：氏名")
SEX = Item("registry_person_event.sex", "住民の異動：性別")
SCALE = Scale("10万人以上30万人未満", "100人以上500人未満", False, False, "重点項目評価")
PRINT = PrivacyPrint(
    version=VERSION,
    on="2026-08-03",
    files=(RecordFile("宛名", True, "10万人以上100万人未満", "10項目未満", (NAME,)),),
    functions=(SystemFunction("person", "宛名・住民の照会", ("個人の検索",)),),
    sources=(Source("resident", "住民記録"),),
    receivers=(Receiver("kokuho", "国民健康保険システム", "国民健康保険法", (Item("shimei", "氏名"),)),),
    retention=(Kept("business", "小児医療費助成", 6, "公表資料"),),
    scale=SCALE,
)
