"""The web server: granian, whose workers leave the interrupt from the keyboard to the process that keeps them."""

from __future__ import annotations

import signal
from collections.abc import Callable

from granian.server.mp import MPServer


class Server(MPServer):
    """Granian that ends at once on Ctrl-C.

    A terminal sends the interrupt to every process of the group. A worker that heard it, and then the word of the
    process that keeps it, waits for itself without end; so workers hear the latter alone.
    """

    def _spawn_workers(self, spawn_target: Callable[..., None], target_loader: Callable[..., object]) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
