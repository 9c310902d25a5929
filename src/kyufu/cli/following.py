"""End with the process that started this one, also where it was killed and could tell nobody."""

from __future__ import annotations

import os
import signal
import threading
import time

SECONDS_BETWEEN_LOOKS = 1.0
# Who does not stop when told to is not asked again.
SECONDS_TO_STOP = 20.0


def follow_parent(parent: int) -> None:
    """Watch from a thread; when the parent is gone this process is told to stop, and after a while made to.

    The parent says who it is: one that was killed before this process came to ask would be taken for its heir.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="follow").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_STOP)
    # Its own helpers have nobody either, where it leads a session.
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
