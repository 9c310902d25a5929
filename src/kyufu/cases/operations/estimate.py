"""Run the estimate of what a proposed change of parameters would do (影響試算), and keep what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from kyufu.cases.blocks import Report
from kyufu.cases.effect import MOVE_LABELS, Effect, estimate_effect
from kyufu.ordinance import api as ordinance
from kyufu.platform import clock
from kyufu.platform.errors import Refused

ON = "on"


class WorkContext(Protocol):
    """What a run in the background is given: its arguments, and where to report how far it is."""

    @property
    def arguments(self) -> Mapping[str, str]: ...
    @property
    def report(self) -> Callable[[int, int], None]: ...
    def day(self, name: str, /) -> date: ...


def estimate_change(proposal_id: int, *, on: date, report: Report) -> Effect:
    """Estimate the effect of a waiting change for a day, over the whole register, and keep counts and cases.

    Raises Refused where the proposal no longer waits, BadInput for a day before the change holds. An estimate that
    breaks off is kept as failed.
    """
    found = ordinance.find_change_set(proposal_id, at=clock.current_instant())
    if found is None:
        raise Refused(
            "確認を待っている基準値の変更ではありません。",
            remedy="「基準値の変更」の一覧の番号を確かめてください。",
        )
    estimate_id = ordinance.begin_estimate(found, on=on, at=clock.current_instant())
    try:
        effect = estimate_effect(
            found.before, after=found.after, municipality=found.municipality, on=on,
            today=clock.current_date_in_japan(), report=report,
        )  # fmt: skip
    except BaseException:
        ordinance.fail_estimate(estimate_id, at=clock.current_instant())
        raise
    kept = ordinance.Found(effect.base_hash, effect.counts, effect.gaining, effect.losing)
    ordinance.end_estimate(estimate_id, found=kept, at=clock.current_instant())
    return effect


def work_estimate(context: WorkContext) -> Mapping[str, str]:
    """The same as the work of a run: `proposal` (id) and `on` (YYYY-MM-DD) are its arguments; labelled counts."""
    effect = estimate_change(
        int(context.arguments[ordinance.PROPOSAL]), on=context.day(ON), report=context.report
    )
    moved = effect.moves()
    return {
        "試算した児童": f"{sum(effect.base.values()):,}人",
        **{label: f"{moved[move]:,}人" for move, label in MOVE_LABELS.items() if move in moved},
    }
