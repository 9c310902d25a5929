"""What a person's page asks of cases, and acts on a certificate as it was seen."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kyufu.cases import api as cases
from kyufu.law.calendar.period import Period
from kyufu.platform.errors import BadInput, Refused
from tests.cases.world import (
    APPROVER,
    AT,
    CLERK,
    LATER,
    ON,
    Family,
    World,
    approve,
    certify,
    filing,
    judge,
    receive,
)

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 8, 1), date(2027, 8, 1))


@pytest.fixture
def family(world: World) -> Family:
    """A father and a child."""
    return world.family()


def told(person: int, *, on: date = ON) -> tuple[cases.ApplicationTold, ...]:
    """The applications about somebody."""
    return cases.applications_told(person, on=on)


def standing(person: int, *, on: date = ON) -> cases.Standing:
    """How somebody stands."""
    return cases.standing_of([person], on=on)[person]


def certificate_of(family: Family) -> int:
    """The newest certificate of the child."""
    return cases.certificates_of([family.child])[0].certificate_id


def test_an_application_is_told_to_child_and_guardian_with_who_did_what(family: Family) -> None:
    application_id = receive(family)
    assert [one.row.application_id for one in told(family.father)] == [application_id]
    (waiting,) = told(family.child)
    assert (waiting.judged_by, waiting.judged_at, waiting.approved_by, waiting.outcome) == ("", None, "", "")
    judge(application_id)
    approve(application_id)
    (done,) = told(family.child)
    assert done.judged_by == f"{CLERK.office}　{CLERK.name}"
    assert done.approved_by == f"{APPROVER.office}　{APPROVER.name}"
    assert (done.judged_at, done.approved_at, done.outcome) == (AT, AT, "eligible")
    assert done.guardians == ((family.father, "father"),)


def test_what_is_in_force_is_marked_until_it_has_run_out(family: Family) -> None:
    application_id = receive(family)
    judge(application_id)
    assert not told(family.child)[0].in_force
    approve(application_id)
    assert told(family.child)[0].in_force
    assert not told(family.child, on=date(2040, 1, 1))[0].in_force


def test_the_same_applications_as_the_short_list_newest_first(world: World, family: Family) -> None:
    certify(family)
    receive(family, kind=cases.Kind.REISSUE, matter=cases.ReissueCause.LOST)
    receive(world.family())
    for person in (family.child, family.father):
        rows = tuple(one.row for one in told(person))
        assert rows == cases.applications_about([person])
        assert [row.kind for row in rows] == ["reissue", "new"]


def test_of_somebody_without_applications_nothing_is_told(family: Family) -> None:
    assert told(family.child) == ()
    assert cases.applications_about([family.father]) == ()


@pytest.mark.parametrize("applications", [1, 4])
def test_the_round_trips_do_not_grow_with_the_applications(applications: int, world: World) -> None:
    family = world.family()
    certify(family)
    for _ in range(applications):
        fresh = world.family()
        receive(fresh, guardians=(cases.FiledGuardian(family.father, "father"),))
    with CaptureQueriesContext(connection) as asked:
        assert len(told(family.father)) == applications + 1
        cases.standing_of([family.child, family.father], on=ON)
    assert len(asked) == 2


def test_who_is_entitled_is_so_on_the_day_and_says_until_when(family: Family) -> None:
    assert standing(family.child) == cases.Standing(None, None, None, "", is_guardian=False)
    certify(family)
    assert standing(family.child) == cases.Standing(YEAR, "free", None, "issued", is_guardian=False)
    assert standing(family.child, on=date(2027, 8, 1)) == cases.Standing(
        None, None, YEAR.end, "issued", is_guardian=False
    )
    assert standing(family.father) == cases.Standing(None, None, None, "", is_guardian=True)


def test_somebody_unknown_stands_for_nothing(world: World) -> None:
    assert standing(999_999) == cases.Standing(None, None, None, "", is_guardian=False)
    assert cases.standing_of([], on=ON) == {}


def test_a_withdrawn_application_makes_nobody_a_guardian(family: Family) -> None:
    application_id = receive(family)
    number = cases.application_by_id(application_id).number
    cases.withdraw_application(filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number), by=CLERK, at=AT)
    assert not standing(family.father).is_guardian


def test_a_certificate_is_told_with_its_child_and_ward(family: Family) -> None:
    certify(family)
    held = cases.certificate_by_id(certificate_of(family))
    assert held.certificate == cases.certificates_of([family.child])[0]
    assert (held.child_id, held.ward_code) == (family.child, "141011")
    with pytest.raises(BadInput, match="その医療証はありません"):
        cases.certificate_by_id(999_999)


@pytest.mark.requirement("YOK-030")
@pytest.mark.parametrize(("mark", "state"), [(cases.void_seen, "voided"), (cases.recover_seen, "recovered")])
def test_a_certificate_is_marked_as_it_was_seen(mark: object, state: str, family: Family) -> None:
    certify(family)
    certificate_id = certificate_of(family)
    seen = cases.certificate_digest(certificate_id)
    mark(certificate_id, seen=seen, by=LATER, at=AT, why="紛失の届出")  # type: ignore[operator]
    last = cases.certificate_history(certificate_id)[-1]
    assert (last.to_state, last.why, last.actor_name) == (state, "紛失の届出", LATER.name)
    assert cases.certificate_digest(certificate_id) != seen


@pytest.mark.parametrize("mark", [cases.void_seen, cases.recover_seen])
def test_who_comes_second_is_told_what_changed_and_by_whom(mark: object, family: Family) -> None:
    certify(family)
    certificate_id = certificate_of(family)
    seen = cases.certificate_digest(certificate_id)
    cases.void_seen(certificate_id, seen=seen, by=APPROVER, at=AT, why="破損")
    with pytest.raises(Refused, match="鶴見区保険年金課の決裁　次郎さんがこの医療証を「無効」にしました"):
        mark(certificate_id, seen=seen, by=LATER, at=AT, why="紛失")  # type: ignore[operator]
    assert [step.to_state for step in cases.certificate_history(certificate_id)] == ["issued", "voided"]


def test_a_voided_certificate_may_still_be_handed_back_and_no_more_than_that(family: Family) -> None:
    certify(family)
    certificate_id = certificate_of(family)
    for mark in (cases.void_seen, cases.recover_seen):
        mark(certificate_id, seen=cases.certificate_digest(certificate_id), by=LATER, at=AT, why="返却")
    with pytest.raises(Refused, match="いまの状態ではこの処理はできません"):
        cases.void_seen(
            certificate_id, seen=cases.certificate_digest(certificate_id), by=LATER, at=AT, why="もう一度"
        )


@pytest.mark.parametrize("mark", [cases.void_seen, cases.recover_seen])
def test_a_reason_is_required_and_a_certificate_must_be_there(mark: object, family: Family) -> None:
    certify(family)
    certificate_id = certificate_of(family)
    seen = cases.certificate_digest(certificate_id)
    with pytest.raises(Refused, match="理由がありません"):
        mark(certificate_id, seen=seen, by=LATER, at=AT, why=" ")  # type: ignore[operator]
    with pytest.raises(BadInput, match="その医療証はありません"):
        mark(999_999, seen=seen, by=LATER, at=AT, why="紛失")  # type: ignore[operator]
