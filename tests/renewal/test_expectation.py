"""What a renewal gave beside what was expected: inside or outside in words, and a reason where it is outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.renewal import api as renewal
from kyufu.renewal.api import ExpectationSeen, Measure, RenewalKind
from kyufu.renewal.states import BY_CONDITION
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights
from tests.cases.world import World
from tests.renewal.night import Night, Work, approve, carry, plan

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "転出の届出が重なったことを区に確かめたため"
Crowd = Callable[[int], None]


@pytest.fixture
def crowd(world: World) -> Crowd:
    """Children who never applied, so that more than expected are left out."""

    def make(number: int) -> None:
        for _ in range(number):
            world.family()

    return make


def judged(rights: Rights, worker: Work, kind: RenewalKind = RenewalKind.YEARLY, **items: object) -> int:
    """A renewal that was judged."""
    number = plan(rights, kind, **items)
    run = carry(renewal.JUDGE, number, rights=rights, worker=worker)
    assert run.state is RunState.DONE, run.message
    return number


def approve_with(number: int, rights: Rights, why: str) -> None:
    """Approve with a reason."""
    seen, at = renewal.digest_of(number), clock.current_instant()
    renewal.approve_renewal(number, seen=seen, rights=rights, at=at, why=why)


def verdicts(number: int) -> dict[Measure, str]:
    """Each measure in words."""
    return {one.measure: one.verdict for one in renewal.expectations_of(number)}


def found(number: int) -> dict[Measure, int]:
    """Each measure in tenths of a percent."""
    return {one.measure: one.found for one in renewal.expectations_of(number)}


def execute(statement: str, values: Sequence[object] = ()) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_first_has_nothing_to_be_compared_with(night: Night, head: Rights, worker: Work) -> None:
    number = plan(head)
    assert renewal.expectations_of(number) == ()
    carry(renewal.JUDGE, number, rights=head, worker=worker)
    shares = {measure: verdict for measure, verdict in verdicts(number).items() if measure != "left_out"}
    assert set(shares.values()) == {"前回がなく比べられない"}
    assert set(shares) == set(Measure) - {Measure.LEFT_OUT}
    # 4, 2 and 1 of 7; 2 of 9 in the base never applied or wait.
    assert found(number) == {
        Measure.RENEWED: 571, Measure.CHANGED: 0, Measure.LOST: 285, Measure.UNDECIDED: 142, Measure.LEFT_OUT: 222,
    }  # fmt: skip
    assert verdicts(number)[Measure.LEFT_OUT] == "範囲内"
    assert not renewal.is_outside(number)


def test_too_many_left_out_need_a_reason(
    night: Night, head: Rights, second: Rights, worker: Work, crowd: Crowd
) -> None:
    crowd(4)
    number = judged(head, worker)
    assert verdicts(number)[Measure.LEFT_OUT] == "範囲外"
    assert renewal.is_outside(number)
    for why in ("", "　 "):
        with pytest.raises(Refused, match="範囲外") as refused:
            approve_with(number, second, why)
        assert "理由" in refused.value.remedy
    approve_with(number, second, f" {WHY} ")
    assert renewal.find_renewal(number).approved_why == WHY
    assert renewal.steps_of(number)[-1].why == f"承認（見込みの範囲外。理由：{WHY}）"


def test_the_database_refuses_what_is_outside_without_a_reason(
    night: Night, head: Rights, worker: Work, crowd: Crowd
) -> None:
    crowd(4)
    judged(head, worker)
    for why in ("", " \t　"):
        with pytest.raises(DatabaseError, match="without a reason"):
            execute("UPDATE renewal_renewal SET approved_by = 'S9', approved_why = %s", [why])
    execute("UPDATE renewal_renewal SET approved_by = 'S9', approved_why = %s", [WHY])
    with pytest.raises(DatabaseError, match="without a reason"):
        execute("UPDATE renewal_renewal SET approved_why = ''")


def test_the_database_refuses_what_was_not_compared(night: Night, head: Rights, worker: Work) -> None:
    plan(head)
    with pytest.raises(DatabaseError, match="without a comparison"):
        execute("UPDATE renewal_renewal SET approved_by = 'S9'")


def test_what_was_compared_stands(night: Night, head: Rights, worker: Work) -> None:
    judged(head, worker)
    for statement in ("UPDATE renewal_expectation SET allowed = 1000", "DELETE FROM renewal_expectation"):
        with pytest.raises(DatabaseError, match="stand as written"):
            execute(statement)
    with pytest.raises(DatabaseError):
        execute("UPDATE renewal_expectation SET is_outside = false")


def test_next_year_is_held_against_this_one(night: Night, head: Rights, second: Rights, worker: Work) -> None:
    """All four of next year are renewed where four of seven were: every share that moved is outside."""
    number = judged(head, worker)
    approve(number, second)
    carry(renewal.EFFECT, number, rights=head, worker=worker)
    carry(renewal.PRINT, number, rights=head, worker=worker)
    later = judged(head, worker, on=date(2028, 8, 1), issued_on=date(2028, 7, 20))
    told = {one.measure: one for one in renewal.expectations_of(later)}
    assert told[Measure.RENEWED].reference == 571
    assert told[Measure.RENEWED].verdict == "範囲外"
    assert told[Measure.LOST].reference == 285
    assert told[Measure.CHANGED].verdict == "範囲内"
    assert fetch("SELECT DISTINCT former_id FROM renewal_expectation WHERE renewal_id = %(id)s AND former_id > 0",
                 {"id": later}) == [(number,)]  # fmt: skip
    with pytest.raises(Refused, match="範囲外"):
        approve_with(later, second, "")
    approve_with(later, second, WHY)


def test_shares_are_not_asked_where_they_differ_as_they_like(
    night: Night, head: Rights, worker: Work
) -> None:
    changed = judged(head, worker, RenewalKind.CHANGED)
    assert set(verdicts(changed)) == {Measure.LEFT_OUT}
    replay = judged(head, worker, RenewalKind.REPLAY, on=date(2026, 8, 1))
    assert renewal.expectations_of(replay) == ()


def test_who_is_left_out_by_the_condition_is_not_counted(night: Night, head: Rights, worker: Work) -> None:
    """A monthly renewal leaves everybody out, as it should: 2 or 3 of 10 are out for reasons of their own."""
    number = judged(head, worker, RenewalKind.MONTHLY, on=date(2027, 3, 1))
    seen = renewal.find_renewal(number)
    own = sum(one.children for one in renewal.left_out_counts(number) if one.reason not in BY_CONDITION)
    assert (seen.in_count, seen.left_out_count) == (0, 10)
    assert own in (2, 3)
    assert found(number)[Measure.LEFT_OUT] == own * 100
    assert found(number)[Measure.RENEWED] == 0


def test_a_trial_is_compared_and_takes_no_effect(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = judged(head, worker, is_trial=True, issued_on=None)
    assert len(renewal.expectations_of(number)) == len(Measure)
    with pytest.raises(Refused, match="試行"):
        approve_with(number, second, WHY)


@pytest.mark.parametrize(
    ("seen", "expected", "difference", "verdict"),
    [
        ((Measure.LOST, 285, 300, 30, False), "前回30.0％との差が3.0ポイント以内", "－1.5ポイント", "範囲内"),
        ((Measure.LOST, 331, 300, 30, True), "前回30.0％との差が3.0ポイント以内", "＋3.1ポイント", "範囲外"),
        ((Measure.LOST, 300, 300, 30, False), "前回30.0％との差が3.0ポイント以内", "±0.0ポイント", "範囲内"),
        ((Measure.LOST, 300, None, 30, False), "前回との差が3.0ポイント以内", "", "前回がなく比べられない"),
        ((Measure.LEFT_OUT, 301, 0, 300, True), "30.0％以下", "", "範囲外"),
    ],
)  # fmt: skip
def test_it_is_told_in_words(
    seen: tuple[Measure, int, int | None, int, bool], expected: str, difference: str, verdict: str
) -> None:
    one = ExpectationSeen(*seen)
    assert (one.expected_text, one.difference_text, one.verdict) == (expected, difference, verdict)
