"""A loss from the day its reason began: a yearly renewal tells the real day apart, and the next step leads there."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from kyufu.cases.queries import fetch
from kyufu.law.calendar.period import Period
from kyufu.law.parameters.overlay import NOTHING
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import RenewalKind, RenewalState, Sorted
from kyufu.renewal.early import began_on
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights
from tests.law.independent import child_of
from tests.renewal.night import DAY, Night, Work, approve, carry, plan

MOVED, ASSISTED = date(2027, 5, 1), date(2027, 6, 1)


def judged(rights: Rights, worker: Work, kind: RenewalKind = RenewalKind.YEARLY, **items: object) -> int:
    """A renewal that was judged."""
    number = plan(rights, kind, **items)
    run = carry(renewal.JUDGE, number, rights=rights, worker=worker)
    assert run.state is RunState.DONE, run.message
    return number


def early(number: int) -> dict[int, date]:
    """The real day of each child on the list."""
    return {one.child_id: one.began_on for one in renewal.early_rows(number, wards=None, limit=50, after=0)}


@pytest.mark.django_db(transaction=True)
def test_those_whose_reason_began_before_are_told_apart_with_the_real_day(
    night: Night, head: Rights, worker: Work
) -> None:
    number = judged(head, worker)
    assert early(number) == {night.moved.child: MOVED, night.assisted.child: ASSISTED}
    assert renewal.early_count(number) == 2
    rows = renewal.early_rows(number, wards=None, limit=50, after=0)
    assert {one.reason_code for one in rows} == {"not_resident", "public_assistance"}
    assert {one.judged_for for one in rows} == {DAY}
    assert "事実の変更による判定し直し" in renewal.EARLY_STEP
    assert renewal.early_rows(number, wards=["999999"], limit=50, after=0) == ()
    assert len(renewal.early_rows(number, wards=None, limit=1, after=rows[0].row_id)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_run_of_changed_facts_ends_it_on_the_day_itself(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    """What the list leads to: afterwards the child is out of the yearly renewal, and the loss is of the real day."""
    yearly = judged(head, worker)
    renewal.give_up(yearly, why="喪失の日を先に直すため", rights=head, at=clock.current_instant())
    began = early(yearly)[night.moved.child]
    changed = judged(head, worker, RenewalKind.CHANGED, on=began)
    lost = renewal.sorted_rows(changed, sorted_as=Sorted.LOST, reason=None, wards=None, limit=50, after=0)
    assert night.moved.child in {one.child_id for one in lost}
    assert renewal.early_count(changed) == 0, "it is judged for the day that was chosen"
    approve(changed, second)
    assert carry(renewal.EFFECT, changed, rights=head, worker=worker).state is RunState.DONE
    assert fetch(
        "SELECT effective_on FROM cases_entitlement_change WHERE child_id = %(id)s AND event = 'lost'",
        {"id": night.moved.child},
    ) == [(MOVED,)]
    again = judged(head, worker)
    assert night.moved.child not in early(again)


@pytest.mark.django_db(transaction=True)
def test_whose_time_is_over_with_the_period_is_not_on_the_list(
    night: Night, head: Rights, worker: Work
) -> None:
    later = night.world.family()
    from tests.cases.world import certify

    certify(later)
    night.world.move_out(later, on=str(DAY))
    number = judged(head, worker)
    lost = renewal.sorted_rows(number, sorted_as=Sorted.LOST, reason=None, wards=None, limit=50, after=0)
    assert later.child in {one.child_id for one in lost}
    assert later.child not in early(number)


@pytest.mark.django_db(transaction=True)
def test_a_renewal_that_goes_on_tells_the_loss_from_the_first_day(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = judged(head, worker)
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert renewal.find_renewal(number).state is RenewalState.EFFECTED
    assert early(number)[night.moved.child] == MOVED, "the list stays for whoever corrects it afterwards"


@pytest.mark.django_db(transaction=True)
def test_the_list_stands_as_written(night: Night, head: Rights, worker: Work) -> None:
    judged(head, worker)
    for statement in (
        "UPDATE renewal_early_loss SET began_on = '2027-04-01'",
        "DELETE FROM renewal_early_loss",
    ):
        with (
            pytest.raises(DatabaseError, match="stand as written"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("last", "began"),
    [
        ("2027-08-01", None),
        ("2027-07-31", "2027-07-31"),
        ("2027-05-01", "2027-05-01"),
        ("2026-08-02", "2026-08-02"),
        # Before the certificate year another decision answers for it.
        ("2026-03-01", "2026-08-01"),
    ],
)
def test_the_real_day_of_who_left_the_city(last: str, began: str | None) -> None:
    facts = child_of(born=date(2018, 5, 10))
    stayed = Period(date(2018, 5, 10), date.fromisoformat(last))
    left = facts._replace(residences=(facts.residences[0]._replace(period=stayed),))
    found = began_on(left, municipality="yokohama", judged_for=DAY, overlay=NOTHING)
    assert found == (None if began is None else date.fromisoformat(began))
