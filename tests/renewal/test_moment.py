"""The moment of the facts: what came after it is not judged by, and stops the effect of whom it is about."""

from __future__ import annotations

import pytest

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.platform.errors import BadInput
from kyufu.renewal import api as renewal
from kyufu.runs.api import RunState
from kyufu.staff.api import Rights
from tests.cases.world import World, certify, receive
from tests.renewal.night import DAY, ISSUED, Night, Work, approve, carry, plan, sorted_now

pytestmark = pytest.mark.django_db(transaction=True)


def test_facts_are_those_of_the_stated_moment(world: World, head: Rights, worker: Work) -> None:
    families = [world.family() for _ in range(3)]
    for family in families:
        certify(family)
    moment = clock.current_instant()
    world.move_out(families[0], on="2027-05-01")
    number = plan(head, known_at=moment)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    assert sorted_now(number) == {"renewed": 3}
    assert renewal.find_renewal(number).known_at == moment
    later = plan(head, known_at=clock.current_instant(), is_trial=True)
    assert carry(renewal.JUDGE, later, rights=head, worker=worker).state is RunState.DONE
    assert sorted_now(later) == {"renewed": 2, "lost": 1}


def test_a_moment_that_lies_ahead_is_refused(head: Rights) -> None:
    from datetime import timedelta

    with pytest.raises(BadInput, match="未来"):
        plan(head, known_at=clock.current_instant() + timedelta(hours=1))


def test_who_changed_after_the_moment_is_left_as_it_was(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = plan(head)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    changed = night.renewed[0]
    night.world.move_out(changed, on="2027-06-01")
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    seen = renewal.find_renewal(number)
    assert (seen.in_count, seen.effected_count, seen.refused_count) == (7, 6, 1)
    assert renewal.refusal_counts(number) == {"changed": 1}
    rows = renewal.refused_rows(number, wards=None, limit=10, after=0)
    assert [(row.child_id, row.refusal) for row in rows] == [(changed.child, "changed")]
    assert fetch(
        "SELECT count(*) FROM cases_certificate WHERE kind = 'renewal' AND child_id = %(id)s",
        {"id": changed.child},
    ) == [(0,)]


def test_a_case_that_moved_after_the_judgement_is_left_as_it_was(
    night: Night, head: Rights, second: Rights, worker: Work
) -> None:
    number = plan(head)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    moved = night.moved
    application = cases.applications_about([moved.child])[0].application_id
    from tests.cases.world import judge

    judge(application, on=DAY)
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert renewal.refusal_counts(number) == {"moved": 1}


def test_what_the_law_breaks_on_is_a_list_and_takes_no_effect(
    night: Night, head: Rights, second: Rights, worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kyufu.renewal import judging

    gather = judging.cases.gather_renewals

    def lose_one(*args: object, **named: object) -> cases.RenewalFacts:
        found = gather(*args, **named)  # type: ignore[arg-type]
        return found._replace(
            children=found.children[1:], questions=found.questions[1:], unregistered=found.children[:1]
        )

    monkeypatch.setattr(judging.cases, "gather_renewals", lose_one)
    number = plan(head)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    assert sorted_now(number)["broken"] == 1
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert renewal.refusal_counts(number) == {"unjudged": 1}
    assert renewal.find_renewal(number).issued_on == ISSUED


def test_a_second_guardian_counts_as_changed_too(
    world: World, head: Rights, second: Rights, worker: Work
) -> None:
    family = world.family()
    certify(family)
    receive(world.family())
    number = plan(head)
    assert carry(renewal.JUDGE, number, rights=head, worker=worker).state is RunState.DONE
    from kyufu.platform.changes import record_changes

    record_changes(source="tax", rows=[(family.father, "所得")])
    approve(number, second)
    assert carry(renewal.EFFECT, number, rights=head, worker=worker).state is RunState.DONE
    assert renewal.refusal_counts(number) == {"changed": 1}
