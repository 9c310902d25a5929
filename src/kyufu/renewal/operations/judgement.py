"""Judge a renewal to its end: freeze its base where it is not frozen yet, judge what is left, close the count.

Then everybody entitled in the base is matched with the register, so that the guardians are urged to report.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from kyufu.cases import api as cases
from kyufu.law.parameters.overlay import Overlay
from kyufu.platform.actors import Actor
from kyufu.platform.db import copy_rows
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import move
from kyufu.renewal.early import date_losses
from kyufu.renewal.expectation import compare_with_expectation
from kyufu.renewal.judging import judge_blocks
from kyufu.renewal.models import Block, Renewal
from kyufu.renewal.operations.planning import freeze_renewal, locked, refuse_other_parameters, refuse_unless
from kyufu.renewal.queries import fetch
from kyufu.renewal.replaying import find_differences
from kyufu.renewal.states import RENEWALS, RenewalKind, RenewalState

# For so few the start of the processes would take longer than the judging.
FEW = 1_000
Report = Callable[[int, int], None]
# Of these everybody entitled is in the base; a replay and a change ask about the past or about few.
MATCHING = frozenset({RenewalKind.YEARLY, RenewalKind.MONTHLY, RenewalKind.AGE})
ENTITLED = "SELECT child_id FROM renewal_member WHERE renewal_id = {} AND is_entitled"
NOT_EVERYONE = "判定の結果が、確定した対象者の人数と合いません。"


def judge_renewal(renewal_id: int, *, by: Actor, at: datetime, report: Report) -> None:
    """Freeze and judge a renewal; what an earlier attempt has judged stays.

    Raises Refused where it is past judgement, or where the parameters changed after the freezing.
    """
    renewal = freeze_renewal(renewal_id, by=by, at=at)
    overlay = refuse_other_parameters(renewal)
    total = renewal.in_count or 0
    done = sum(
        Block.objects.filter(renewal=renewal, judged_at__isnull=False).values_list("members", flat=True)
    )
    report(done, total)
    if done < total:
        with cases.judging_pool() if total > FEW else cases.judging_here() as pool:
            for members in judge_blocks(renewal, overlay=overlay, pool=pool, at=at):
                done += members
                report(done, total)
    _end(renewal_id, overlay=overlay, by=by, at=at)


@transaction.atomic
def _end(renewal_id: int, *, overlay: Overlay, by: Actor, at: datetime) -> None:
    """Close the judgement: everybody in the run has an answer."""
    row = locked(renewal_id)
    refuse_unless(row, state=RenewalState.FROZEN)
    answered = fetch(
        "SELECT count(DISTINCT child_id) FROM renewal_result WHERE renewal_id = %(id)s", {"id": row.pk}
    )[0][0]
    if row.kind != RenewalKind.REPLAY and answered != row.in_count:
        raise Refused(NOT_EVERYONE, remedy="システムの担当へ連絡してください。")
    matched = _match(row, by=by, at=at)
    if row.kind == RenewalKind.REPLAY:
        find_differences(row)
    date_losses(row, overlay=overlay)
    compare_with_expectation(row, overlay=overlay)
    move(
        RENEWALS, subject_id=row.pk, from_state=row.state, to_state=RenewalState.JUDGED, by=by, at=at,
        why=f"判定（{answered:,}人）{matched}",
    )  # fmt: skip


def _match(row: Renewal, *, by: Actor, at: datetime) -> str:
    """Match the entitled of the base with register and evidence and note what differs; what that came to, in words."""
    if row.kind not in MATCHING or row.is_trial:
        return ""
    found = cases.match_with_register(by=by, at=at, among=ENTITLED.format(int(row.pk)))
    Renewal.objects.filter(pk=row.pk).update(matched_count=found.compared)
    copy_rows(
        table="renewal_found",
        columns=("renewal_id", "child_id", "mismatch_id"),
        rows=((row.pk, child_id, mismatch_id) for mismatch_id, child_id in found.open_ones),
    )
    return f"・突合（{found.compared:,}人、食い違い{len(found.open_ones):,}件）"
