"""Japanese words for what begins and ends the period of a decision."""

from __future__ import annotations

START_CAUSES = {
    "year": "医療証の年度の初日",
    "residence": "住所の異動",
    "death": "死亡",
    "age": "出生又は対象年齢の始まり",
    "insurance": "健康保険の加入",
    "public_assistance": "生活保護の異動",
    "other_scheme": "他の医療費助成の異動",
    "band": "年齢到達・進級・制度改正による区分の変更",
    "application": "申請日",
    "rules": "登録された基準の初日",
}
END_CAUSES = {
    **START_CAUSES,
    "year": "医療証の年度の末日",
    "age": "対象年齢の終わり",
    "insurance": "健康保険の資格の異動",
    "application": "申請日の前日",
}
