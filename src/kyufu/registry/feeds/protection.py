"""The feed of protective measures (支援措置): each revision is kept, the highest one counts."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from kyufu.platform.changes import record_changes_selected
from kyufu.platform.feeds.feed import Feed, RowRule, Staged
from kyufu.registry.feeds.layouts import PROTECTION

_STORED = "(p.cancelled, p.kind, p.valid, p.safe_postal_code, p.safe_address, p.safe_building, p.safe_name)"
_VALID = "daterange(s.kaishi, nullif(s.haishi, '9999-12-31'::date))"
_TOLD = (
    f"(s.torikeshi, s.sochi_kubun, {_VALID}, s.sofusaki_yubinbango, s.sofusaki_jusho, s.sofusaki_katagaki, "
    "s.sofusaki_meigi)"
)
_SAME = "p.addressee_id = s.addressee_id AND p.history_no = s.rirekibango AND p.revision = s.rirekieda"

RULES = (
    RowRule(
        "unknown_addressee", "atenabango",
        "宛名番号の者が登録されていません。住民の連携を先に取り込むか、住登外者として登録してください。",
        "s.addressee_id IS NULL",
    ),
    RowRule("period", "haishi", "「廃止年月日」が「開始年月日」より後ではありません。", "s.haishi <= s.kaishi"),
    RowRule(
        "same_revision", "rirekieda",
        "同じ履歴番号・履歴枝番号で内容の違う行がすでにあります。送り側に、履歴枝番号を上げた訂正を求めてください。",
        f"EXISTS (SELECT FROM registry_protection p WHERE {_SAME} AND {_STORED} IS DISTINCT FROM {_TOLD}) "
        "OR EXISTS (SELECT FROM (SELECT addressee_id, rirekibango, rirekieda, min(row_no) AS row_no "
        "FROM feed_staging GROUP BY addressee_id, rirekibango, rirekieda) first "
        "JOIN feed_staging o ON o.row_no = first.row_no WHERE first.addressee_id = s.addressee_id "
        "AND first.rirekibango = s.rirekibango AND first.rirekieda = s.rirekieda AND first.row_no < s.row_no "
        f"AND {_TOLD.replace('s.', 'o.')} IS DISTINCT FROM {_TOLD})",
    ),
)  # fmt: skip

_INSERT = f"""
INSERT INTO registry_protection (addressee_id, history_no, revision, cancelled, kind, valid, safe_postal_code,
       safe_address, safe_building, safe_name, file_id, row_no, recorded_at)
SELECT s.addressee_id, s.rirekibango, s.rirekieda, s.torikeshi, s.sochi_kubun, {_VALID}, s.sofusaki_yubinbango,
       s.sofusaki_jusho, s.sofusaki_katagaki, s.sofusaki_meigi, %(file)s, s.row_no, %(at)s
  FROM feed_staging s ORDER BY s.row_no
ON CONFLICT (addressee_id, history_no, revision) DO NOTHING
"""


def protection_feed() -> Feed:
    """The feed of protective measures."""
    return Feed(
        layout=PROTECTION,
        apply=_apply,
        rules=RULES,
        extra=(("addressee_id", "bigint"),),
        prepare=_find_addressees,
    )


def _find_addressees(staged: Staged) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {staged.table} s SET addressee_id = a.id "
            "FROM registry_addressee a WHERE a.addressee_no = s.atenabango"
        )


def _apply(staged: Staged) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"file": staged.file_id, "at": staged.recorded_at})
        landed = cursor.rowcount
    record_changes_selected(
        source="registry",
        select="SELECT DISTINCT addressee_id, 'protection' FROM registry_protection WHERE file_id = %(file)s",
        values={"file": staged.file_id},
    )
    return {"新しい支援措置の記録": landed}
