"""A yearly renewal from its plan to its report: everybody is accounted for, and gets what the law answers."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.renewal import api as renewal
from kyufu.renewal.api import LeftOut, RenewalState
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights
from tests.renewal.night import Night, Work, approve, carry, plan, sorted_now, tables, undisturbed

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_year_in_one_night(night: Night, head: Rights, second: Rights, worker: Work) -> None:
    number = plan(head)
    run = carry(renewal.JUDGE, number, rights=head, worker=worker)
    assert run.state is RunState.DONE, run.message
    seen = renewal.find_renewal(number)
    assert seen.state is RenewalState.JUDGED
    assert sorted_now(number) == {"renewed": 4, "lost": 2, "undecided": 1}
    left_out = {one.reason: one.children for one in renewal.left_out_counts(number)}
    assert left_out == {LeftOut.NOT_APPLIED: 1, LeftOut.IN_PROGRESS: 1}
    assert seen.base_count == 9
    assert (seen.in_count, seen.left_out_count) == (7, 2)
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    seen = renewal.find_renewal(number)
    assert (seen.effected_count, seen.refused_count) == (7, 0)
    run = carry(renewal.PRINT, number, rights=head, worker=worker)
    assert run.state is RunState.DONE, run.message
    assert renewal.find_renewal(number).state is RenewalState.DONE
    assert tables(number) == undisturbed(night)
    assert cases.state_counts() == {"closed": 2, "issued": 5, "received": 1, "undecided": 1}
    assert {(one.document, one.due, one.printed, one.left_out) for one in renewal.ties_of(number)} == {
        ("certificate", 4, 4, 0), ("loss", 2, 2, 0), ("missing_facts", 1, 1, 0),
        ("urging", 0, 0, 0),
    }  # fmt: skip
