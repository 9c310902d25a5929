"""What holds an application up, and what to do next, by the code of the law's reason (判定不能の理由)."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Held(NamedTuple):
    """A reason in the clerk's words, and the next step."""

    title: str
    next_step: str


_ASK_INCOME = (
    "情報連携で所得を照会するか、課税証明書の提出を求めてください（確認書類のお願いを印刷できます）。"
)
HELD = MappingProxyType(
    {
        "missing.insurance": Held(
            "健康保険の資格が確認できない",
            "医療保険の連携ファイルを待つか、資格確認書などの提出を求めてください（確認書類のお願いを印刷できます）。",
        ),
        "missing.birth_date": Held(
            "生年月日が分からない", "住民記録の担当に照会し、戸籍などで確かめてください。"
        ),
        "missing.guardian": Held(
            "保護者が分からない", "申請書の保護者を確かめ、養育の申立書などを求めてください。"
        ),
        "missing.application": Held("申請がない", "交付申請書の提出を求めてください。"),
        "missing.disability_kind": Held(
            "重度障害者の助成が併給できるものか分からない",
            "障害の種別の分かるもの（受給者証と手帳）の提出を求めてください（確認書類のお願いを印刷できます）。",
        ),
        "missing.levy": Held("保護者の住民税額が分からない", _ASK_INCOME),
        "missing.rules": Held(
            "この日の基準が登録されていない", "基準日を確かめ、基準値の管理の担当に連絡してください。"
        ),
        "income.missing_year": Held("判定に使う年度の所得がない", _ASK_INCOME),
        "income.undeclared": Held(
            "住民税が未申告", "保護者に申告を勧め、申告書の控えの写しを求めてください。"
        ),
        "income.declaration_unknown": Held("申告の有無が分からない", _ASK_INCOME),
        "income.contradictory": Held(
            "所得の資料が食い違っている", "資料の出所を確かめ、正しい証明書を求めてください。"
        ),
    }
)
OTHER = Held("そのほかの理由", "申請の画面で判定の説明を確かめてください。")


def held_by(code: str) -> Held:
    """The words of a reason; those of any other where the law has found a new one."""
    return HELD.get(code, OTHER)
