"""What other modules may use of runs: register a kind, start one, and see how far it is.

A kind is registered when the application is loaded (in the `ready` of an app): `register_kind("effects", title=...,
function=Function.PARAMETERS, work=work)`, where `work(context)` calls `context.report(done, total)` between blocks
and returns labelled counts for the page of the run.
"""

from __future__ import annotations

from kyufu.runs.carrying import RunCancelled
from kyufu.runs.jobs import ESTIMATE
from kyufu.runs.kinds import RunContext, RunKind, Undone, all_kinds, kind_of, register_kind
from kyufu.runs.operations import cancel_run, resume_run, start_run
from kyufu.runs.periodic import register_periodic
from kyufu.runs.queries import (
    RunSeen,
    RunStep,
    WorkerSeen,
    find_run,
    is_attended,
    latest_run,
    latest_runs,
    run_counts,
    steps_of,
    undone_of,
    workers,
)
from kyufu.runs.rights import may_handle
from kyufu.runs.states import RunState
from kyufu.runs.worker import work_until

__all__ = [
    "ESTIMATE",
    "RunCancelled",
    "RunContext",
    "RunKind",
    "RunSeen",
    "RunState",
    "RunStep",
    "Undone",
    "WorkerSeen",
    "all_kinds",
    "cancel_run",
    "find_run",
    "is_attended",
    "kind_of",
    "latest_run",
    "latest_runs",
    "may_handle",
    "register_kind",
    "register_periodic",
    "resume_run",
    "run_counts",
    "start_run",
    "steps_of",
    "undone_of",
    "work_until",
    "workers",
]
