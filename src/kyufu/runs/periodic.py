"""Work that the calendar asks for: every worker looks at it from minute to minute, between two runs.

It is not a queue: each work asks its own tables what is due, does it once however many workers ask, and catches up
with what went by while no worker was there.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection

from kyufu.audit.api import acting
from kyufu.platform import clock
from kyufu.platform.access import Access, Channel
from kyufu.runs.lost import SYSTEM

SECONDS_BETWEEN_LOOKS = 60.0
_LOG = logging.getLogger("kyufu.runs")
Look = Callable[[datetime], None]


class Periodic(NamedTuple):
    """A work of the calendar."""

    code: str
    title: str
    look: Look


_PERIODIC: dict[str, Periodic] = {}


def register_periodic(code: str, *, title: str, look: Look) -> None:
    """Have workers look at something from minute to minute; to be called once, when the application is loaded."""
    if code in _PERIODIC:
        raise ValueError(f"{code} is registered twice")
    _PERIODIC[code] = Periodic(code, title, look)


@dataclass
class Looking:
    """When a worker last looked."""

    last: float = field(default=float("-inf"))

    def look(self) -> None:
        """Look at everything where a minute has passed since."""
        now = time.monotonic()
        if now - self.last >= SECONDS_BETWEEN_LOOKS:
            self.last = now
            look_once(at=clock.current_instant())


def look_once(*, at: datetime) -> None:
    """Look at everything that is registered; one that fails keeps neither the others nor the worker from going on."""
    for one in _PERIODIC.values():
        try:
            with acting(_access(one)):
                one.look(at)
        except (OperationalError, InterfaceError) as error:
            _LOG.error("the database does not answer: %s", type(error).__name__)
            connection.close()
        except Exception as error:  # noqa: BLE001 - its own words may hold a value; the next look tries again
            _LOG.error("periodic work failed %s %s", one.code, type(error).__name__)


def _access(one: Periodic) -> Access:
    return Access(
        actor=SYSTEM,
        terminal=f"{socket.gethostname()}／処理係",
        channel=Channel.BATCH,
        screen=f"periodic_{one.code}",
        purpose=one.title,
        reference=uuid4(),
    )
