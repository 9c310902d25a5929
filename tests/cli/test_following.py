"""Who follows a parent ends when it is gone, whenever that was, and takes its helpers along."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.test_together import living_in

PATIENCE = 60.0
FOLLOW = """
import os, signal, subprocess, sys, time
from kyufu.cli import following
following.SECONDS_BETWEEN_LOOKS = following.SECONDS_TO_STOP = 0.05
{before}
following.follow_parent({parent})
print("ready", flush=True)
time.sleep(600)
"""
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
HELPER = f"""{DEAF}
helper = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, 1); time.sleep(600)"])
print(helper.pid, flush=True)"""


@contextmanager
def follower(*, parent: str, before: str = "", leads: bool = True) -> Iterator[subprocess.Popen[str]]:
    """A process that follows; `leads` a session of its own, as what the supervisor starts does."""
    code = FOLLOW.format(parent=parent, before=before)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=leads
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def gone_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait(PATIENCE)
    return ended.pid


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_parent_that_was_gone_before_anybody_looked_is_missed_all_the_same() -> None:
    """Its heir (init) would otherwise be taken for it, and the process would stay for ever."""
    with follower(parent=str(gone_process())) as process:
        assert process.wait(PATIENCE) == -signal.SIGTERM


def test_while_the_parent_lives_nothing_happens() -> None:
    with follower(parent="os.getppid()") as process:
        assert first_line(process) == "ready"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)


def test_who_is_deaf_to_the_word_is_made_to_stop() -> None:
    with follower(parent=str(gone_process()), before=DEAF) as process:
        assert process.wait(PATIENCE) == -signal.SIGKILL


def test_the_helpers_of_who_is_deaf_are_not_left_behind() -> None:
    with follower(parent=str(gone_process()), before=HELPER) as process:
        helper = int(first_line(process))
        assert process.wait(PATIENCE) == -signal.SIGKILL
        assert process.stdout is not None
        # The helper holds the other end: it is read to its end only when the helper has ended too.
        process.stdout.read()
        assert helper != process.pid
        assert living_in({process.pid}) == []


def test_who_leads_no_session_makes_nobody_else_stop() -> None:
    """A worker that was started by hand stands in the session of a terminal with other programs."""
    code = FOLLOW.format(parent=gone_process(), before=DEAF)
    outer = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {code!r}])
print(child.wait(), flush=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", outer],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        start_new_session=True,
    )
    assert done.returncode == 0
    assert done.stdout.split()[-1] == str(-signal.SIGKILL)
