"""The days of a schedule: the first days it asks for, when each is planned, and its day of issue; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from kyufu.law.calendar.ages import first_of_month_after
from kyufu.platform.errors import BadInput
from kyufu.renewal.states import RenewalKind

LAST_DAY, MONTHS, LONGEST_LEAD = 28, range(1, 13), 365
YEARS_AHEAD = 10
MEND = "値を確かめて、入力し直してください。"


class Rule(NamedTuple):
    """When a renewal is planned: first day (month None: of every month), and the days before it."""

    kind: RenewalKind
    month: int | None
    day: int
    lead_days: int
    issue_days: int
    judges: bool

    @property
    def first_day_text(self) -> str:
        """The first day in words."""
        return f"毎月{self.day}日" if self.month is None else f"毎年{self.month}月{self.day}日"

    @property
    def judging_text(self) -> str:
        """What is done on the day of planning, in words."""
        return "対象者の確定と判定まで" if self.judges else "立案だけ"


class Day(NamedTuple):
    """One first day of a schedule, the day on which it is planned, and its day of issue."""

    on: date
    due_on: date
    issued_on: date


def check_rule(rule: Rule) -> None:
    """Raise BadInput where a schedule could not be kept."""
    if rule.kind is RenewalKind.REPLAY:
        raise BadInput("再点検は予定にできません。", remedy="必要なときに立案してください。")
    if rule.kind is RenewalKind.YEARLY and rule.month is None:
        raise BadInput("年次更新の基準日の月がありません。", remedy="月を入力してください。")
    if rule.month is not None and rule.month not in MONTHS:
        raise BadInput("月は1から12までです。", remedy=MEND)
    if not 1 <= rule.day <= LAST_DAY:
        raise BadInput(f"日は1から{LAST_DAY}までです（どの月にもある日）。", remedy=MEND)
    if not 0 <= rule.issue_days <= rule.lead_days <= LONGEST_LEAD:
        raise BadInput(
            f"立案は基準日の{LONGEST_LEAD}日前まで、交付日は立案の日から基準日までの間にしてください。",
            remedy=MEND,
        )


def due_days(rule: Rule, *, since: date, today: date) -> tuple[Day, ...]:
    """The first days whose day of planning lies between two days (both in), in order."""
    return tuple(one for one in _days(rule, since=since) if one.due_on <= today) if since <= today else ()


def next_day(rule: Rule, *, after: date) -> Day:
    """The next first day that is planned after a day."""
    return next(one for one in _days(rule, since=after) if one.due_on > after)


def _days(rule: Rule, *, since: date) -> Iterator[Day]:
    """First days in order, from the first that is planned on `since` or later, for some years."""
    month = since.replace(day=1)
    while month.year <= since.year + YEARS_AHEAD:
        on = month.replace(day=rule.day)
        due_on = on - timedelta(days=rule.lead_days)
        if rule.month in (None, on.month) and due_on >= since:
            yield Day(on, due_on, on - timedelta(days=rule.issue_days))
        month = first_of_month_after(month)
