"""Renewals by the calendar: two persons settle it, a worker keeps it, once, late where it must, and never approves."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.platform.clock import JAPAN
from kyufu.platform.errors import BadInput, Refused
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind, RenewalState, Rule, ScheduleState
from kyufu.renewal.operations import scheduling
from kyufu.runs import api as runs
from kyufu.runs import periodic
from kyufu.staff.api import Forbidden, Rights, SamePerson
from tests.renewal.night import Night, Work, approve, plan
from tests.runs.conftest import rights_at
from tests.web.town import WARD, Town

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "有効期間が8月1日に始まるため"


def noon(days: int) -> datetime:
    """Noon some days from today."""
    today = clock.current_date_in_japan()
    return datetime(today.year, today.month, today.day, 12, tzinfo=JAPAN) + timedelta(days=days)


# How long before its first day a renewal is planned here, so that the first day is one that every month has.
LEAD = next(days for days in range(20, 40) if max(noon(days).day, noon(days + 10).day) <= 28)
FIRST = 10 + LEAD


def rule(kind: RenewalKind = RenewalKind.YEARLY, *, planned_in: int = 10, **items: object) -> Rule:
    """A rule whose day of planning lies some days from today."""
    on = noon(planned_in + LEAD).date()
    found = Rule(kind, on.month if kind is RenewalKind.YEARLY else None, on.day, LEAD, 5, True)
    return found._replace(**items)  # type: ignore[arg-type]


def agreed(wished: Rule, *, head: Rights, second: Rights) -> int:
    """A schedule that two persons settled."""
    number = renewal.propose_schedule(wished, why=WHY, rights=head, at=noon(0))
    renewal.confirm_schedule(number, rights=second, at=noon(0))
    return number


def planned() -> list[renewal.RenewalSeen]:
    """Every renewal."""
    return list(renewal.latest_renewals(limit=50))


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def state_of(number: int) -> ScheduleState:
    """Where a schedule stands."""
    return next(one.state for one in renewal.schedules(today=noon(0).date()) if one.schedule_id == number)


def test_on_its_day_it_is_planned_and_judged_and_waits_for_people(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    agreed(rule(), head=head, second=second)
    renewal.keep_schedule(noon(9))
    assert planned() == []
    renewal.keep_schedule(noon(10))
    (one,) = planned()
    assert (one.kind, one.on, one.state) == (RenewalKind.YEARLY, noon(FIRST).date(), RenewalState.PLANNED)
    assert (one.issued_on, one.is_trial, one.planned_by) == (noon(FIRST - 5).date(), False, head.staff_no)
    assert renewal.steps_of(one.renewal_id)[0].why == "予定による立案"
    assert worker()
    assert renewal.find_renewal(one.renewal_id).state is RenewalState.JUDGED
    renewal.keep_schedule(noon(11))
    assert not worker(), "what is judged waits for a person"
    with pytest.raises(Forbidden):
        approve(one.renewal_id, head)
    approve(one.renewal_id, second)
    (told,) = renewal.occasions()
    assert (told.how, told.by_hand, told.late_days, told.state) == (
        "予定どおり立案", False, 0, RenewalState.APPROVED,
    )  # fmt: skip


def test_where_the_schedule_says_so_it_is_only_planned(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    agreed(rule(judges=False), head=head, second=second)
    renewal.keep_schedule(noon(10))
    assert [one.state for one in planned()] == [RenewalState.PLANNED]
    assert not worker()


def test_planned_once_however_often_it_is_looked_at(town: Town, head: Rights, second: Rights) -> None:
    agreed(rule(), head=head, second=second)
    for days in (10, 10, 11, 40):
        renewal.keep_schedule(noon(days))
    assert len(planned()) == 1
    assert len(renewal.occasions()) == 1


def test_two_workers_at_the_same_moment_plan_it_once(town: Town, head: Rights, second: Rights) -> None:
    agreed(rule(), head=head, second=second)
    together, failed = threading.Barrier(4), []

    def look() -> None:
        try:
            together.wait(timeout=20)
            scheduling.plan_what_is_due(municipality="yokohama", at=noon(10))
        except Exception as error:  # noqa: BLE001 - a thread's error is told by the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert failed == []
    scheduling.plan_what_is_due(municipality="yokohama", at=noon(10))
    assert len(planned()) == 1


def test_a_worker_that_was_down_catches_up_and_says_so(town: Town, head: Rights, second: Rights) -> None:
    agreed(rule(), head=head, second=second)
    renewal.keep_schedule(noon(13))
    (one,) = planned()
    assert renewal.steps_of(one.renewal_id)[0].why == "予定による立案（立案の予定日より3日遅れ）"
    assert renewal.occasions()[0].how == "予定日より3日遅れて立案"
    assert one.issued_on == noon(FIRST - 5).date()


def test_so_late_that_the_day_of_issue_is_past(town: Town, head: Rights, second: Rights) -> None:
    agreed(rule(), head=head, second=second)
    renewal.keep_schedule(noon(FIRST - 2))
    (one,) = planned()
    assert one.issued_on == noon(FIRST - 2).date()
    assert "交付日の予定を過ぎていたため" in renewal.steps_of(one.renewal_id)[0].why


def test_every_month_that_went_by_is_caught_up_with(town: Town, head: Rights, second: Rights) -> None:
    agreed(rule(RenewalKind.MONTHLY, judges=False), head=head, second=second)
    renewal.keep_schedule(noon(80))
    days = sorted(one.on for one in planned())
    assert len(days) in (2, 3, 4)
    assert days[0] == noon(FIRST).date()
    assert {one.late_days > 0 for one in renewal.occasions()[1:]} == {True}


def test_what_somebody_planned_by_hand_counts(night: Night, head: Rights, second: Rights) -> None:
    wished = rule()
    agreed(wished, head=head, second=second)
    mine = plan(head, on=noon(FIRST).date(), issued_on=noon(FIRST - 5).date())
    renewal.keep_schedule(noon(10))
    assert [one.renewal_id for one in planned()] == [mine]
    (told,) = renewal.occasions()
    assert (told.by_hand, told.how) == (True, "職員が先に立案済み")


def test_what_was_given_up_is_not_planned_again(town: Town, head: Rights, second: Rights) -> None:
    agreed(rule(), head=head, second=second)
    renewal.keep_schedule(noon(10))
    renewal.give_up(planned()[0].renewal_id, why="日程を改めるため", rights=head, at=noon(10))
    renewal.keep_schedule(noon(11))
    assert len(planned()) == 1


def test_another_that_is_being_judged_is_waited_for(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    agreed(rule(), head=head, second=second)
    agreed(rule(RenewalKind.CHANGED), head=head, second=second)
    for _ in range(3):
        renewal.keep_schedule(noon(10))
        assert worker() or {one.state for one in planned()} == {RenewalState.JUDGED}
    assert [one.state for one in planned()] == [RenewalState.JUDGED] * 2


def test_where_the_right_has_ended_it_says_so_and_goes_on_afterwards(
    town: Town, head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = agreed(rule(judges=False), head=head, second=second)
    agreed(rule(RenewalKind.CHANGED, judges=False), head=second_head(town), second=second)
    nobody = rights_at(town, role="")
    real = scheduling.rights_of

    def ended(account: int, *, on: date) -> Rights:
        return nobody if account == head.account_id else real(account, on=on)

    monkeypatch.setattr(scheduling, "rights_of", ended)
    renewal.keep_schedule(noon(10))
    assert [one.kind for one in planned()] == [RenewalKind.CHANGED], "one's trouble is not another's"
    told = {one.schedule_id: one.trouble for one in renewal.schedules(today=noon(10).date())}
    assert "権限" in told[number]
    monkeypatch.undo()
    renewal.keep_schedule(noon(12))
    assert len(planned()) == 2
    assert {one.trouble for one in renewal.schedules(today=noon(12).date())} == {""}


def second_head(town: Town) -> Rights:
    """Another member of staff of the head office."""
    return rights_at(town, role="head")


def test_two_persons_of_the_head_office_settle_it(town: Town, head: Rights, second: Rights) -> None:
    wished = rule(planned_in=0)
    ward = rights_at(town, role="counter", office=WARD)
    with pytest.raises(Forbidden, match="本庁"):
        renewal.propose_schedule(wished, why=WHY, rights=ward, at=noon(0))
    with pytest.raises(Refused, match="根拠"):
        renewal.propose_schedule(wished, why="　", rights=head, at=noon(0))
    number = renewal.propose_schedule(wished, why=WHY, rights=head, at=noon(0))
    renewal.keep_schedule(noon(1))
    assert planned() == [], "what nobody confirmed plans nothing"
    with pytest.raises(Forbidden):
        renewal.confirm_schedule(number, rights=head, at=noon(0))
    town.grant(head.account_id, role="approver", office=head.office_code)
    from kyufu.staff.api import rights_of

    with pytest.raises(SamePerson, match="申し出た職員"):
        renewal.confirm_schedule(number, rights=rights_of(head.account_id, on=town.today), at=noon(0))
    renewal.confirm_schedule(number, rights=second, at=noon(0))
    assert state_of(number) is ScheduleState.ACTIVE
    with pytest.raises(Refused, match="有効"):
        renewal.confirm_schedule(number, rights=second, at=noon(0))
    with pytest.raises(BadInput, match="ありません"):
        renewal.confirm_schedule(0, rights=second, at=noon(0))


def test_a_new_one_replaces_the_former_and_does_not_plan_the_same_day_again(
    town: Town, head: Rights, second: Rights
) -> None:
    former = agreed(rule(judges=False), head=head, second=second)
    renewal.keep_schedule(noon(10))
    later = renewal.propose_schedule(
        rule(judges=False, lead_days=LEAD - 2), why=WHY, rights=head, at=noon(11)
    )
    assert state_of(former) is ScheduleState.ACTIVE
    renewal.confirm_schedule(later, rights=second, at=noon(11))
    assert (state_of(former), state_of(later)) == (ScheduleState.ENDED, ScheduleState.ACTIVE)
    renewal.keep_schedule(noon(12))
    assert len(planned()) == 1
    assert [one.by_hand for one in renewal.occasions()] == [True, False]


def test_it_is_ended_with_a_reason(town: Town, head: Rights, second: Rights) -> None:
    number = agreed(rule(), head=head, second=second)
    with pytest.raises(Refused, match="理由"):
        renewal.end_schedule(number, why=" ", rights=head, at=noon(1))
    renewal.end_schedule(number, why="制度の改正を待つため", rights=head, at=noon(1))
    renewal.keep_schedule(noon(10))
    assert planned() == []
    assert fetch("SELECT why FROM renewal_schedule_transition ORDER BY id DESC LIMIT 1", {}) == [
        ("制度の改正を待つため",)
    ]
    with pytest.raises(Refused, match="終わっています"):
        renewal.end_schedule(number, why="もう一度", rights=head, at=noon(1))


@pytest.mark.parametrize(
    "change",
    [
        "day = 2", "month = 3", "lead_days = 90", "judges = false", "proposed_by = 'S9'", "state = 'ended'",
        "confirmed_by = proposed_by", "confirmed_by = NULL",
    ],
)  # fmt: skip
def test_what_was_confirmed_stands(town: Town, head: Rights, second: Rights, change: str) -> None:
    agreed(rule(), head=head, second=second)
    with pytest.raises(DatabaseError):
        execute(f"UPDATE renewal_schedule SET {change}")


def test_the_database_plans_a_day_once_and_keeps_one_of_a_kind(
    town: Town, head: Rights, second: Rights
) -> None:
    agreed(rule(judges=False), head=head, second=second)
    renewal.keep_schedule(noon(10))
    with pytest.raises(IntegrityError):
        execute(
            'INSERT INTO renewal_occasion (schedule_id, "on", due_on, renewal_id, by_hand, planned_at, late_days)'
            ' SELECT schedule_id, "on", due_on, renewal_id, by_hand, planned_at, late_days FROM renewal_occasion'
        )


def test_the_worker_looks_from_minute_to_minute(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A look that breaks is written down without its words, and keeps no other from being taken."""
    seen: list[str] = []
    monkeypatch.setattr(periodic, "_PERIODIC", {})

    def breaks(_: datetime) -> None:
        raise ValueError("山田 太郎")

    runs.register_periodic("broken", title="壊れたもの", look=breaks)
    runs.register_periodic("good", title="よいもの", look=lambda _: seen.append("good"))
    with pytest.raises(ValueError, match="twice"):
        runs.register_periodic("good", title="よいもの", look=breaks)
    looking = periodic.Looking()
    looking.look()
    looking.look()
    assert seen == ["good"]
    monkeypatch.setattr(periodic, "SECONDS_BETWEEN_LOOKS", 0.0)
    looking.look()
    assert seen == ["good", "good"]
    assert "periodic work failed broken ValueError" in caplog.text
    assert "山田" not in caplog.text


def test_a_worker_that_starts_looks_before_it_takes_up_anything(
    town: Town, head: Rights, second: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(rule(judges=False, planned_in=0), head=head, second=second)
    stop = threading.Event()
    monkeypatch.setattr("kyufu.runs.worker.work_once", lambda _: stop.set())
    runs.work_until(stop)
    assert len(planned()) == 1
    assert renewal.occasions()[0].how == "予定どおり立案"
