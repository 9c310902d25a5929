"""Approve what a replay found in favour of children, as the second person: each gets a letter of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.law.child.differing import Effect
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move
from kyufu.renewal.models import Renewal
from kyufu.renewal.operations.planning import locked, refuse_unless
from kyufu.renewal.queries import digest_of, fetch
from kyufu.renewal.rights import require_head
from kyufu.renewal.states import RENEWALS, RenewalKind, RenewalState
from kyufu.staff.api import Function, Level, Rights, refuse_same_person

SAME_PERSON = "再点検を始めた職員は、その結果のお知らせを承認できません。"
_OWED = """
SELECT child_id, application_id, replayed_id, since, until, was_class, now_class FROM renewal_difference
 WHERE renewal_id = %(id)s AND effect = %(owed)s ORDER BY child_id, since, replayed_id
"""


@transaction.atomic
def approve_corrections(renewal_id: int, *, seen: str, rights: Rights, at: datetime) -> int:
    """Approve the letters about what a replay found to be owed, as the second person, and end it; gives how many.

    No entitlement changes: the letter tells how to claim. Raises Forbidden without the right of approval at the head
    office, SamePerson for whoever began it, Refused where it is no replay, not judged, not what was seen, or where
    nothing is owed.
    """
    require_head(rights, function=Function.APPROVAL, level=Level.UPDATE)
    row, by = locked(renewal_id), rights.actor()
    if row.kind != RenewalKind.REPLAY:
        raise Refused("再点検ではない更新処理です。", remedy="「この結果を承認する」から承認してください。")
    refuse_unless(row, state=RenewalState.JUDGED)
    refuse_same_person(first=row.planned_by, second=by.staff_id, message=SAME_PERSON)
    if seen != digest_of(row.pk):
        raise Refused(
            "見ていた内容と違っています。", remedy="画面を開き直し、一覧を確かめてから承認してください。"
        )
    found = _owed(row.pk)
    if not found:
        raise Refused("追加で助成すべき児童はいません。", remedy="立案した職員が「終える」を押してください。")
    count = cases.record_corrections(found, source=row.pk, found_by=row.planned_by, by=by, at=at)
    Renewal.objects.filter(pk=row.pk).update(
        approved_by=by.staff_id, approved_by_name=by.name, approved_by_office=by.office, approved_at=at
    )
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.DONE, by=by, at=at,
        why=f"訂正のお知らせの承認（{count:,}人）。資格は変えていない",
    )  # fmt: skip
    return count


def _owed(renewal_id: int) -> list[cases.Corrected]:
    """What is owed, gathered for each child: one letter, whatever the number of decisions."""
    found: dict[int, cases.Corrected] = {}
    for child_id, application_id, decision_id, since, until, was_class, now_class in fetch(
        _OWED, {"id": renewal_id, "owed": str(Effect.OWED)}
    ):
        day = cases.CorrectedDays(Period(since, until), was_class, now_class)
        first = found.get(child_id) or cases.Corrected(child_id, application_id, decision_id, ())
        found[child_id] = first._replace(days=(*first.days, day))
    return list(found.values())
