"""Propose a schedule of renewals (予定), confirm it as the second person, end it, and plan what is due by it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, KyufuError, Refused
from kyufu.platform.transitions import begin, move
from kyufu.renewal.calendar import Day, Rule, check_rule, due_days
from kyufu.renewal.models import Occasion, Renewal, Schedule
from kyufu.renewal.operations.planning import Plan, plan_renewal
from kyufu.renewal.rights import require_head
from kyufu.renewal.states import SCHEDULES, RenewalKind, RenewalState, ScheduleState
from kyufu.staff.api import Function, Level, Rights, refuse_same_person, rights_of

SEE = "予定の画面を開き直して、状態を確かめてください。"
SAME_PERSON = "予定を申し出た職員は、その予定を確認できません。"
REPLACED = "別の予定に置き換えたため"


def rule_of(row: Schedule) -> Rule:
    """The rule that a schedule holds."""
    return Rule(RenewalKind(row.kind), row.month, row.day, row.lead_days, row.issue_days, row.judges)


@transaction.atomic
def propose_schedule(rule: Rule, *, why: str, rights: Rights, at: datetime) -> int:
    """Propose a schedule and give its number; nothing is planned by it before a second person confirms it.

    Raises Forbidden without the right of cases at the head office, BadInput where it could not be kept, Refused without
    a reason.
    """
    require_head(rights, function=Function.CASE, level=Level.UPDATE)
    check_rule(rule)
    if not why.strip():
        raise Refused("予定の根拠がありません。", remedy="この日程にする理由を記入してください。")
    by = rights.actor()
    row = Schedule.objects.create(
        **rule._asdict(), why=why.strip(), state=ScheduleState.PROPOSED, proposed_account=rights.account_id,
        proposed_by=by.staff_id, proposed_by_name=by.name, proposed_by_office=by.office, proposed_at=at,
    )  # fmt: skip
    begin(SCHEDULES, subject_id=row.pk, state=ScheduleState.PROPOSED, by=by, at=at, why=why.strip())
    return int(row.pk)


@transaction.atomic
def confirm_schedule(schedule_id: int, *, rights: Rights, at: datetime) -> None:
    """Confirm a proposed schedule as the second person; the one of its kind that held so far ends.

    Raises Forbidden without the right of approval at the head office, SamePerson for whoever proposed it, Refused where
    it is not proposed any more.
    """
    require_head(rights, function=Function.APPROVAL, level=Level.UPDATE)
    row, by = _locked(schedule_id), rights.actor()
    _refuse_unless(row, state=ScheduleState.PROPOSED)
    refuse_same_person(first=row.proposed_by, second=by.staff_id, message=SAME_PERSON)
    for former in Schedule.objects.select_for_update().filter(kind=row.kind, state=ScheduleState.ACTIVE):
        _end(former, by=by, at=at, why=REPLACED)
    Schedule.objects.filter(pk=row.pk).update(
        confirmed_by=by.staff_id, confirmed_by_name=by.name, confirmed_by_office=by.office, confirmed_at=at
    )
    move(
        SCHEDULES, subject_id=row.pk, from_state=row.state, to_state=ScheduleState.ACTIVE, by=by, at=at, why="確認"
    )  # fmt: skip


@transaction.atomic
def end_schedule(schedule_id: int, *, why: str, rights: Rights, at: datetime) -> None:
    """End a schedule, or take a proposed one back; what was planned by it stays. Raises Refused without a reason."""
    require_head(rights, function=Function.CASE, level=Level.UPDATE)
    if not why.strip():
        raise Refused("予定をやめる理由がありません。", remedy="理由を記入してください。")
    row = _locked(schedule_id)
    if row.state == ScheduleState.ENDED:
        raise Refused("この予定は終わっています。", remedy=SEE)
    _end(row, by=rights.actor(), at=at, why=why.strip())


def plan_what_is_due(*, municipality: str, at: datetime) -> tuple[int, ...]:
    """Plan the renewals whose day has come or went by unplanned, each once; gives their numbers.

    A schedule that another worker has in hand is left to it. Where somebody has planned the same by hand, that one
    counts. What cannot be planned stands on the schedule as its trouble, and is tried again.
    """
    ids = Schedule.objects.filter(state=ScheduleState.ACTIVE).order_by("id").values_list("pk", flat=True)
    return tuple(number for pk in ids for number in _plan_of(pk, municipality=municipality, at=at))


def _plan_of(schedule_id: int, *, municipality: str, at: datetime) -> tuple[int, ...]:
    try:
        with transaction.atomic():
            row = (
                Schedule.objects.select_for_update(skip_locked=True)
                .filter(pk=schedule_id, state=ScheduleState.ACTIVE)
                .first()
            )
            return () if row is None else tuple(_plan_due(row, municipality=municipality, at=at))
    except KyufuError as error:
        _say(schedule_id, trouble=f"{error.message}{error.remedy}")
        return ()


def _plan_due(row: Schedule, *, municipality: str, at: datetime) -> list[int]:
    if row.confirmed_at is None:
        raise AssertionError("an active schedule was confirmed")
    today, since = at.astimezone(JAPAN).date(), row.confirmed_at.astimezone(JAPAN).date()
    done = set(Occasion.objects.filter(schedule=row).values_list("on", flat=True))
    days = [day for day in due_days(rule_of(row), since=since, today=today) if day.on not in done]
    numbers = [_plan(row, day=day, municipality=municipality, today=today, at=at) for day in days]
    if row.trouble:
        _say(row.pk, trouble="")
    return numbers


def _plan(row: Schedule, *, day: Day, municipality: str, today: date, at: datetime) -> int:
    former = (
        Renewal.objects.filter(kind=row.kind, on=day.on, is_trial=False)
        .exclude(state=RenewalState.CANCELLED)
        .order_by("-id")
        .first()
    )
    late = (today - day.due_on).days
    if former is None:
        rights = rights_of(row.proposed_account, on=today)
        # What is already past is no day of issue: nothing was issued on it.
        wished = Plan(RenewalKind(row.kind), day.on, max(day.issued_on, today), None, False)
        number = plan_renewal(
            wished, municipality=municipality, rights=rights, at=at, why=_told(day, late=late, today=today)
        )
    else:
        number = int(former.pk)
    Occasion.objects.create(
        schedule=row, on=day.on, due_on=day.due_on, renewal_id=number, by_hand=former is not None, planned_at=at,
        late_days=late,
    )  # fmt: skip
    return number


def _told(day: Day, *, late: int, today: date) -> str:
    told = "予定による立案"
    if late:
        told += f"（立案の予定日より{late}日遅れ）"
    if day.issued_on < today:
        told += "。交付日の予定を過ぎていたため、交付日を立案の日とした"
    return told


def _say(schedule_id: int, *, trouble: str) -> None:
    Schedule.objects.filter(pk=schedule_id).exclude(trouble=trouble).update(trouble=trouble)


def _end(row: Schedule, *, by: Actor, at: datetime, why: str) -> None:
    move(
        SCHEDULES,
        subject_id=row.pk,
        from_state=row.state,
        to_state=ScheduleState.ENDED,
        by=by,
        at=at,
        why=why,
    )


def _locked(schedule_id: int) -> Schedule:
    row = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if row is None:
        raise BadInput("その予定はありません。", remedy="予定の画面から選び直してください。")
    return row


def _refuse_unless(row: Schedule, *, state: ScheduleState) -> None:
    if row.state != state:
        raise Refused(f"予定は「{ScheduleState(row.state).label}」のため、この操作はできません。", remedy=SEE)
