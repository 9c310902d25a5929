"""The layouts of the four feeds of evidence: their items in the order of the file."""

from __future__ import annotations

from kyufu.evidence.columns import FIGURES, Figure, Unit
from kyufu.platform.feeds.layout import Column, Layout, code, day, flag, integer, text, yen


def _figure(figure: Figure) -> Column:
    if figure.unit is Unit.MARK:
        return flag(figure.item, figure.label)
    if figure.unit is Unit.PERSONS:
        return integer(figure.item, figure.label, 2)
    return yen(figure.item, figure.label)


def _history(label: str, *, codes: tuple[str, ...], kind: str) -> tuple[Column, ...]:
    """Kind, history number, revision, cancellation and person, as every history of periods begins."""
    return (
        code(kind, label, 1, required=True, codes=codes),
        integer("rirekibango", "履歴番号", 5, required=True),
        integer("rirekieda", "履歴番号枝番", 3, required=True),
        flag("torikeshi", "取消", required=True),
        code("atenabango", "宛名番号", 15, required=True),
    )


_FROM_TO = (day("kaishi", "開始年月日", required=True), day("haishi", "廃止年月日", required=True))

TAX = Layout(
    "tax",
    "個人住民税（所得）",
    (
        code("shinkoku", "申告区分", 1, required=True, codes=("1", "2", "9")),
        integer("fuka_nendo", "賦課年度", 4, required=True),
        integer("rirekieda", "履歴番号枝番", 3, required=True),
        code("atenabango", "宛名番号", 15, required=True),
        day("taisho_kaishi", "所得の対象期間の開始年月日", required=True),
        day("taisho_shuryo", "所得の対象期間の終了年月日", required=True),
        *(_figure(figure) for figure in FIGURES),
        day("shutoku_nengappi", "取得年月日", required=True),
    ),
)
INSURANCE = Layout(
    "insurance",
    "医療保険資格",
    (
        *_history("資格区分", codes=("1", "2"), kind="shikaku_kubun"),
        code("hokensha_bango", "保険者番号", 8, required=True),
        text("kigo", "記号", 40),
        text("bango", "番号", 40, required=True),
        code("edaban", "枝番", 2),
        day("shutoku_nengappi", "資格取得年月日", required=True),
        day("soshitsu_nengappi", "資格喪失年月日", required=True),
    ),
)
ASSISTANCE = Layout(
    "assistance",
    "生活保護・支援給付",
    (*_history("保護区分", codes=("1", "2"), kind="hogo_kubun"), *_FROM_TO),
)
SCHEMES = Layout("schemes", "他制度", (*_history("制度", codes=("1", "2", "3"), kind="seido"), *_FROM_TO))
