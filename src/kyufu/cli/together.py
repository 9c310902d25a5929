"""Server and worker side by side: both end with this process, and a worker that died is started again.

Each is the leader of a session of its own, so that Ctrl-C reaches this process alone, which ends them in order and
leaves no helper of theirs behind at the port.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_STOP = 15.0
SECONDS_BEFORE_NEXT_WORKER = 5.0
WORKER = ("worker",)


class _Ears:
    """Whether this process was told to stop.

    The word is kept, not raised: raised between a start and its being written down it would leave somebody behind.
    """

    is_told = False

    def listen(self) -> None:
        """Hear Ctrl-C and the word of systemd from now on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature is Python's
        self.is_told = True


def run_together(serving: Sequence[str]) -> int:
    """Run `kyufu serve` with these options beside a worker until the server ends or somebody says stop.

    Returns the exit status: the server's own where it ended by itself, 0 where it was told to.
    """
    ears = _Ears()
    ears.listen()
    started: list[subprocess.Popen[bytes]] = []
    try:
        server = _start(["serve", *serving], among=started)
        return _watch(server, started=started, ears=ears)
    finally:
        _end(started)


def _watch(server: subprocess.Popen[bytes], *, started: list[subprocess.Popen[bytes]], ears: _Ears) -> int:
    """Wait for the end of the server; a worker that ended before is followed by another."""
    worker = _start(WORKER, among=started)
    ended_at: float | None = None
    while (status := server.poll()) is None:
        if ears.is_told:
            return 0
        time.sleep(SECONDS_BETWEEN_LOOKS)
        if worker.poll() is None:
            continue
        ended_at = ended_at or time.monotonic()
        if time.monotonic() - ended_at >= SECONDS_BEFORE_NEXT_WORKER:
            started.remove(worker)
            worker, ended_at = _start(WORKER, among=started), None
    # Who asked all of them to stop, as a terminal does, is told what a stop says.
    return 0 if ears.is_told else status


def _start(arguments: Sequence[str], *, among: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kyufu.cli.main", *arguments, f"--with-parent={os.getpid()}"]
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program
    among.append(process)
    return process


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Tell all to stop at once, wait for a while, and make those stop that did not, helpers included."""
    for one in processes:
        if one.poll() is None:
            one.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    for one in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.wait(timeout=max(0.0, deadline - time.monotonic()))
    for one in processes:
        _kill_session(one.pid)
        one.wait()


def _kill_session(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        # All of them have ended.
        return
