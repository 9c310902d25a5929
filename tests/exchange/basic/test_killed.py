"""A delivery killed at any place leaves whole pieces, and the next one ends with the same files and ledger."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from kyufu.exchange.basic.api import Mode, deliveries
from tests.exchange.basic.parts import allow, asked, hand_over, read_delivered
from tests.registry.persons import Register, fetch, resident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("system")]
ROOT = Path(__file__).resolve().parents[3]
TOLD = "SELECT count(*) FROM exchange_basic_told"


@pytest.fixture(autouse=True)
def _allowed(register: Register, system: str) -> None:
    """Three persons, of whom a system may have two items."""
    register.send([resident(number) for number in (1, 2, 3)], mode="FULL")
    allow(asked("atenabango", "shimei"))


def kill(stop: str, *, var: Path) -> None:
    """Run a delivery in a process of its own that is killed at the place."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.exchange.basic.killed_delivery", stop,
         str(connection.settings_dict["NAME"]), str(var)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr


def published(var: Path) -> list[str]:
    """The names of the files that are in their place."""
    return sorted(path.name for path in var.rglob("*.csv"))


@pytest.mark.parametrize("stop", ["writing", "ledger"])
def test_before_the_ledger_nothing_was_delivered(stop: str, var: Path) -> None:
    kill(stop, var=var)
    assert (deliveries(), published(var), fetch(TOLD)) == ((), [], [(0,)])
    made = hand_over()
    assert made is not None
    assert (made.seq, made.told) == (1, 3)
    assert published(var) == [made.path.name]
    assert len([path for path in var.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("stop", ["publishing", "renamed"])
def test_after_the_ledger_it_was_delivered_once(stop: str, var: Path) -> None:
    kill(stop, var=var)
    (made,) = deliveries()
    assert fetch(TOLD) == [(3,)]
    assert hand_over(Mode.DIFF) is None
    assert published(var) == [made.path.name]
    assert len(read_delivered(made.path).rows) == 3
    ((persons,),) = fetch(
        "SELECT sum(cardinality(subjects)) FROM audit_read WHERE actor_id = 'S0001' "
        "AND reference = '00000000-0000-0000-0000-000000000007' AND at > now() - interval '1 minute'"
    )
    assert persons >= 3
    following = hand_over()
    assert following is not None
    assert following.seq == 2
