"""What the bench of the log does with pages: both ways in turns, on the same page, and a limit on each kind."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

import kyufu.web.screens
from bench.audit import figures_of
from bench.audit_pages import Served, nothing_recorded, time_both_ways
from bench.web import Clerk
from kyufu.audit import api as audit
from kyufu.platform.access import ACCESS
from tests.conftest import TESTER


@dataclass
class Slow(Clerk):
    """A clerk whose pages take 30 ms with the log and 20 ms without."""

    port: int = 0
    staff_no: str = "B00002"
    status: int = 200
    asked: list[tuple[str, bool]] = field(default_factory=list)

    def ask(self, path: str, *, form: dict[str, str] | None = None) -> tuple[int, str, float]:
        """Note whether the log is kept meanwhile."""
        assert form is None
        logged = kyufu.web.screens.acting is audit.acting
        self.asked.append((path, logged))
        return self.status, f"{len(self.asked)}", 30.0 if logged else 20.0


def test_a_page_is_asked_for_both_ways_and_the_first_way_changes() -> None:
    page, clerk = Served("page", "個人の画面"), Slow()
    for _ in range(4):
        time_both_ways(page, clerk=clerk, path="/people/x/")
    assert {path for path, _ in clerk.asked} == {"/people/x/"}
    ways = [logged for _, logged in clerk.asked]
    assert ways == [True, False, False, True, True, False, False, True]
    assert (page.count, round(page.logged, 3), round(page.plain, 3)) == (4, 0.12, 0.08)


def test_a_page_that_is_refused_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="page answered 403"):
        time_both_ways(Served("page", "個人の画面"), clerk=Slow(status=403), path="/people/x/")


def test_the_limit_is_on_the_page_with_its_log_beside_the_page_without() -> None:
    ratio, cost = figures_of(Served("page", "個人の画面", count=4, logged=0.12, plain=0.08))
    assert (ratio.name, round(ratio.value, 2), ratio.is_met) == ("audit.page", 1.5, False)
    assert (cost.name, round(cost.value, 1), cost.limit) == ("audit.page_log_ms", 10.0, None)
    within, _ = figures_of(Served("page", "個人の画面", count=4, logged=0.092, plain=0.08))
    assert within.is_met


def test_without_the_log_somebody_reads_all_the_same_and_nobody_afterwards() -> None:
    before = ACCESS.get()
    with nothing_recorded(), kyufu.web.screens.acting(TESTER):
        assert ACCESS.get() is TESTER
    assert ACCESS.get() is before
    assert kyufu.web.screens.acting is audit.acting
