"""End with the process that started this one, also where it was killed and could tell nobody."""

from __future__ import annotations

import os
import signal
import threading
import time

SECONDS_BETWEEN_LOOKS = 1.0
# Who does not stop when told to is not asked again.
SECONDS_TO_STOP = 20.0


def follow_parent() -> None:
    """Watch from a thread; when the parent is gone this process is told to stop, and after a while made to."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True, name="follow").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_STOP)
    os.kill(os.getpid(), signal.SIGKILL)
