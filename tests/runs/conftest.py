"""Staff of the head office beside a small city, and a worker that takes up one run when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kyufu.audit.reading import READING
from kyufu.platform import clock
from kyufu.platform.access import ACCESS
from kyufu.runs import kinds
from kyufu.runs.kinds import RunContext
from kyufu.runs.worker import enlist, work_once
from kyufu.staff import api as staff
from kyufu.staff.api import Function, Rights
from tests.cases.world import World
from tests.web.town import HEAD, Town, build_town

TRIAL = "trial"


@dataclass
class Trial:
    """A kind of run whose work a test chooses."""

    work: Callable[[RunContext], Mapping[str, str]] = lambda _: {}
    seen: list[RunContext] = field(default_factory=list)

    def __call__(self, context: RunContext) -> Mapping[str, str]:
        self.seen.append(context)
        return self.work(context)


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Trial:
    """The kind `trial`, known for the length of the test."""
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    work = Trial()
    kinds.register_kind(TRIAL, title="試しの処理", function=Function.CASE, work=work, due=lambda: 3)
    return work


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city without anybody in it yet."""
    return World(tmp_path)


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Offices and two administrators of rights."""
    return build_town()


def rights_at(town: Town, *, role: str, office: str = HEAD) -> Rights:
    """The rights of somebody new of a role at an office."""
    account_id, _ = town.account(office=office)
    if role:
        town.grant(account_id, role=role, office=office)
    return staff.rights_of(account_id, on=town.today)


@pytest.fixture
def head(town: Town) -> Rights:
    """The rights of a member of staff at the head office."""
    return rights_at(town, role="head")


@pytest.fixture
def worker(town: Town) -> Iterator[Callable[[], bool]]:
    """Takes up the oldest run that waits, as the process of the worker does: nobody is acting before."""
    worker_id = enlist(at=clock.current_instant())

    def work() -> bool:
        access, reading = ACCESS.set(None), READING.set(None)
        try:
            return work_once(worker_id)
        finally:
            READING.reset(reading)
            ACCESS.reset(access)

    yield work
