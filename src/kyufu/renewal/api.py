"""What other modules may use of renewals: plan one, approve it, see its counts and worklists.

The work itself is carried by `kyufu.runs`: `start_run(JUDGE | EFFECT | PRINT, arguments={RENEWAL: number}, ...)`.
"""

from __future__ import annotations

from kyufu.renewal.expectation import ExpectationSeen, expectations_of, is_outside
from kyufu.renewal.jobs import EFFECT, JUDGE, PRINT, RENEWAL
from kyufu.renewal.lists import (
    LeftOutRow,
    RefusedRow,
    SortedRow,
    answers_of,
    left_out_rows,
    refused_rows,
    sample_rows,
    sorted_rows,
)
from kyufu.renewal.operations.effect import begin_effect, effect_blocks, end_effect
from kyufu.renewal.operations.judgement import judge_renewal
from kyufu.renewal.operations.planning import (
    Plan,
    approve_renewal,
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
from kyufu.renewal.states import BASE, REFUSALS, LeftOut, Measure, RenewalKind, RenewalState, Sorted
from kyufu.renewal.steering import give_up, pause, run_of, start_next

__all__ = [
    "BASE",
    "EFFECT",
    "JUDGE",
    "PRINT",
    "REFUSALS",
    "RENEWAL",
    "ExpectationSeen",
    "LeftOut",
    "LeftOutCount",
    "LeftOutRow",
    "Measure",
    "Next",
    "Plan",
    "RefusedRow",
    "RenewalKind",
    "RenewalSeen",
    "RenewalState",
    "RenewalStep",
    "Sorted",
    "SortedCount",
    "SortedRow",
    "SortedTotal",
    "TieSeen",
    "WardCount",
    "accounts_of",
    "answers_of",
    "approve_renewal",
    "begin_effect",
    "close_trial",
    "counts_by_reason",
    "digest_of",
    "effect_blocks",
    "end_effect",
    "expectations_of",
    "find_renewal",
    "former_of",
    "freeze_renewal",
    "give_up",
    "is_outside",
    "judge_renewal",
    "latest_renewals",
    "left_out_counts",
    "left_out_rows",
    "may_head",
    "next_of",
    "pause",
    "plan_renewal",
    "print_renewal",
    "refusal_counts",
    "refused_rows",
    "run_of",
    "sample_rows",
    "sorted_counts",
    "sorted_rows",
    "start_next",
    "steps_of",
    "ties_of",
    "ward_counts",
]
