"""What the database itself refuses: a base that does not tie, a second base, an approval by the one who began."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.platform.errors import BadInput, Refused
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalState
from kyufu.renewal.states import PAIRS, RENEWALS
from kyufu.runs.api import RunState
from kyufu.staff.api import Forbidden, Rights, SamePerson
from tests.renewal.night import Night, Work, approve, carry, plan
from tests.runs.conftest import rights_at
from tests.web.town import WARD, Town

pytestmark = pytest.mark.django_db(transaction=True)


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def frozen(night: Night, head: Rights) -> int:
    number = plan(head)
    renewal.freeze_renewal(number, by=head.actor(), at=clock.current_instant())
    return number


@pytest.mark.parametrize(
    "change",
    [
        "base_count = base_count + 1",
        "in_count = in_count + 1, base_count = base_count + 1",
        "in_count = in_count - 1, left_out_count = left_out_count + 1",
        "left_out_count = NULL",
    ],
)
def test_the_base_is_those_in_the_run_and_those_left_out(frozen: int, change: str) -> None:
    with pytest.raises(DatabaseError):
        execute(f"UPDATE renewal_renewal SET {change} WHERE id = {frozen}")


def test_nobody_is_in_the_run_and_left_out_or_neither(frozen: int) -> None:
    columns = "renewal_id, child_id, application_id, ward_code, is_entitled, is_resident, has_applied, left_out, block"
    for values in ("1, '', true, true, true, 'not_due', 0", "1, '', true, true, true, NULL, NULL",
                   "NULL, '', true, true, true, NULL, 0", "1, '', false, false, false, 'ended', NULL",
                   "1, '', true, true, true, 'whatever', NULL"):  # fmt: skip
        with pytest.raises(IntegrityError):
            execute(f"INSERT INTO renewal_member ({columns}) VALUES ({frozen}, 99, {values})")


def test_a_frozen_base_takes_nobody_more_and_loses_nobody(frozen: int) -> None:
    columns = "renewal_id, child_id, ward_code, is_entitled, is_resident, has_applied, left_out"
    with pytest.raises(DatabaseError, match="frozen"):
        execute(
            f"INSERT INTO renewal_member ({columns}) VALUES ({frozen}, 99, '', true, true, true, 'ended')"
        )
    for statement in (
        "DELETE FROM renewal_member",
        "UPDATE renewal_member SET left_out = 'ended', block = NULL",
    ):
        with pytest.raises(DatabaseError, match="stand as written"):
            execute(statement)


def test_frozen_twice_it_is_the_same_base(frozen: int, head: Rights) -> None:
    before = renewal.find_renewal(frozen)
    renewal.freeze_renewal(frozen, by=head.actor(), at=clock.current_instant())
    assert renewal.find_renewal(frozen) == before
    assert len(before.base_hash) == 64


def test_the_hash_is_of_who_and_why(night: Night, head: Rights) -> None:
    """Two trials of the same base have one hash; one more child, or another reason, gives another."""
    numbers = []
    for _ in range(2):
        numbers.append(plan(head, is_trial=True))
        renewal.freeze_renewal(numbers[-1], by=head.actor(), at=clock.current_instant())
    night.world.family()
    numbers.append(plan(head, is_trial=True))
    renewal.freeze_renewal(numbers[-1], by=head.actor(), at=clock.current_instant())
    first, again, more = (renewal.find_renewal(one).base_hash for one in numbers)
    assert first == again != more


def test_who_began_may_not_approve(night: Night, head: Rights, town: Town, worker: Work) -> None:
    number = plan(head)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    town.grant(head.account_id, role="approver", office=head.office_code)
    from kyufu.staff.api import rights_of

    both = rights_of(head.account_id, on=town.today)
    with pytest.raises(SamePerson, match="始めた職員"):
        approve(number, both)
    with pytest.raises(IntegrityError):
        execute(f"UPDATE renewal_renewal SET approved_by = planned_by WHERE id = {number}")
    assert renewal.find_renewal(number).state is RenewalState.JUDGED


def test_what_was_seen_is_what_is_approved(night: Night, head: Rights, second: Rights, worker: Work) -> None:
    number = plan(head)
    with pytest.raises(Refused, match="立案済"):
        approve(number, second)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    with pytest.raises(Refused, match="見ていた内容と違っています"):
        renewal.approve_renewal(number, seen="0" * 64, rights=second, at=clock.current_instant())


def test_only_the_head_office_has_renewals(night: Night, head: Rights, town: Town, worker: Work) -> None:
    clerk = rights_at(town, role="counter", office=WARD)
    approver = rights_at(town, role="approver", office=WARD)
    with pytest.raises(Forbidden, match="本庁"):
        plan(clerk)
    number = plan(head)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    with pytest.raises(Forbidden, match="本庁"):
        approve(number, approver)
    with pytest.raises(Forbidden):
        approve(number, clerk)


def test_given_up_before_the_effect_and_not_after(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    at = clock.current_instant()
    number = plan(head)
    with pytest.raises(Refused, match="理由"):
        renewal.give_up(number, why=" ", rights=head, at=at)
    renewal.give_up(number, why="条件を誤ったため", rights=head, at=at)
    assert renewal.find_renewal(number).state is RenewalState.CANCELLED
    assert renewal.steps_of(number)[-1].why == "条件を誤ったため"
    later = plan(head)
    assert carry(renewal.JUDGE, later, rights=head, worker=worker).state is RunState.DONE
    approve(later, second)
    renewal.begin_effect(later, by=head.actor(), at=at)
    with pytest.raises(Refused, match="取りやめられません"):
        renewal.give_up(later, why="誤り", rights=head, at=at)


def test_a_run_that_waits_is_given_up_with_its_renewal(night: Night, head: Rights, worker: Work) -> None:
    at, number = clock.current_instant(), plan(head)
    run_id = renewal.start_next(number, rights=head, at=at)
    renewal.give_up(number, why="条件を誤ったため", rights=head, at=at)
    run = renewal.run_of(number, at=at)
    assert run is not None
    assert (run.run_id, run.state) == (run_id, RunState.CANCELLED)
    assert not worker()


def test_the_next_step_follows_from_the_state(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    at, number = clock.current_instant(), plan(head)
    with pytest.raises(Refused, match="実行中の処理はありません"):
        renewal.pause(number, rights=head, at=at)
    assert renewal.run_of(number, at=at) is None
    for _ in range(3):
        renewal.start_next(number, rights=head, at=clock.current_instant())
        assert worker()
        if renewal.find_renewal(number).state is RenewalState.JUDGED:
            with pytest.raises(Refused, match="承認を待っています"):
                renewal.start_next(number, rights=head, at=at)
            approve(number, second)
    assert renewal.find_renewal(number).state is RenewalState.DONE
    with pytest.raises(Refused, match="残っていません"):
        renewal.start_next(number, rights=head, at=at)
    assert [step.to_state for step in renewal.steps_of(number)] == [
        RenewalState.PLANNED, RenewalState.FROZEN, RenewalState.JUDGED, RenewalState.APPROVED,
        RenewalState.EFFECTING, RenewalState.EFFECTED, RenewalState.DONE,
    ]  # fmt: skip


def test_the_state_moves_by_its_history_alone(frozen: int) -> None:
    with pytest.raises(DatabaseError, match="moves by"):
        execute(f"UPDATE renewal_renewal SET state = 'approved' WHERE id = {frozen}")
    with pytest.raises(IntegrityError):
        execute(
            "INSERT INTO renewal_renewal_transition (subject_id, from_state, to_state, actor_id, actor_name,"
            f" actor_office, at, why) VALUES ({frozen}, 'frozen', 'approved', 'a', 'b', 'c', now(), '')"
        )


def test_nothing_takes_effect_without_approval_and_nothing_follows_the_end() -> None:
    assert not RENEWALS.allows(from_state="judged", to_state="effecting")
    assert not RENEWALS.allows(from_state="frozen", to_state="approved")
    assert not PAIRS[RenewalState.DONE]
    assert not PAIRS[RenewalState.CANCELLED]
    assert RenewalState.CANCELLED not in PAIRS[RenewalState.EFFECTING]


def test_a_number_that_is_none_is_said(head: Rights, town: Town) -> None:
    with pytest.raises(BadInput, match="ありません"):
        renewal.find_renewal(9)
    with pytest.raises(BadInput, match="ありません"):
        renewal.give_up(9, why="誤り", rights=head, at=clock.current_instant())
    assert fetch("SELECT count(*) FROM renewal_renewal", {}) == [(0,)]
