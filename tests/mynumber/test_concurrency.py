"""Many at once: exchange of keys under load, the same number from two counters, a drain that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from kyufu.audit.api import acting
from kyufu.mynumber import api as mynumber
from kyufu.mynumber import rotation
from kyufu.mynumber.api import DoubleRegistration
from kyufu.platform.access import Opening
from tests.mynumber.people import AT, CLERK, SECOND, access, drain, log, look, pair, post, register, send
from tests.registry.persons import addressee_no, my_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


class Crowd:
    """Threads that do a thing over and over until they are told to stop, and the first thing that went wrong."""

    def __init__(self) -> None:
        self.over, self.wrong, self.threads = (
            threading.Event(),
            list[BaseException](),
            list[threading.Thread](),
        )

    def run(self, act: Callable[[int], None], *, times: int | None = None) -> None:
        """Have a thread call the act with 0, 1, 2 ... until the end, or as often as said."""

        def work() -> None:
            count = 0
            try:
                while not self.over.is_set() and (times is None or count < times):
                    act(count)
                    count += 1
            except BaseException as error:  # noqa: BLE001 - the test says what went wrong
                self.wrong.append(error)
            finally:
                connections.close_all()

        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def end(self) -> None:
        """Stop everybody and say what went wrong."""
        self.over.set()
        for thread in self.threads:
            thread.join(60)
        if self.wrong:
            raise self.wrong[0]


def shown(number: int) -> str:
    """The number of a person as an authorised clerk gets it."""
    with acting(access(Opening.NUMBER_DISPLAY)):
        return mynumber.disclose_number(
            addressee_no=addressee_no(number), subject=number, reason="本人確認"
        ).reveal()


def test_keys_are_exchanged_under_load_and_nothing_is_lost_or_wrong(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BLOCK", 40)
    send(*(pair(number) for number in range(1, 301)))
    registered: list[int] = []

    def take_in(count: int) -> None:
        with acting(access()):
            # Far enough from the last one that no limit of entries is met.
            register(1_000 + count, at=AT + timedelta(minutes=8 * count))
            registered.append(1_000 + count)

    def feed(count: int) -> None:
        post(*(pair(10_000 + 5 * count + one) for one in range(5)))
        drain()

    def ask(count: int) -> None:
        number = 1 + count * 37 % 300
        assert shown(number) == my_number(number)

    crowd = Crowd()
    for act in (take_in, feed, ask, ask):
        crowd.run(act)
    try:
        for _ in range(4):
            mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=lambda _: time.sleep(0.01))
    finally:
        crowd.end()
    assert len(registered) > 5
    assert all(shown(number) == my_number(number) for number in registered)
    assert look("SELECT count(DISTINCT key_id) FROM mynumber_number") == [(1,)]
    states = look(
        "SELECT state, count(*) FROM mynumber_key WHERE purpose = 'data' GROUP BY state ORDER BY state"
    )
    assert states == [("active", 1), ("destroyed", 4)]
    people = look("SELECT count(*), count(DISTINCT unified_no) FROM mynumber_person")[0]
    assert people[0] == people[1] == look("SELECT count(*) FROM mynumber_number")[0][0]


def test_one_number_at_two_counters_is_registered_once(vault: Path) -> None:
    refused: list[BaseException] = []
    ready = threading.Barrier(6)

    def compete(who: int) -> Callable[[int], None]:
        def act(_: int) -> None:
            ready.wait(10)
            try:
                with acting(access()):
                    register(who, with_number=1)
            except DoubleRegistration as error:
                refused.append(error)

        return act

    crowd = Crowd()
    for who in range(1, 7):
        crowd.run(compete(who), times=1)
    for thread in crowd.threads:
        thread.join(60)
    crowd.end()
    assert len(refused) == 5
    assert look("SELECT count(*) FROM mynumber_number") == [(1,)]


CHILD = """
import os, sys
from datetime import UTC, datetime
import django
from django.conf import settings
django.setup()
from django.db import connections
for alias in connections:
    connections[alias].settings_dict["NAME"] = sys.argv[1]
# In the tests' database the owner stands in for the ordinary account.
connections["default"].settings_dict["USER"] = connections["owner"].settings_dict["USER"]
with connections["default"].cursor() as cursor:
    cursor.execute("SELECT set_config('search_path', %s, false)", [sys.argv[2]])
from kyufu.mynumber import drain
from kyufu.platform.actors import Actor
taken = drain.take_pairs
count = 0
def slow(pairs, **rest):
    global count
    result = taken(pairs, **rest)
    count += 1
    if count == 3:
        print("now", flush=True)
        sys.stdin.read()
    return result
drain.take_pairs = slow
drain.drain_inbox(by=Actor("1", "a", "b"), at=datetime(2026, 11, 20, tzinfo=UTC))
"""


def test_a_drain_that_is_killed_leaves_whole_letters_and_is_continued(vault: Path, tmp_path: Path) -> None:
    for letter in range(6):
        post(*(pair(100 * letter + one) for one in range(1, 51)))
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    paths = os.pathsep.join(str(Path(place).resolve()) for place in ("src", "."))
    ((path,),) = log("SELECT current_schema()")
    child = subprocess.Popen(
        [sys.executable, str(script), str(connections["vault"].settings_dict["NAME"]), path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "kyufu.platform.settings", "PYTHONPATH": paths},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == b"now\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert child.stdin is not None
    child.stdin.close()
    result = drain()
    assert (result.letters, result.new_persons, result.conflicts) == (4, 200, 0)
    assert look("SELECT count(*), count(DISTINCT unified_no) FROM mynumber_person") == [(300, 300)]
    assert look("SELECT count(*) FROM mynumber_opened") == [(6,)]
    assert look("SELECT count(*) FROM mynumber_inbox") == [(0,)]
