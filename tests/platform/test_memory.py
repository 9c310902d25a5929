"""Cycles are looked for seldom in a bulk run, and as usual afterwards, whatever became of the run."""

from __future__ import annotations

import gc
import multiprocessing
import weakref
from concurrent.futures import ProcessPoolExecutor

import pytest

from kyufu.platform.memory import SELDOM, collect_seldom, collecting_seldom


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_cycles_are_looked_for_seldom_and_as_usual_afterwards() -> None:
    before = gc.get_threshold()
    with collecting_seldom():
        assert gc.get_threshold() == SELDOM
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_an_error_of_the_run_does_not_leave_it_seldom() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), collecting_seldom():
        _ = 1 // 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_a_cycle_made_meanwhile_goes_by_itself_when_enough_was_made() -> None:
    with collecting_seldom():
        knot = weakref.ref(Knot())
        assert knot() is not None
        kept = [[] for _ in range(SELDOM[0] + 1_000)]
        assert knot() is None
    assert len(kept) > SELDOM[0]


def _thresholds() -> tuple[tuple[int, int, int], int]:
    return gc.get_threshold(), gc.get_freeze_count()


def test_a_worker_looks_seldom_to_its_end() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=collect_seldom) as pool:
        threshold, frozen = pool.submit(_thresholds).result()
    assert threshold == SELDOM
    assert frozen > 1_000
