"""What other modules may use of renewals: plan one, approve it, see its counts and worklists.

The work itself is carried by `kyufu.runs`: `start_run(JUDGE | EFFECT | PRINT, arguments={RENEWAL: number}, ...)`.
"""

from __future__ import annotations

from kyufu.renewal.jobs import EFFECT, JUDGE, PRINT, RENEWAL
from kyufu.renewal.operations.effect import begin_effect, effect_blocks, end_effect
from kyufu.renewal.operations.judgement import judge_renewal
from kyufu.renewal.operations.planning import (
    Plan,
    approve_renewal,
    cancel_renewal,
    close_trial,
    freeze_renewal,
    plan_renewal,
)
from kyufu.renewal.operations.printing import accounts_of, print_renewal
from kyufu.renewal.queries import (
    LeftOutCount,
    RenewalSeen,
    RenewalStep,
    SortedCount,
    SortedTotal,
    TieSeen,
    WardCount,
    counts_by_reason,
    digest_of,
    find_renewal,
    former_of,
    latest_renewals,
    left_out_counts,
    refusal_counts,
    sorted_counts,
    steps_of,
    ties_of,
    ward_counts,
)
from kyufu.renewal.rights import may_head
from kyufu.renewal.sorting import Next, next_of
from kyufu.renewal.states import BASE, LeftOut, RenewalKind, RenewalState, Sorted

__all__ = [
    "BASE",
    "EFFECT",
    "JUDGE",
    "PRINT",
    "RENEWAL",
    "LeftOut",
    "LeftOutCount",
    "Next",
    "Plan",
    "RenewalKind",
    "RenewalSeen",
    "RenewalState",
    "RenewalStep",
    "Sorted",
    "SortedCount",
    "SortedTotal",
    "TieSeen",
    "WardCount",
    "accounts_of",
    "approve_renewal",
    "begin_effect",
    "cancel_renewal",
    "close_trial",
    "counts_by_reason",
    "digest_of",
    "effect_blocks",
    "end_effect",
    "find_renewal",
    "former_of",
    "freeze_renewal",
    "judge_renewal",
    "latest_renewals",
    "left_out_counts",
    "may_head",
    "next_of",
    "plan_renewal",
    "print_renewal",
    "refusal_counts",
    "sorted_counts",
    "steps_of",
    "ties_of",
    "ward_counts",
]
