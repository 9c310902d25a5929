"""Keep what an estimate of effects found (影響試算): begun, and once more when it is done or failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from kyufu.law.calendar.wareki import format_wareki
from kyufu.ordinance.changes import ChangeSet, refuse_misfit
from kyufu.ordinance.models import DONE, FAILED, RUNNING, Estimate
from kyufu.platform.errors import BadInput, Refused


class Found(NamedTuple):
    """What an estimate found: who was judged (hash), the counts, and the applications that gain and lose."""

    base_hash: str
    counts: Mapping[str, Any]
    gaining: Sequence[int]
    losing: Sequence[int]


@transaction.atomic
def begin_estimate(change_set: ChangeSet, *, on: date, at: datetime) -> int:
    """Record that an estimate for a day began.

    Raises BadInput for a day on which none of its changes holds, Refused where it no longer fits.
    """
    check_estimable(change_set, on=on)
    row = Estimate.objects.create(
        proposal_id=change_set.proposed.proposal_id, state=RUNNING, judged_on=on,
        version_before=change_set.version_before, version_after=change_set.version_after, begun_at=at,
    )  # fmt: skip
    return int(row.pk)


def check_estimable(change_set: ChangeSet, *, on: date) -> None:
    """Raise Refused where the change fits no more, BadInput for a day on which none of its changes holds.

    On such a day an estimate would say that nobody is touched.
    """
    refuse_misfit(change_set)
    if change_set.in_force_on(on):
        return
    first = min(change.period.start for change in change_set.changes)
    remedy = f"{format_wareki(first)}（{first.year}年）以後の、変更が適用される日を基準日にしてください。"
    if on < first:
        raise BadInput("試算の基準日が、変更の始まる日より前です。", remedy=remedy)
    raise BadInput("試算の基準日には、どの変更も適用されません。", remedy=remedy)


@transaction.atomic
def end_estimate(estimate_id: int, *, found: Found, at: datetime) -> None:
    """Keep what an estimate found; raises Refused where it has ended already."""
    columns = {
        "state": DONE, "ended_at": at, "base_hash": found.base_hash, "counts": dict(found.counts),
        "gaining": list(found.gaining), "losing": list(found.losing),
    }  # fmt: skip
    _end(estimate_id, columns=columns)


@transaction.atomic
def fail_estimate(estimate_id: int, *, at: datetime) -> None:
    """Record that an estimate came to no end."""
    _end(estimate_id, columns={"state": FAILED, "ended_at": at})


def _end(estimate_id: int, *, columns: Mapping[str, Any]) -> None:
    if not Estimate.objects.filter(pk=estimate_id, state=RUNNING).update(**columns):
        raise Refused("この試算はもう終わっています。", remedy="画面を開き直してください。")
