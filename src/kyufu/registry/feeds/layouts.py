"""The layouts of the registry's feeds.

Item names and lengths are those of the addressee item list (住登外者宛名基本情報) where it has the item.
"""

from __future__ import annotations

from kyufu.platform.feeds.layout import Column, Kind, Layout, code, day, flag, integer, text

EVENT_KINDS = ("00", "10", "20", "30", "40", "50", "60", "70", "71", "72", "80")
RELATIONS = ("01", "02", "10", "20", "30", "40", "90", "99")

RESIDENT = Layout(
    "resident",
    "住民記録",
    (
        code("ido_jiyu", "異動事由", 2, required=True, codes=EVENT_KINDS),
        integer("rirekibango", "履歴番号", 5, required=True),
        integer("rirekieda", "履歴枝番号", 3, required=True),
        flag("torikeshi", "取消し", required=True),
        day("ido_nengappi", "異動年月日", required=True),
        day("todokede_nengappi", "届出年月日"),
        code("atenabango", "宛名番号", 15, required=True),
        Column("kojinbango", "個人番号", Kind.MY_NUMBER, 12, exact=True),
        text("shimei", "氏名", 100),
        text("shimei_yomigana", "氏名の読み仮名", 100),
        text("shimei_gaikokujinarufuabetto", "外国人の氏名（アルファベット）", 100),
        text("tsusho", "通称", 100),
        code("seibetsu", "性別", 1, required=True, codes=("0", "1", "2")),
        day("seinengappi", "生年月日"),
        text("seinengappi_fushohyoki", "生年月日の不詳表記", 72),
        code("jumin_shubetsu", "住民種別", 1, required=True, codes=("1", "2")),
        code("jumin_jotai", "住民状態", 1, required=True, codes=("1", "2", "3")),
        code("setaibango", "世帯番号", 15),
        code("tsuzukigara", "続柄", 4, codes=RELATIONS),
        code("jusho_shikuchosonkodo", "市区町村コード", 6, exact=True),
        code("jusho_choazakodo", "町字コード", 7, exact=True),
        text("jusho_todofuken", "都道府県", 4),
        text("jusho_shikugunchosonmei", "市区郡町村名", 12),
        text("jusho_choaza", "町字", 120),
        text("jusho_banchigohyoki", "番地号表記", 50),
        text("jusho_katagaki", "方書", 300),
        code("jusho_yubinbango", "郵便番号", 7, exact=True),
        code("zenju_shikuchosonkodo", "前住所・転出先の市区町村コード", 6, exact=True),
    ),
)

PROTECTION = Layout(
    "protection",
    "支援措置",
    (
        code("sochi_kubun", "支援措置の区分", 1, required=True, codes=("1", "2", "3", "9")),
        integer("rirekibango", "履歴番号", 5, required=True),
        integer("rirekieda", "履歴枝番号", 3, required=True),
        flag("torikeshi", "取消し", required=True),
        code("atenabango", "宛名番号", 15, required=True),
        day("kaishi", "開始年月日", required=True),
        day("haishi", "廃止年月日", required=True),
        code("sofusaki_yubinbango", "送付先の郵便番号", 7, exact=True),
        text("sofusaki_jusho", "送付先の住所", 300),
        text("sofusaki_katagaki", "送付先の方書", 300),
        text("sofusaki_meigi", "送付先の名義", 100),
    ),
)
