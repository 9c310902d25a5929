"""Benchmarks: each module `bench/<name>.py` has `run() -> list[Figure]`; `bin/bench` finds it by its name.

A figure is a ratio or a rate measured within one run, so that it means the same on any machine. `run` makes its
own data under KYUFU_VAR, takes no argument, prints nothing and leaves nothing behind that a second run trips over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `limit` None is shown for information, "max" means at most and "min" at least the limit."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    direction: Literal["min", "max"] = "max"
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Is the limit met? True where there is none."""
        if self.limit is None:
            return True
        return self.value <= self.limit if self.direction == "max" else self.value >= self.limit


def let_owner_stand_in() -> None:
    """Turn the ordinary connection to the owner's account: a benchmark makes schemas of its own and drops them."""
    from django.db import connections

    from kyufu.platform.databases import ORDINARY, OWNER

    ordinary, owner = (connections[alias].settings_dict for alias in (ORDINARY, OWNER))
    if ordinary["USER"] != owner["USER"]:
        connections[ORDINARY].close()
        ordinary.update(USER=owner["USER"], PASSWORD=owner.get("PASSWORD", ""))
