"""Who is in the base and why somebody is left out: one child for each reason, and nobody lost whatever the mix."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import LeftOut, RenewalKind
from kyufu.staff.api import Rights
from tests.cases.world import APPROVER, AT, CLERK, Family, World, approve, certify, judge, receive
from tests.renewal.night import DAY, plan

pytestmark = pytest.mark.django_db(transaction=True)


def frozen(rights: Rights, kind: RenewalKind = RenewalKind.YEARLY, **items: object) -> int:
    """A trial whose base is frozen."""
    number = plan(rights, kind, is_trial=True, **items)
    renewal.freeze_renewal(number, by=rights.actor(), at=clock.current_instant())
    return number


def reason_of(number: int, family: Family) -> str | None:
    """Why a child is left out; None for one in the run, 'nobody' for one who is not in the base."""
    rows = fetch(
        "SELECT left_out FROM renewal_member WHERE renewal_id = %(id)s AND child_id = %(child)s",
        {"id": number, "child": family.child},
    )
    return rows[0][0] if rows else "nobody"


def test_somebody_whose_period_ends_on_the_day_is_in_the_run(world: World, head: Rights) -> None:
    family = world.family()
    certify(family)
    number = frozen(head)
    assert reason_of(number, family) is None
    rows = fetch(
        "SELECT is_entitled, is_resident, has_applied, judged_for, was_until, ward_code FROM renewal_member",
        {},
    )
    assert rows == [(True, True, True, DAY, DAY, "141011")]


@pytest.mark.parametrize("day", [date(2027, 7, 31), date(2027, 8, 2)])
def test_a_day_beside_the_end_takes_nobody(world: World, head: Rights, day: date) -> None:
    family = world.family()
    certify(family)
    expected = LeftOut.NOT_DUE if day < DAY else LeftOut.ENDED
    assert reason_of(frozen(head, on=day), family) == expected


def test_who_never_applied_is_in_the_base_and_left_out(world: World, head: Rights) -> None:
    family = world.family()
    number = frozen(head)
    assert reason_of(number, family) == LeftOut.NOT_APPLIED
    assert fetch("SELECT is_entitled, is_resident, has_applied FROM renewal_member", {}) == [
        (False, True, False)
    ]


def test_adults_and_those_not_of_age_are_nobody(world: World, head: Rights) -> None:
    grown = world.family(birth="2008-05-10")
    number = frozen(head)
    assert reason_of(number, grown) == "nobody"
    assert renewal.find_renewal(number).base_count == 0


def test_who_moved_away_and_never_applied_is_nobody(world: World, head: Rights) -> None:
    family = world.family()
    world.move_out(family, on="2027-05-01")
    assert reason_of(frozen(head), family) == "nobody"


def test_an_open_application_is_in_progress(world: World, head: Rights) -> None:
    received, judged, approved = (world.family() for _ in range(3))
    receive(received)
    judge(receive(judged))
    application = receive(approved)
    judge(application)
    approve(application)
    number = frozen(head)
    for family in (received, judged, approved):
        assert reason_of(number, family) == LeftOut.IN_PROGRESS


def test_a_rejected_application_is_left_out_as_such(world: World, head: Rights) -> None:
    family = world.family()
    world.assist(family, since="2026-06-01")
    application = receive(family)
    judge(application)
    approve(application)
    assert reason_of(frozen(head), family) == LeftOut.REJECTED


def test_who_lost_it_before_is_left_out_as_ended(world: World, head: Rights) -> None:
    family = world.family()
    application = certify(family)
    world.assist(family, since="2027-01-01")
    cases.judge_application(application, municipality="yokohama", on=date(2027, 2, 1), by=CLERK, at=AT)
    cases.approve_application(application, by=APPROVER, at=AT)
    assert reason_of(frozen(head), family) == LeftOut.ENDED


def test_a_protected_child_is_in_the_run_and_its_ward_is_not_told_by_its_home(
    world: World, head: Rights
) -> None:
    from tests.registry.persons import measure

    with_case, without = world.family(), world.family()
    certify(with_case)
    world.send("protection", [measure(one.number + 1) for one in (with_case, without)])
    number = frozen(head)
    assert reason_of(number, with_case) is None
    wards = dict(fetch("SELECT child_id, ward_code FROM renewal_member", {}))
    assert wards == {with_case.child: "141011", without.child: ""}


def test_unchanged_facts_are_left_out_of_a_judgement_again(world: World, head: Rights) -> None:
    same, changed = world.family(), world.family()
    for family in (same, changed):
        certify(family)
    world.assist(changed, since="2027-01-01")
    number = frozen(head, RenewalKind.CHANGED, on=date(2027, 2, 1))
    assert reason_of(number, same) == LeftOut.UNCHANGED
    assert reason_of(number, changed) is None


def test_without_a_decision_there_is_nothing_to_replay(world: World, head: Rights) -> None:
    decided, waiting, never = world.family(), world.family(), world.family()
    certify(decided)
    receive(waiting)
    number = frozen(head, RenewalKind.REPLAY, on=date(2026, 8, 1))
    assert reason_of(number, decided) is None
    assert reason_of(number, waiting) == LeftOut.NO_DECISION
    assert reason_of(number, never) == LeftOut.NOT_APPLIED


def test_a_replay_takes_only_decisions_of_its_days(world: World, head: Rights) -> None:
    family = world.family()
    certify(family)
    assert reason_of(frozen(head, RenewalKind.REPLAY, on=date(2027, 7, 31)), family) is None
    assert reason_of(frozen(head, RenewalKind.REPLAY, on=date(2027, 8, 1)), family) == LeftOut.NO_DECISION


FATES = ("certified", "received", "rejected", "nothing", "moved")


@pytest.fixture
def fated(world: World) -> dict[str, Family]:
    """One family for each fate."""
    return {fate: fate_of(world, fate) for fate in FATES}


def fate_of(world: World, fate: str) -> Family:
    """A family that has come so far."""
    family = world.family()
    if fate == "rejected":
        world.assist(family, since="2026-06-01")
    if fate in ("certified", "moved"):
        certify(family)
    elif fate != "nothing":
        application = receive(family)
        if fate == "rejected":
            judge(application)
            approve(application)
    if fate == "moved":
        world.move_out(family, on="2027-05-01")
    return family


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(list(RenewalKind)), on=st.dates(date(2026, 8, 1), date(2028, 9, 1)))
def test_whatever_is_asked_everybody_is_accounted_for(
    fated: dict[str, Family], head: Rights, kind: RenewalKind, on: date
) -> None:
    """Each child of the base is there once, in the run or left out, and the entitled are all of the base."""
    number = frozen(head, kind, on=on)
    seen = renewal.find_renewal(number)
    rows = fetch(
        "SELECT child_id, left_out IS NULL, block IS NULL FROM renewal_member WHERE renewal_id = %(id)s",
        {"id": number},
    )
    assert len({row[0] for row in rows}) == len(rows) == seen.base_count
    assert all(row[1] is not row[2] for row in rows)
    assert (
        Counter(row[1] for row in rows)
        == Counter({True: seen.in_count, False: seen.left_out_count}) - Counter()
    )
    entitled = {
        row[0]
        for row in fetch(
            """SELECT child_id FROM cases_entitlement WHERE superseded_at IS NULL
                AND (valid @> %(day)s::date OR upper(valid) = %(day)s)""",
            {"day": on},
        )
    }
    assert entitled <= {row[0] for row in rows}
