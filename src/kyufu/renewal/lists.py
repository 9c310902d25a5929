"""The worklists of a renewal: who is sorted so, who is left out, who was left as it was, and a sample; each noted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from kyufu.audit.api import notes_asked, notes_found, the_same
from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.law.child.codec import decision_from_json
from kyufu.law.decision import Decision
from kyufu.renewal.queries import fetch, listed
from kyufu.renewal.states import LeftOut, Sorted

SORTED = "更新処理の判定の一覧"
LEFT_OUT = "更新処理の対象外の一覧"
REFUSED = "更新処理の見送りの一覧"
SAMPLE = "更新処理の判定の抜取り"
ANSWER = "更新処理の判定の理由"
# How many of each list are drawn for somebody to look at before approval.
SAMPLE_SIZE = 5


class SortedRow(NamedTuple):
    """A child on a list: how it was judged beside what it held; `row_id` is its place (key-set paging)."""

    row_id: int
    child_id: int
    application_id: int
    ward_code: str
    judged_for: date
    sorted: Sorted
    reason_code: str
    was_class: str | None
    benefit_class: str | None
    valid: Period | None


class LeftOutRow(NamedTuple):
    """A child of the base that is not in the run."""

    row_id: int
    child_id: int
    application_id: int | None
    ward_code: str
    is_entitled: bool
    reason: LeftOut


class RefusedRow(NamedTuple):
    """A child that was left as it was when the renewal took effect, with the code of why."""

    row_id: int
    child_id: int
    application_id: int
    ward_code: str
    refusal: str


_COLUMNS = """r.id, r.child_id, r.application_id, r.ward_code, r.judged_for, r.sorted, r.reason_code, r.was_class,
       r.benefit_class, lower(r.valid), upper(r.valid)"""
FOUND = "SELECT mismatch_id FROM renewal_found WHERE renewal_id = {}"
_WARDS = "(%(wards)s::text[] IS NULL OR {}.ward_code = ANY(%(wards)s))"


def _sorted_rows(
    renewal_id: int,
    *,
    sorted_as: Sorted,
    reason: str | None,
    wards: Collection[str] | None,
    limit: int,
    after: int,
) -> tuple[SortedRow, ...]:
    """The children of one list, of a reason where one is given, within wards, in their order after a place."""
    rows = fetch(
        f"""SELECT {_COLUMNS} FROM renewal_result r
             WHERE r.renewal_id = %(id)s AND r.sorted = %(sorted)s AND r.id > %(after)s AND {_WARDS.format("r")}
               AND (%(reason)s::text IS NULL OR r.reason_code = %(reason)s)
             ORDER BY r.id LIMIT %(limit)s""",
        {"id": renewal_id, "sorted": str(sorted_as), "reason": reason, "wards": listed(wards), "limit": limit,
         "after": after},
    )  # fmt: skip
    return tuple(map(_row, rows))


def _left_out_rows(
    renewal_id: int, *, reason: LeftOut | None, wards: Collection[str] | None, limit: int, after: int
) -> tuple[LeftOutRow, ...]:
    """Those of the base that are left out, of a reason where one is given, within wards, after a place.

    The ward is that which received the application, "" where there is none: where a child lives the register tells.
    """
    rows = fetch(
        f"""SELECT m.id, m.child_id, m.application_id,
                   CASE WHEN m.application_id IS NULL THEN '' ELSE m.ward_code END, m.is_entitled, m.left_out
              FROM renewal_member m
             WHERE m.renewal_id = %(id)s AND m.left_out IS NOT NULL AND m.id > %(after)s AND {_WARDS.format("m")}
               AND (%(reason)s::text IS NULL OR m.left_out = %(reason)s)
             ORDER BY m.id LIMIT %(limit)s""",
        {"id": renewal_id, "reason": reason, "wards": listed(wards), "limit": limit, "after": after},
    )
    return tuple(LeftOutRow._make((*row[:5], LeftOut(row[5]))) for row in rows)


def _refused_rows(
    renewal_id: int, *, wards: Collection[str] | None, limit: int, after: int
) -> tuple[RefusedRow, ...]:
    """Those whose renewal did not take effect, within wards, after a place."""
    rows = fetch(
        f"""SELECT o.id, o.child_id, m.application_id, m.ward_code, o.refusal FROM renewal_outcome o
              JOIN renewal_member m ON m.renewal_id = o.renewal_id AND m.child_id = o.child_id
             WHERE o.renewal_id = %(id)s AND o.refusal <> '' AND o.id > %(after)s AND {_WARDS.format("m")}
             ORDER BY o.id LIMIT %(limit)s""",
        {"id": renewal_id, "wards": listed(wards), "limit": limit, "after": after},
    )
    return tuple(RefusedRow(*row) for row in rows)


def _sample_rows(renewal_id: int, *, wards: Collection[str] | None) -> tuple[SortedRow, ...]:
    """A few of each list, drawn by the hash of the base, so that nobody chooses them and everybody sees the same."""
    rows = fetch(
        f"""SELECT {_COLUMNS} FROM (
                SELECT r.*, row_number() OVER (PARTITION BY r.sorted ORDER BY md5(w.base_hash || r.child_id)) AS drawn
                  FROM renewal_result r JOIN renewal_renewal w ON w.id = r.renewal_id
                 WHERE r.renewal_id = %(id)s AND {_WARDS.format("r")}) AS r
             WHERE drawn <= %(size)s ORDER BY r.sorted, r.id""",
        {"id": renewal_id, "wards": listed(wards), "size": SAMPLE_SIZE},
    )
    return tuple(map(_row, rows))


def _answers_of(child_ids: Collection[int], *, renewal_id: int) -> dict[int, Decision]:
    """The answers as the law gave them, by the place of the row; those the law broke on are left out."""
    rows = fetch(
        """SELECT id, content FROM renewal_result
            WHERE renewal_id = %(id)s AND child_id = ANY(%(ids)s) AND content <> ''""",
        {"id": renewal_id, "ids": list(child_ids)},
    )
    return {row[0]: decision_from_json(row[1]) for row in rows}


def found_rows(renewal_id: int, *, limit: int, after: int) -> tuple[cases.MismatchSeen, ...]:
    """The differences that the renewal's matching found, settled since or not, after an id."""
    return cases.mismatches_among(FOUND.format(int(renewal_id)), limit=limit, after=after)


def found_counts(renewal_id: int) -> tuple[cases.MismatchTotal, ...]:
    """How many they are, by kind; names nobody."""
    return cases.mismatch_counts_among(FOUND.format(int(renewal_id)))


def _row(row: tuple[Any, ...]) -> SortedRow:
    period = None if row[9] is None else Period(row[9], row[10])
    return SortedRow._make((*row[:5], Sorted(row[5]), *row[6:9], period))


def _children(rows: Collection[SortedRow | LeftOutRow | RefusedRow]) -> list[int]:
    return [row.child_id for row in rows]


sorted_rows = notes_found(_sorted_rows, what=SORTED, whose=_children)
left_out_rows = notes_found(_left_out_rows, what=LEFT_OUT, whose=_children)
refused_rows = notes_found(_refused_rows, what=REFUSED, whose=_children)
sample_rows = notes_found(_sample_rows, what=SAMPLE, whose=_children)
answers_of = notes_asked(_answers_of, what=ANSWER, whose=the_same)
