"""What is due and what is stuck: counted as the runs and lists find it, bounded by wards, page by page."""

from __future__ import annotations

from datetime import date

import pytest

from kyufu.audit.reading import READING
from kyufu.cases import api as cases
from kyufu.cases.queries import fetch
from tests.cases.world import (
    APPROVER,
    AT,
    LATER,
    ON,
    WARD,
    Family,
    World,
    approve,
    certify,
    filing,
    issue,
    judge,
    quiet,
    receive,
)

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_WARD = "141020"


def noted() -> set[int]:
    """Whom the test has read of so far."""
    reading = READING.get()
    assert reading is not None
    return {person for _, subjects in reading.take_records() for person in subjects}


def undecided(world: World, *, ward: str = WARD) -> tuple[int, Family]:
    """An application that cannot be decided for want of insurance."""
    family = world.family(insured=False)
    application_id = receive(family, ward_code=ward)
    judge(application_id)
    return application_id, family


def test_counts_follow_an_application_on_its_way(world: World) -> None:
    counts = (cases.count_pending, cases.count_to_judge_again, cases.count_to_issue)
    assert [count() for count in counts] == [0, 0, 0]
    application_id = receive(world.family())
    assert [count() for count in counts] == [1, 0, 0]
    judge(application_id)
    assert [count() for count in counts] == [0, 0, 0]
    approve(application_id)
    assert [count() for count in counts] == [0, 0, 1]
    issue(application_id)
    assert [count() for count in counts] == [0, 0, 0]


def test_a_count_names_nobody(world: World) -> None:
    undecided(world)
    noted()
    cases.count_pending(), cases.count_to_issue(), cases.undecided_by_reason(None)
    cases.count_letters("missing_facts", but=None), cases.count_unrecovered(None, on=ON)
    cases.certificate_totals(None, first_day=ON, ends_before=date(2027, 1, 1))
    assert noted() == set()


def test_an_application_without_identity_check_is_not_pending(world: World) -> None:
    family = world.family()
    cases.receive_application(filing(family, kind=cases.Kind.NEW, identity=None), by=LATER, at=AT)
    assert cases.count_pending() == 0


def test_letters_are_counted_as_they_are_listed(world: World) -> None:
    undecided(world)
    certify(world.family())
    assisted = world.family()
    world.assist(assisted, since="2026-06-01")
    rejected = receive(assisted)
    judge(rejected)
    approve(rejected)
    found = {
        "certificate": len(list(cases.certificates_to_print())),
        "rejection": len(list(cases.rejections_to_notify())),
        "loss": len(list(cases.losses_to_notify())),
        "missing_facts": len(list(cases.undecided_to_notify())),
    }
    assert found == {"certificate": 1, "rejection": 1, "loss": 0, "missing_facts": 1}
    assert {kind: cases.count_letters(kind, but=None) for kind in found} == found
    nobody = "SELECT id FROM cases_application WHERE false"
    everybody = "SELECT id FROM cases_application UNION SELECT id FROM cases_certificate"
    assert cases.count_letters("rejection", but=nobody) == 1
    assert cases.count_letters("rejection", but=everybody) == 0


def test_a_loss_is_counted(world: World) -> None:
    family = world.family()
    certify(family)
    world.move_out(family, on="2026-09-01")
    cases.judge_stale(municipality="yokohama", on=date(2026, 9, 2), by=LATER, at=AT, report=quiet)
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    assert cases.count_letters("loss", but=None) == len(list(cases.losses_to_notify())) == 1


def test_the_undecided_are_listed_by_ward_and_reason(world: World) -> None:
    here, child = undecided(world)
    there, _ = undecided(world, ward=OTHER_WARD)
    noted()
    listed = cases.undecided_in([WARD], code=None, limit=10, after=0)
    assert [one.application_id for one in listed] == [here]
    assert (listed[0].ward_code, listed[0].reason_codes[0]) == (WARD, "missing.insurance")
    assert noted() == {child.child}
    everything = cases.undecided_in(None, code="missing.insurance", limit=10, after=0)
    assert [one.application_id for one in everything] == [here, there]
    assert cases.undecided_in(None, code="income.undeclared", limit=10, after=0) == ()
    assert cases.undecided_in([], code=None, limit=10, after=0) == ()


def test_the_undecided_are_counted_by_their_first_reason(world: World) -> None:
    for ward in (WARD, WARD, OTHER_WARD):
        undecided(world, ward=ward)
    assert [tuple(one) for one in cases.undecided_by_reason(None)] == [("missing.insurance", 3)]
    assert [tuple(one) for one in cases.undecided_by_reason([OTHER_WARD])] == [("missing.insurance", 1)]
    assert cases.undecided_by_reason([]) == ()


def test_a_list_goes_on_after_a_place(world: World) -> None:
    numbers = [undecided(world)[0] for _ in range(3)]
    first = cases.undecided_in(None, code=None, limit=2, after=0)
    rest = cases.undecided_in(None, code=None, limit=2, after=first[-1].application_id)
    assert [one.application_id for one in (*first, *rest)] == numbers


def test_what_is_decided_leaves_the_list(world: World) -> None:
    application_id, family = undecided(world)
    world.insure(family.number + 1)
    judge(application_id)
    assert cases.undecided_in(None, code=None, limit=10, after=0) == ()


def test_the_guardians_of_open_cases_are_listed_once(world: World) -> None:
    family, decided = world.family(), world.family()
    receive(family)
    certify(decided)
    undecided(world, ward=OTHER_WARD)
    noted()
    assert cases.guardians_in_open_cases([WARD], limit=10, after=0) == (family.father,)
    assert noted() == {family.father}
    assert len(cases.guardians_in_open_cases(None, limit=10, after=0)) == 2
    assert len(cases.guardians_in_open_cases(None, limit=1, after=0)) == 1
    assert family.father not in cases.guardians_in_open_cases(None, limit=10, after=family.father)


def card() -> tuple[int, str]:
    row = fetch("SELECT id, number FROM cases_certificate ORDER BY id DESC LIMIT 1", {})[0]
    return row[0], row[1]


def test_a_card_in_right_use_is_not_called_back(world: World) -> None:
    certify(world.family())
    assert cases.count_unrecovered(None, on=ON) == 0
    assert cases.unrecovered_in(None, on=ON, limit=10, after=0) == ()


def test_a_void_card_is_called_back_until_it_comes(world: World) -> None:
    family = world.family()
    certify(family)
    certificate_id, number = card()
    cases.void_certificate(number, by=LATER, at=AT, why="転出")
    (found,) = cases.unrecovered_in([WARD], on=ON, limit=10, after=0)
    assert (found.certificate_id, found.child_id, found.state) == (certificate_id, family.child, "voided")
    assert cases.unrecovered_in([OTHER_WARD], on=ON, limit=10, after=0) == ()
    assert cases.unrecovered_in(None, on=ON, limit=10, after=certificate_id) == ()
    cases.recover_certificate(number, by=LATER, at=AT, why="返納")
    assert cases.count_unrecovered(None, on=ON) == 0


def test_the_card_of_a_child_who_moved_out_is_called_back(world: World) -> None:
    family = world.family()
    certify(family)
    world.move_out(family, on="2026-09-01")
    cases.judge_stale(municipality="yokohama", on=date(2026, 9, 2), by=LATER, at=AT, report=quiet)
    cases.approve_decided(by=APPROVER, at=AT, report=quiet)
    assert cases.count_unrecovered(None, on=date(2026, 9, 2)) == 1
    (found,) = cases.unrecovered_in(None, on=date(2026, 9, 2), limit=10, after=0)
    assert (found.child_id, found.state) == (family.child, "voided")


def test_certificates_are_listed_in_order_and_noted(world: World) -> None:
    families = [world.family() for _ in range(3)]
    for family in families:
        certify(family)
    noted()
    first = cases.certificates_in(None, state=None, issued_on=None, limit=2, after=0)
    rest = cases.certificates_in(None, state=None, issued_on=None, limit=2, after=first[-1].certificate_id)
    assert [one.child_id for one in (*first, *rest)] == [family.child for family in families]
    assert noted() == {family.child for family in families}
    assert {one.guardian_id for one in first} == {families[0].father, families[1].father}
    alone = cases.certificate_listed(first[0].certificate_id)
    assert alone == first[0]
    assert noted() == {families[0].child}


def test_certificates_are_narrowed(world: World) -> None:
    certify(world.family())
    asked = {"limit": 10, "after": 0}
    assert len(cases.certificates_in([WARD], state="issued", issued_on=ON, **asked)) == 1
    assert cases.certificates_in([OTHER_WARD], state=None, issued_on=None, **asked) == ()
    assert cases.certificates_in(None, state="recovered", issued_on=None, **asked) == ()
    assert cases.certificates_in(None, state=None, issued_on=date(2026, 8, 2), **asked) == ()


def test_a_month_in_japan_begins_before_that_of_the_clock(world: World) -> None:
    certify(world.family())
    (total,) = cases.certificate_totals(None, first_day=date(2026, 7, 1), ends_before=date(2026, 8, 1))
    assert (total.month, total.issued, total.voided, total.recovered) == (date(2026, 7, 1), 1, 0, 0)
    assert cases.certificate_totals(None, first_day=date(2026, 8, 1), ends_before=date(2026, 9, 1)) == ()


@pytest.mark.parametrize(
    ("first_day", "ends_before", "issued"),
    [
        # It was issued on 21 July in Japan: the first day counts, the day of the end does not.
        (date(2026, 7, 1), date(2026, 8, 1), 1), (AT.date(), date(2026, 8, 1), 1),
        (date(2026, 7, 1), AT.date(), 0), (date(2026, 8, 1), date(2026, 9, 1), 0),
    ],
)  # fmt: skip
def test_a_period_of_certificates_begins_with_its_first_day_and_ends_before_its_end(
    world: World, first_day: date, ends_before: date, issued: int
) -> None:
    certify(world.family())
    found = cases.certificate_totals(None, first_day=first_day, ends_before=ends_before)
    assert sum(one.issued for one in found) == issued


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_certificates_of_any_size_hold_each_once(world: World, limit: int) -> None:
    children = [family.child for family in (world.family() for _ in range(2)) if certify(family) or True]
    found: list[int] = []
    after = 0
    while page := cases.certificates_in(None, state=None, issued_on=None, limit=limit, after=after):
        assert len(page) <= limit
        found += [one.child_id for one in page]
        after = page[-1].certificate_id
    assert found == children


def test_no_ward_at_all_has_nothing(world: World) -> None:
    """Nobody's wards are not every ward."""
    certify(world.family())
    undecided(world)
    asked = {"limit": 10, "after": 0}
    assert cases.certificates_in([], state=None, issued_on=None, **asked) == ()
    assert cases.undecided_in([], code=None, **asked) == ()
    assert cases.unrecovered_in([], on=ON, **asked) == ()
    assert cases.guardians_in_open_cases([], **asked) == ()
    assert cases.undecided_by_reason([]) == ()
    assert cases.count_unrecovered([], on=ON) == 0
    assert cases.certificate_totals([], first_day=date(2026, 1, 1), ends_before=date(2027, 1, 1)) == ()
