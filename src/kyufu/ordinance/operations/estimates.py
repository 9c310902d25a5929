"""Keep what an estimate of effects found (影響試算): begun, and once more when it is done or failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from kyufu.ordinance.changes import ChangeSet
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
    """Record that an estimate for a day began; raises BadInput for a day before the change holds."""
    first = min(change.period.start for change in change_set.changes)
    if on < first:
        raise BadInput(
            "試算の基準日が、変更の始まる日より前です。",
            remedy=f"{first:%Y-%m-%d} 以後の日を基準日にしてください。",
        )
    row = Estimate.objects.create(
        proposal_id=change_set.proposed.proposal_id, state=RUNNING, judged_on=on,
        version_before=change_set.version_before, version_after=change_set.version_after, begun_at=at,
    )  # fmt: skip
    return int(row.pk)


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
