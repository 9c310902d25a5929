"""The kinds of run: what is done, who may have it done, and what the work is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from kyufu.platform.actors import Actor
from kyufu.platform.errors import BadInput
from kyufu.staff.api import Function, Level, Scheme


class Undone(NamedTuple):
    """A case that a run left as it was: the application, its receipt number, and why."""

    application_id: int
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the work of a run is given; a date is among the arguments, or it is `today` (Japan).

    `report(done, total)` is called after every block of work; it raises RunCancelled when somebody asked for that.
    `leave_undone` keeps the cases that the run could not deal with, for the page of the run.
    """

    arguments: Mapping[str, str]
    by: Actor
    at: datetime
    today: date
    report: Callable[[int, int], None]
    leave_undone: Callable[[Sequence[Undone]], None]

    def day(self, name: str) -> date:
        """The day among the arguments; raises BadInput where there is none."""
        try:
            return date.fromisoformat(self.arguments.get(name, ""))
        except ValueError:
            raise BadInput(
                "基準日が指定されていません。", remedy="基準日を入力して始め直してください。"
            ) from None


Work = Callable[[RunContext], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RunKind:
    """A kind of run; `due` counts cheaply how many are due, None where that cannot be said beforehand.

    `day_label` names the day that the form of the start asks for; empty where the work needs none. `is_offered`: it can
    be started from the list of runs; otherwise a page of its own starts it, which knows the further arguments.
    """

    code: str
    title: str
    function: Function
    level: Level
    scheme: Scheme
    work: Work
    due: Callable[[], int] | None
    day_label: str
    about: str
    is_offered: bool


_KINDS: dict[str, RunKind] = {}


def register_kind(
    code: str,
    *,
    title: str,
    function: Function,
    work: Work,
    level: Level = Level.UPDATE,
    scheme: Scheme = Scheme.CHILD,
    due: Callable[[], int] | None = None,
    day_label: str = "",
    about: str = "",
    is_offered: bool = True,
) -> None:
    """Make a kind of run known; to be called once, when the application is loaded."""
    if code in _KINDS:
        raise ValueError(f"kind {code} is registered twice")
    _KINDS[code] = RunKind(
        code, title, function, level, scheme, work, due, day_label, about, is_offered
    )  # fmt: skip


def all_kinds() -> tuple[RunKind, ...]:
    """Every kind, in the order in which they were registered."""
    return tuple(_KINDS.values())


def kind_of(code: str) -> RunKind:
    """The kind of a code; raises BadInput where there is none."""
    if code not in _KINDS:
        raise BadInput("その種類の一括処理はありません。", remedy="一覧から選び直してください。")
    return _KINDS[code]
