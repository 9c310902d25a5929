"""What other modules may use of renewals: plan one, approve it, see its counts and worklists.

The work itself is carried by `kyufu.runs`: `start_run(JUDGE | EFFECT | PRINT, arguments={RENEWAL: number}, ...)`.
"""

from __future__ import annotations

from kyufu.renewal.calendar import Day, Rule, due_days, next_day
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
from kyufu.renewal.operations.scheduling import confirm_schedule, end_schedule, propose_schedule
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
from kyufu.renewal.schedule import (
    OccasionSeen,
    ScheduleSeen,
    keep_schedule,
    occasions,
    schedules,
    usual_rules,
)
from kyufu.renewal.sorting import Next, next_of
from kyufu.renewal.states import (
    BASE,
    PLANNABLE,
    REFUSALS,
    LeftOut,
    Measure,
    RenewalKind,
    RenewalState,
    ScheduleState,
    Sorted,
)
from kyufu.renewal.steering import give_up, pause, run_of, start_next

__all__ = [
    "BASE",
    "EFFECT",
    "JUDGE",
    "PLANNABLE",
    "PRINT",
    "REFUSALS",
    "RENEWAL",
    "Day",
    "ExpectationSeen",
    "LeftOut",
    "LeftOutCount",
    "LeftOutRow",
    "Measure",
    "Next",
    "OccasionSeen",
    "Plan",
    "RefusedRow",
    "RenewalKind",
    "RenewalSeen",
    "RenewalState",
    "RenewalStep",
    "Rule",
    "ScheduleSeen",
    "ScheduleState",
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
    "confirm_schedule",
    "counts_by_reason",
    "digest_of",
    "due_days",
    "effect_blocks",
    "end_effect",
    "end_schedule",
    "expectations_of",
    "find_renewal",
    "former_of",
    "freeze_renewal",
    "give_up",
    "is_outside",
    "judge_renewal",
    "keep_schedule",
    "latest_renewals",
    "left_out_counts",
    "left_out_rows",
    "may_head",
    "next_day",
    "next_of",
    "occasions",
    "pause",
    "plan_renewal",
    "print_renewal",
    "propose_schedule",
    "refusal_counts",
    "refused_rows",
    "run_of",
    "sample_rows",
    "schedules",
    "sorted_counts",
    "sorted_rows",
    "start_next",
    "steps_of",
    "ties_of",
    "usual_rules",
    "ward_counts",
]
