"""Writes of runs by staff: start, cancel and resume."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.platform.transitions import begin, move
from kyufu.runs.kinds import kind_of
from kyufu.runs.lost import end_lost
from kyufu.runs.models import Run
from kyufu.runs.rights import may_handle, require_kind
from kyufu.runs.states import RESUMABLE, RUNS, RunState
from kyufu.staff.api import Function, Level, Rights

ONE_AT_A_TIME = "同じ種類の一括処理が、すでに順番待ちか実行中です。"
SEE_THE_OTHER = "一括処理の一覧から、その処理の進み具合を確かめてください。"


def start_run(code: str, *, arguments: Mapping[str, str], rights: Rights, at: datetime) -> int:
    """Ask for a run of a kind; a worker takes it up. Returns its id.

    Raises Forbidden without the right of the kind, Refused while another of the kind waits or runs.
    """
    kind = kind_of(code)
    require_kind(kind, rights=rights)
    by = rights.actor()
    try:
        with transaction.atomic():
            run = Run.objects.create(
                kind=code, arguments=dict(arguments), account_id=rights.account_id, asked_by=by.staff_id,
                asked_by_name=by.name, asked_by_office=by.office, asked_at=at, state=RunState.WAITING,
            )  # fmt: skip
            begin(RUNS, subject_id=run.pk, state=RunState.WAITING, by=by, at=at, why=f"{kind.title}の開始")
    except IntegrityError:
        raise Refused(ONE_AT_A_TIME, remedy=SEE_THE_OTHER) from None
    return int(run.pk)


@transaction.atomic
def cancel_run(run_id: int, *, rights: Rights, at: datetime) -> bool:
    """Cancel a run: one that waits at once, one that runs at its next report. True where it is cancelled already.

    Raises Forbidden without the right of the kind or that of operations, Refused where the run has ended.
    """
    run = _locked(run_id, rights=rights)
    by = rights.actor()
    if run.state == RunState.WAITING:
        _move(run, to=RunState.CANCELLED, by=by, at=at, why="開始前の中止")
        return True
    if run.state != RunState.RUNNING:
        raise Refused("この一括処理は終わっています。", remedy="画面を開き直して、結果を確かめてください。")
    Run.objects.filter(pk=run_id, cancel_asked_at=None).update(cancel_asked_at=at)
    return False


def resume_run(run_id: int, *, rights: Rights, at: datetime) -> None:
    """Let a run that ended early wait again, on the responsibility of whoever resumes it.

    What was done stays done: the work goes on from what is left. A run whose worker died is ended first. Whoever
    holds the right of operations alone puts it back into the queue for the one who asked for it. Raises Forbidden
    without either right, Refused where it cannot be resumed or another of the kind is open.
    """
    end_lost(at=at)
    try:
        with transaction.atomic():
            run = _locked(run_id, rights=rights)
            if run.state not in RESUMABLE:
                raise Refused(
                    "この一括処理は、いまは再開できません。",
                    remedy="画面を開き直して、状態を確かめてください。",
                )
            by = rights.actor()
            if may_handle(run.kind, rights=rights):
                Run.objects.filter(pk=run_id).update(
                    account_id=rights.account_id, asked_by=by.staff_id, asked_by_name=by.name,
                    asked_by_office=by.office, asked_at=at,
                )  # fmt: skip
            _move(run, to=RunState.WAITING, by=by, at=at, why="再開")
    except IntegrityError:
        raise Refused(ONE_AT_A_TIME, remedy=SEE_THE_OTHER) from None


def _locked(run_id: int, *, rights: Rights) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise Refused("その一括処理はありません。", remedy="一覧から選び直してください。")
    if not rights.may(Function.OPERATIONS, level=Level.UPDATE):
        require_kind(kind_of(run.kind), rights=rights)
    return run


def _move(run: Run, *, to: RunState, by: Actor, at: datetime, why: str) -> None:
    move(RUNS, subject_id=run.pk, from_state=run.state, to_state=to, by=by, at=at, why=why)
