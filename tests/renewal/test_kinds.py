"""The kinds of renewal beside the yearly one: months, ages, changed facts, replays, and trials of any."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.cases.queries import fetch
from kyufu.law.calendar.period import Period
from kyufu.law.parameters.entries import Certainty
from kyufu.law.parameters.overlay import Change, Overlay
from kyufu.platform import clock
from kyufu.platform.errors import Refused
from kyufu.renewal import api as renewal
from kyufu.renewal import population
from kyufu.renewal.api import LeftOut, RenewalKind, RenewalState, Sorted
from kyufu.renewal.operations import planning
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights
from tests.cases.world import World, certify
from tests.renewal.night import DAY, Night, Work, approve, carry, plan, sorted_now, start

pytestmark = pytest.mark.django_db(transaction=True)


def judged(kind: RenewalKind, *, rights: Rights, worker: Work, **items: object) -> int:
    number = plan(rights, kind, **items)
    run = carry(renewal.JUDGE, number, rights=rights, worker=worker)
    assert run.state is RunState.DONE, run.message
    return number


def effected(number: int, *, head: Rights, second: Rights, worker: Work) -> None:
    approve(number, second)
    run = carry(renewal.EFFECT, number, rights=head, worker=worker)
    assert run.state is RunState.DONE, run.message


def left_out(number: int) -> dict[LeftOut, int]:
    return {one.reason: one.children for one in renewal.left_out_counts(number)}


def accounted(number: int) -> bool:
    """Is everybody of the base in the run or left out, by the rows themselves?"""
    seen = renewal.find_renewal(number)
    rows = fetch(
        "SELECT count(*), count(left_out), count(block) FROM renewal_member WHERE renewal_id = %(id)s",
        {"id": number},
    )
    return (
        rows == [(seen.base_count, seen.left_out_count, seen.in_count)]
        and rows[0][0] == rows[0][1] + rows[0][2]
    )


def test_a_month_takes_whoever_ends_within_it(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = judged(RenewalKind.MONTHLY, rights=head, worker=worker, on=date(2027, 4, 1))
    assert accounted(number)
    assert sorted_now(number) == {"lost": 1}
    assert left_out(number)[LeftOut.NOT_DUE] == 7
    effected(number, head=head, second=second, worker=worker)
    assert fetch(
        "SELECT child_id, effective_on, reason_code FROM cases_entitlement_change WHERE event = 'lost'", {}
    ) == [(night.too_old.child, date(2027, 4, 1), "too_old")]


def test_an_age_takes_whom_it_ends_alone(night: Night, head: Rights, worker: Work) -> None:
    """In August periods end by the year; who reached an age in July is an age event, the others are not."""
    number = judged(RenewalKind.AGE, rights=head, worker=worker, on=date(2027, 4, 1))
    assert accounted(number)
    assert sorted_now(number) == {"lost": 1}
    later = judged(RenewalKind.AGE, rights=head, worker=worker, on=DAY)
    assert renewal.find_renewal(later).in_count == 0
    assert left_out(later)[LeftOut.OTHER_EVENT] == 7


def test_changed_facts_are_judged_again_and_nobody_else(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = judged(RenewalKind.CHANGED, rights=head, worker=worker, on=date(2027, 6, 15))
    assert accounted(number)
    # One moved, one is assisted, one is still insured on the day and stays as it was.
    assert sorted_now(number) == {"renewed": 1, "lost": 2}
    assert left_out(number)[LeftOut.UNCHANGED] == len(night.renewed)
    effected(number, head=head, second=second, worker=worker)
    lost = dict(fetch("SELECT child_id, effective_on FROM cases_entitlement_change WHERE event = 'lost'", {}))
    assert lost == {night.moved.child: date(2027, 5, 1), night.assisted.child: date(2027, 6, 1)}
    voided = fetch("SELECT child_id FROM cases_certificate WHERE state = 'voided' ORDER BY child_id", {})
    # Who is insured for a shorter time than the card says is given a shorter one.
    assert voided == [(night.moved.child,), (night.uninsured.child,), (night.assisted.child,)]
    shorter = fetch("SELECT child_id, upper(valid) FROM cases_certificate WHERE kind = 'renewal'", {})
    assert shorter == [(night.uninsured.child, date(2027, 7, 1))]
    again = judged(RenewalKind.CHANGED, rights=head, worker=worker, on=date(2027, 6, 16))
    assert renewal.find_renewal(again).in_count == 0


def test_a_trial_does_everything_but_the_effect(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    before = fetch(
        "SELECT (SELECT count(*) FROM cases_decision), (SELECT count(*) FROM cases_certificate)", {}
    )
    number = judged(RenewalKind.YEARLY, rights=head, worker=worker, is_trial=True, issued_on=None)
    assert sorted_now(number) == {"renewed": 4, "lost": 2, "undecided": 1}
    with pytest.raises(Refused, match="反映するものがありません"):
        approve(number, second)
    run = carry(renewal.EFFECT, number, rights=head, worker=worker)
    assert run.state is RunState.FAILED
    renewal.close_trial(number, rights=head, at=clock.current_instant())
    assert renewal.find_renewal(number).state is RenewalState.DONE
    after = fetch(
        "SELECT (SELECT count(*) FROM cases_decision), (SELECT count(*) FROM cases_certificate)", {}
    )
    assert after == before
    # A trial stands in nobody's way.
    assert plan(head) > number


# From the certificate year 2026 on the bands end after grade 9: a rule that is then found to be wrong, or the reverse.
SHORTER = Overlay(
    (
        Change(
            "yokohama_child.toml", "band", "to_18_year_end", "ends", "grade:10", Period(date(2026, 6, 1), None), "改正",
            Certainty.ASSUMED, "変更",
        ),
    )
)  # fmt: skip


def test_a_replay_under_a_corrected_rule_says_who_was_not_entitled_since_when(
    world: World, head: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, big = world.family(birth="2018-05-10"), world.family(birth="2010-05-10")
    for family in (small, big):
        certify(family)
    world.move_out(big, on="2027-05-01")
    number = judged(RenewalKind.REPLAY, rights=head, worker=worker, on=date(2026, 8, 1), issued_on=None)
    assert sorted_now(number) == {"renewed": 2}, (
        "the same rule says the same, whatever became of the facts since"
    )
    monkeypatch.setattr(planning, "confirmed_overlay", lambda _: SHORTER)
    later = judged(RenewalKind.REPLAY, rights=head, worker=worker, on=date(2026, 8, 1), issued_on=None)
    assert renewal.find_renewal(later).parameter_version != renewal.find_renewal(number).parameter_version
    assert sorted_now(later) == {"renewed": 1, "not_owed": 1}
    rows = renewal.sorted_rows(later, sorted_as=Sorted.NOT_OWED, reason=None, wards=None, limit=10, after=0)
    assert [(row.child_id, row.benefit_class) for row in rows] == [(big.child, None)]
    assert rows[0].was_class


def test_a_replay_finds_who_is_owed(
    world: World, head: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = world.family(birth="2010-05-10")
    from kyufu.cases.operations import judgement

    with monkeypatch.context() as wrong:
        wrong.setattr(judgement, "confirmed_overlay", lambda _: SHORTER)
        from tests.cases.world import approve as approve_one
        from tests.cases.world import judge, receive

        application = receive(big)
        judge(application)
        approve_one(application)
    number = judged(RenewalKind.REPLAY, rights=head, worker=worker, on=date(2026, 8, 1), issued_on=None)
    assert sorted_now(number) == {"owed": 1}


def test_parameters_that_change_under_way_end_the_renewal(
    night: Night, head: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = plan(head)
    renewal.freeze_renewal(number, by=head.actor(), at=clock.current_instant())
    monkeypatch.setattr(planning, "confirmed_overlay", lambda _: SHORTER)
    run = carry(renewal.JUDGE, number, rights=head, worker=worker)
    assert run.state is RunState.FAILED
    assert "基準値が変わりました" in run.message


def test_the_blocks_are_of_equal_size_and_hold_everybody(
    night: Night, head: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "BLOCK", 2)
    number = plan(head)
    renewal.freeze_renewal(number, by=head.actor(), at=clock.current_instant())
    rows = fetch(
        "SELECT number, members FROM renewal_block WHERE renewal_id = %(id)s ORDER BY number", {"id": number}
    )
    assert rows == [(0, 2), (1, 2), (2, 2), (3, 1)]
    assert start(renewal.JUDGE, number, head) > 0
