"""The lists of what was found beyond the sorting: days of past decisions that differ, and losses that began before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from kyufu.audit.api import notes_found
from kyufu.law.calendar.period import Period
from kyufu.law.child.differing import Effect
from kyufu.renewal.queries import fetch, listed

DIFFERENCES = "過去の決定の再点検で違いのあった児童の一覧"
EARLY = "期間の初日より前に喪失の理由が生じた児童の一覧"
# What every list of a replay says: why there is no amount of money on it.
NO_AMOUNT = (
    "給付システムは受診と支払の記録（レセプト）をまだ持っていないため、金額は計算できません。"
    "対象の期間と区分を示し、償還払いの申請を案内します。"
)
EARLY_STEP = (
    "基準日を理由の生じた日にして「事実の変更による判定し直し」を立案するか、申請の画面から個別に判定する"
    "（更新では期間の初日の喪失になる）"
)
_WARDS = "(%(wards)s::text[] IS NULL OR ward_code = ANY(%(wards)s))"


class DifferenceCount(NamedTuple):
    """How many children a replay found with days of an effect, and the first of those days."""

    effect: Effect
    children: int
    first_day: date


class DifferenceRow(NamedTuple):
    """Days of a child whose answer differs; `row_id` is its place (key-set paging)."""

    row_id: int
    child_id: int
    application_id: int
    ward_code: str
    period: Period
    was_class: str | None
    now_class: str | None
    effect: Effect


class EarlyRow(NamedTuple):
    """A child whose loss began before the day that it was judged for: the real day; `row_id` is its place."""

    row_id: int
    child_id: int
    application_id: int
    ward_code: str
    reason_code: str
    judged_for: date
    began_on: date


def difference_counts(renewal_id: int) -> tuple[DifferenceCount, ...]:
    """How many children have days of each effect."""
    rows = fetch(
        """SELECT effect, count(DISTINCT child_id), min(since) FROM renewal_difference
            WHERE renewal_id = %(id)s GROUP BY 1""",
        {"id": renewal_id},
    )
    found = {row[0]: row for row in rows}
    return tuple(DifferenceCount(one, *found[one][1:]) for one in Effect if one in found)


def early_count(renewal_id: int) -> int:
    """How many losses of a renewal began before the day that they were judged for."""
    return int(
        fetch("SELECT count(*) FROM renewal_early_loss WHERE renewal_id = %(id)s", {"id": renewal_id})[0][0]
    )


def _difference_rows(
    renewal_id: int, *, effect: Effect | None, wards: Collection[str] | None, limit: int, after: int
) -> tuple[DifferenceRow, ...]:
    """Days that differ, of an effect where one is given, within wards, in their order after a place."""
    rows = fetch(
        f"""SELECT id, child_id, application_id, ward_code, since, until, was_class, now_class, effect
              FROM renewal_difference WHERE renewal_id = %(id)s AND id > %(after)s AND {_WARDS}
               AND (%(effect)s::text IS NULL OR effect = %(effect)s) ORDER BY id LIMIT %(limit)s""",
        {"id": renewal_id, "effect": effect, "wards": listed(wards), "limit": limit, "after": after},
    )
    return tuple(
        DifferenceRow._make((*row[:4], Period(row[4], row[5]), *row[6:8], Effect(row[8]))) for row in rows
    )


def _early_rows(
    renewal_id: int, *, wards: Collection[str] | None, limit: int, after: int
) -> tuple[EarlyRow, ...]:
    """Those whose loss began before, within wards, in their order after a place."""
    rows = fetch(
        f"""SELECT id, child_id, application_id, ward_code, reason_code, judged_for, began_on
              FROM renewal_early_loss WHERE renewal_id = %(id)s AND id > %(after)s AND {_WARDS}
             ORDER BY id LIMIT %(limit)s""",
        {"id": renewal_id, "wards": listed(wards), "limit": limit, "after": after},
    )
    return tuple(EarlyRow(*row) for row in rows)


def _children(rows: Collection[DifferenceRow | EarlyRow]) -> list[int]:
    return [row.child_id for row in rows]


difference_rows = notes_found(_difference_rows, what=DIFFERENCES, whose=_children)
early_rows = notes_found(_early_rows, what=EARLY, whose=_children)
