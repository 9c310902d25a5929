"""The tax feed: income as the city's ledger (課税台帳) has it, one entry for each person and tax year."""

from __future__ import annotations

from collections.abc import Iterator

from kyufu.evidence.columns import AMONG_DEPENDANTS, FIGURES, NEVER_NEGATIVE, Figure, Unit
from kyufu.evidence.feeds.landing import Landing, evidence_feed
from kyufu.evidence.feeds.layouts import TAX
from kyufu.law.child.facts import Declared, IncomeSource
from kyufu.platform.feeds.feed import Feed, RowRule

_DECLARED = (
    "CASE {row}.shinkoku "
    f"WHEN '1' THEN '{Declared.YES.value}' WHEN '2' THEN '{Declared.NO.value}' "
    f"ELSE '{Declared.UNKNOWN.value}' END"
)


def tax_feed() -> Feed:
    """The feed of income; its revisions correct the entry of the same tax year."""
    landing = Landing(
        table="evidence_income",
        change="income",
        source=IncomeSource.TAX_LEDGER.value,
        key={"tax_year": "fuka_nendo"},
        facts={
            "declared": _DECLARED,
            "covers": "daterange({row}.taisho_kaishi, {row}.taisho_shuryo, '[]')",
            **{figure.column: _value(figure) for figure in FIGURES},
        },
        carried={"obtained_on": "{row}.shutoku_nengappi"},
        cancelled="false",
    )
    return evidence_feed(layout=TAX, landing=landing, rules=tuple(_rules()))


def _value(figure: Figure) -> str:
    if figure.unit is Unit.YEN_OR_UNKNOWN:
        return f"{{row}}.{figure.item}"
    return f"coalesce({{row}}.{figure.item}, {'false' if figure.unit is Unit.MARK else '0'})"


def _rules() -> Iterator[RowRule]:
    yield RowRule(
        code="end_before_start",
        column="taisho_shuryo",
        message="所得の対象期間の終わりが始まりより前です。送信元に訂正を求めてください。",
        condition="s.taisho_shuryo < s.taisho_kaishi",
    )
    yield RowRule(
        code="not_the_year_before",
        column="taisho_kaishi",
        message="所得の対象期間が賦課年度の前年（1月1日から12月31日まで）ではありません。"
        "年度の取り違えがないか送信元に確かめてください。",
        condition="s.taisho_kaishi <> make_date(s.fuka_nendo - 1, 1, 1) "
        "OR s.taisho_shuryo <> make_date(s.fuka_nendo - 1, 12, 31)",
    )
    yield RowRule(
        code="obtained_before_end",
        column="shutoku_nengappi",
        message="取得年月日が所得の対象期間の終わりより前です。年度か取得年月日を送信元に確かめてください。",
        condition="s.shutoku_nengappi <= s.taisho_shuryo",
    )
    yield RowRule(
        code="later_than_file",
        column="shutoku_nengappi",
        message="取得年月日がファイルの作成日より後です。送信元に確かめてください。",
        condition="s.shutoku_nengappi > s.made_on",
    )
    for figure in NEVER_NEGATIVE:
        yield RowRule(
            code="negative_amount",
            column=figure.item,
            message=f"{figure.label}が負の値です。送信元に訂正を求めてください。",
            condition=f"s.{figure.item} < 0",
        )
    yield from _rules_of_persons()


def _rules_of_persons() -> Iterator[RowRule]:
    parts = " + ".join(f"coalesce(s.{figure.item}, 0)" for figure in AMONG_DEPENDANTS)
    yield RowRule(
        code="more_than_total",
        column="fuyo_total",
        message="扶養親族等の数が内訳の合計より少なくなっています。送信元に訂正を求めてください。",
        condition=f"coalesce(s.fuyo_total, 0) < {parts}",
    )
    # Income Tax Act art. 2(1)(xxx): a widow (寡婦) is one who is not a single parent (ひとり親).
    yield RowRule(
        code="widow_and_single_parent",
        column="hitorioya",
        message="寡婦とひとり親の両方に該当するとされています。送信元に訂正を求めてください。",
        condition="s.kafu AND s.hitorioya",
    )
