"""The schedule as lists show it, and what a worker does by it from minute to minute."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings

from kyufu.law.child.cities import city_of
from kyufu.law.child.renewing import UsualSchedule, usual_schedules
from kyufu.ordinance.api import confirmed_overlay
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import KyufuError
from kyufu.renewal.calendar import Rule, next_day
from kyufu.renewal.models import Occasion, Schedule
from kyufu.renewal.operations.scheduling import plan_what_is_due, rule_of
from kyufu.renewal.states import RenewalKind, RenewalState, ScheduleState
from kyufu.renewal.steering import run_of, start_next
from kyufu.staff.api import rights_of

MOST_LISTED = 20


class ScheduleSeen(NamedTuple):
    """A schedule as lists show it; `next_on` and `next_due_on` are None unless it is active."""

    schedule_id: int
    rule: Rule
    why: str
    state: ScheduleState
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    confirmed_by_name: str
    confirmed_at: datetime | None
    trouble: str
    next_on: date | None
    next_due_on: date | None


class OccasionSeen(NamedTuple):
    """A first day that was taken care of: by which renewal, when, how late, and whether somebody had planned it."""

    kind: RenewalKind
    on: date
    due_on: date
    renewal_id: int
    by_hand: bool
    planned_at: datetime
    late_days: int
    state: RenewalState

    @property
    def how(self) -> str:
        """How it came to be planned, in words."""
        if self.by_hand:
            return "職員が先に立案済み"
        return f"予定日より{self.late_days}日遅れて立案" if self.late_days else "予定どおり立案"


def schedules(*, today: date) -> tuple[ScheduleSeen, ...]:
    """The schedules that hold or wait for confirmation, then those that ended, newest first."""
    order = list(ScheduleState)
    rows = sorted(
        Schedule.objects.order_by("-id")[: MOST_LISTED * 2],
        key=lambda row: order.index(ScheduleState(row.state)),
    )
    return tuple(_seen(row, today=today) for row in rows)


def occasions() -> tuple[OccasionSeen, ...]:
    """What was planned by the schedule of late, newest first."""
    rows = Occasion.objects.select_related("renewal").order_by("-id")[:MOST_LISTED]
    return tuple(
        OccasionSeen(
            RenewalKind(row.renewal.kind), row.on, row.due_on, int(row.renewal.pk), row.by_hand, row.planned_at,
            row.late_days, RenewalState(row.renewal.state),
        )
        for row in rows
    )  # fmt: skip


def usual_rules(municipality: str, *, today: date) -> tuple[tuple[Rule, UsualSchedule], ...]:
    """The renewals that the municipality usually plans, as data delivers them; none is in force by itself."""
    found = usual_schedules(city_of(municipality), on=today, overlay=confirmed_overlay(municipality))
    return tuple(
        (Rule(RenewalKind(one.code), one.month, one.day, one.lead_days, one.issue_days, one.judges), one)
        for one in found
    )


def keep_schedule(at: datetime) -> None:
    """Plan what is due by the schedule, and have it judged where the schedule says so."""
    plan_what_is_due(municipality=settings.KYUFU_MUNICIPALITY, at=at)
    waiting = Occasion.objects.filter(schedule__judges=True, by_hand=False, judging_asked_at=None)
    for one in waiting.select_related("schedule", "renewal").order_by("id"):
        _have_judged(one, at=at)


def _have_judged(one: Occasion, *, at: datetime) -> None:
    """Ask for the judgement in the name of whoever proposed the schedule; where it is refused it is tried again."""
    number, account = int(one.renewal.pk), one.schedule.proposed_account
    if one.renewal.state == RenewalState.PLANNED and run_of(number, at=at) is None:
        try:
            start_next(number, rights=rights_of(account, on=at.astimezone(JAPAN).date()), at=at)
        except KyufuError:
            # Another renewal is being judged, or the right has ended: whoever looks at the renewal sees it planned.
            return
    Occasion.objects.filter(pk=one.pk).update(judging_asked_at=at)


def _seen(row: Schedule, *, today: date) -> ScheduleSeen:
    rule, state = rule_of(row), ScheduleState(row.state)
    following = next_day(rule, after=today) if state is ScheduleState.ACTIVE else None
    return ScheduleSeen(
        int(row.pk), rule, row.why, state, row.proposed_by, row.proposed_by_name, row.proposed_at,
        row.confirmed_by_name, row.confirmed_at, row.trouble, following and following.on,
        following and following.due_on,
    )  # fmt: skip
