"""Steer a renewal: its next step is asked of a worker, paused, taken up again, or given up with the run under way."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from kyufu.platform.errors import Refused
from kyufu.renewal.jobs import EFFECT, JUDGE, PRINT, RENEWAL
from kyufu.renewal.operations.planning import cancel_renewal
from kyufu.renewal.queries import find_renewal
from kyufu.renewal.states import RenewalState
from kyufu.runs import api as runs
from kyufu.staff.api import Rights

# Which run carries a renewal on from where it stands.
NEXT = MappingProxyType(
    {
        RenewalState.PLANNED: JUDGE,
        RenewalState.FROZEN: JUDGE,
        RenewalState.APPROVED: EFFECT,
        RenewalState.EFFECTING: EFFECT,
        RenewalState.EFFECTED: PRINT,
    }
)
NOTHING_RUNS = "この更新処理で実行中の処理はありません。"
SEE = "画面を開き直して、状態を確かめてください。"


def start_next(renewal_id: int, *, rights: Rights, at: datetime) -> int:
    """Ask for the run of the next step, or take up the one that ended early; gives the number of the run.

    Raises Refused where the next step is a person's (approval), or nothing is left to do.
    """
    state = find_renewal(renewal_id).state
    if state not in NEXT:
        told = "承認を待っています。" if state is RenewalState.JUDGED else "することは残っていません。"
        raise Refused(f"更新処理は「{state.label}」のため、{told}", remedy=SEE)
    former = run_of(renewal_id, at=at)
    if former is not None and former.kind == NEXT[state] and former.is_resumable:
        runs.resume_run(former.run_id, rights=rights, at=at)
        return former.run_id
    return runs.start_run(NEXT[state], arguments={RENEWAL: str(renewal_id)}, rights=rights, at=at)


def pause(renewal_id: int, *, rights: Rights, at: datetime) -> None:
    """Have the run under way stop after its block; what is done stays. Raises Refused where none is under way."""
    run = run_of(renewal_id, at=at)
    if run is None or not run.is_open:
        raise Refused(NOTHING_RUNS, remedy=SEE)
    runs.cancel_run(run.run_id, rights=rights, at=at)


def give_up(renewal_id: int, *, why: str, rights: Rights, at: datetime) -> None:
    """Give a renewal up before it takes effect, and stop the run under way; raises as `cancel_renewal`."""
    cancel_renewal(renewal_id, why=why, rights=rights, at=at)
    run = run_of(renewal_id, at=at)
    if run is not None and run.is_open:
        runs.cancel_run(run.run_id, rights=rights, at=at)


def run_of(renewal_id: int, *, at: datetime) -> runs.RunSeen | None:
    """The latest run that carried a renewal; None where none did."""
    found = [
        run
        for kind in (JUDGE, EFFECT, PRINT)
        if (run := runs.latest_run(kind, argument=(RENEWAL, str(renewal_id)), at=at)) is not None
    ]
    return max(found, key=lambda run: run.run_id, default=None)
