"""What a run of the demonstration is asked to do, and what it has met so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kyufu.demo.progress import Stages
from kyufu.platform.feeds.feed import Feed
from kyufu.platform.feeds.intake import FeedResult


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlan:
    """What to run: the city's size, seed and day, where its files go, and the feeds the product knows."""

    residents: int
    seed: int
    municipality: str
    as_of: date
    fresh: bool
    folder: Path
    documents_folder: Path
    feeds: Mapping[str, Feed]


@dataclass
class DemoRun:
    """A run under way: its stages with their seconds, and what it found already done."""

    plan: DemoPlan
    stages: Stages = field(default_factory=Stages)
    kept: list[str] = field(default_factory=list)
    received: dict[str, FeedResult] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)
