"""Progress of long stages: one line that is rewritten, or a line a tenth where no terminal watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TextIO

Report = Callable[[int, int], None]


@dataclass
class Stages:
    """Runs the stages of a job one after the other and keeps the seconds of each, in order."""

    out: TextIO = field(default_factory=lambda: sys.stderr)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, title: str) -> Iterator[Report]:
        """Announce a stage, hand out its progress report, and close it with the seconds it took."""
        started = time.perf_counter()
        line = _ProgressLine(title=title, out=self.out)
        line.show(0, 0)
        yield line.show
        took = time.perf_counter() - started
        self.seconds[title] = round(self.seconds.get(title, 0.0) + took, 2)
        line.close(took)


@dataclass
class _ProgressLine:
    title: str
    out: TextIO
    shown_tenth: int = -1

    def show(self, done: int, total: int) -> None:
        tenth = 0 if total <= 0 else done * 10 // total
        if self.out.isatty():
            share = f" {done:,} / {total:,}" if total > 0 else ""
            self.out.write(f"\r\x1b[K{self.title}{share}")
            self.out.flush()
        elif tenth > self.shown_tenth:
            share = f" {done:,} / {total:,}" if total > 0 else " …"
            self.out.write(f"{self.title}{share}\n")
            self.out.flush()
        self.shown_tenth = max(tenth, self.shown_tenth)

    def close(self, took: float) -> None:
        lead = "\r\x1b[K" if self.out.isatty() else ""
        self.out.write(f"{lead}{self.title} 完了（{took:.1f} 秒）\n")
        self.out.flush()


class NamedStages:
    """A report that names its stage itself (stage, done, total): each name becomes a stage of its own."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._open = ExitStack()
        self._title = ""
        self._show: Report | None = None

    def __call__(self, title: str, done: int, total: int) -> None:
        """Show how far the named stage is; another name ends the stage before it."""
        if self._show is None or title != self._title:
            self._open.close()
            self._title = title
            self._show = self._open.enter_context(self._stages.stage(title))
        self._show(done, total)

    def __enter__(self) -> NamedStages:
        return self

    def __exit__(self, *problem: object) -> None:
        self._open.close()
