"""What a run can become: it waits, a worker carries it, and it ends; what ended early can be taken up again."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from kyufu.platform.transitions import Machine


class RunState(StrEnum):
    """Where a run (一括処理) stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The Japanese word for a list."""
        return _LABELS[self]


_S = RunState
_LABELS = MappingProxyType(
    {
        _S.WAITING: "順番待ち",
        _S.RUNNING: "実行中",
        _S.DONE: "完了",
        _S.FAILED: "停止（失敗）",
        _S.CANCELLED: "中止",
    }
)
# A run that ended early waits again when somebody resumes it; a worker that is stopped hands its run back.
PAIRS = MappingProxyType(
    {
        _S.WAITING: frozenset({_S.RUNNING, _S.CANCELLED}),
        _S.RUNNING: frozenset({_S.DONE, _S.FAILED, _S.CANCELLED}),
        _S.DONE: frozenset[RunState](),
        _S.FAILED: frozenset({_S.WAITING}),
        _S.CANCELLED: frozenset({_S.WAITING}),
    }
)
OPEN_STATES = frozenset({_S.WAITING, _S.RUNNING})
RESUMABLE = frozenset({_S.FAILED, _S.CANCELLED})
RUNS = Machine(
    subject_table="runs_run",
    history_table="runs_run_transition",
    start=frozenset({str(_S.WAITING)}),
    pairs={str(state): frozenset(map(str, after)) for state, after in PAIRS.items()},
)
