"""The worklists: in their order, page by page, within wards, and nobody is looked at unnoted."""

from __future__ import annotations

import pytest

from kyufu.audit.reading import READING
from kyufu.documents import api as documents
from kyufu.documents.api import Kind
from kyufu.law.decision import Outcome
from kyufu.platform import clock
from kyufu.renewal import api as renewal
from kyufu.renewal.api import LeftOut, Sorted
from kyufu.staff.api import Rights
from tests.cases.world import ON, quiet
from tests.renewal.night import Night, plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def judged(night: Night, head: Rights) -> int:
    """A renewal that waits for approval."""
    number = plan(head)
    renewal.judge_renewal(number, by=head.actor(), at=clock.current_instant(), report=quiet)
    return number


def rows(number: int, sorted_as: Sorted, **items: object) -> tuple[renewal.SortedRow, ...]:
    asked: dict[str, object] = {"reason": None, "wards": None, "limit": 10, "after": 0, **items}
    return renewal.sorted_rows(number, sorted_as=sorted_as, **asked)  # type: ignore[arg-type]


def test_each_is_on_one_list_with_what_it_held_and_gets(judged: int, night: Night) -> None:
    renewed = rows(judged, Sorted.RENEWED)
    assert [row.child_id for row in renewed] == [family.child for family in night.renewed]
    assert {row.was_class == row.benefit_class for row in renewed} == {True}
    assert {str(row.valid.start) for row in renewed if row.valid} == {"2027-08-01"}
    lost = rows(judged, Sorted.LOST)
    assert {(row.child_id, row.reason_code, row.benefit_class) for row in lost} == {
        (night.moved.child, "not_resident", None), (night.assisted.child, "public_assistance", None),
    }  # fmt: skip
    assert [row.child_id for row in rows(judged, Sorted.UNDECIDED)] == [night.uninsured.child]
    assert rows(judged, Sorted.BROKEN) == ()


def test_pages_follow_each_other_without_gap_or_overlap(judged: int, night: Night) -> None:
    first = rows(judged, Sorted.RENEWED, limit=3)
    then = rows(judged, Sorted.RENEWED, limit=3, after=first[-1].row_id)
    assert [row.child_id for row in (*first, *then)] == [family.child for family in night.renewed]


def test_a_reason_narrows_a_list(judged: int, night: Night) -> None:
    assert [row.child_id for row in rows(judged, Sorted.LOST, reason="not_resident")] == [night.moved.child]
    assert rows(judged, Sorted.LOST, reason="died") == ()


@pytest.mark.parametrize(
    ("wards", "found"), [(None, 4), (frozenset({"141011"}), 4), (frozenset({"141020"}), 0)]
)
def test_wards_bound_a_list(judged: int, wards: frozenset[str] | None, found: int) -> None:
    assert len(rows(judged, Sorted.RENEWED, wards=wards)) == found
    sample = renewal.sample_rows(judged, wards=wards)
    assert len([row for row in sample if row.sorted is Sorted.RENEWED]) == found


def test_those_left_out_by_reason(judged: int, night: Night) -> None:
    found = renewal.left_out_rows(judged, reason=None, wards=None, limit=10, after=0)
    assert {(row.child_id, row.reason) for row in found} == {
        (night.never_applied.child, LeftOut.NOT_APPLIED), (night.waiting.child, LeftOut.IN_PROGRESS),
    }  # fmt: skip
    some = renewal.left_out_rows(judged, reason=LeftOut.NOT_APPLIED, wards=None, limit=10, after=0)
    assert [(row.child_id, row.application_id) for row in some] == [(night.never_applied.child, None)]
    assert renewal.left_out_rows(judged, reason=None, wards=None, limit=10, after=found[-1].row_id) == ()


def test_the_sample_is_the_same_for_everybody_and_holds_each_list(judged: int) -> None:
    sample = renewal.sample_rows(judged, wards=None)
    assert sample == renewal.sample_rows(judged, wards=None)
    assert {row.sorted for row in sample} == {Sorted.RENEWED, Sorted.LOST, Sorted.UNDECIDED}


def test_the_answers_are_those_of_the_law(judged: int, night: Night) -> None:
    row = rows(judged, Sorted.UNDECIDED)[0]
    answers = renewal.answers_of([night.uninsured.child], renewal_id=judged)
    assert answers[row.row_id].outcome is Outcome.CANNOT_DECIDE
    assert answers[row.row_id].reasons[0].code == row.reason_code == "missing.insurance"


def test_whose_data_was_shown_is_noted(judged: int, night: Night) -> None:
    reading = READING.get()
    assert reading is not None
    reading.take_records()
    rows(judged, Sorted.LOST)
    noted = {child for _, subjects in reading.take_records() for child in subjects}
    assert noted == {night.moved.child, night.assisted.child}


def test_counts_by_ward_add_up(judged: int) -> None:
    wards = renewal.ward_counts(judged)
    assert {one.ward_code for one in wards} == {"141011"}
    assert sum(one.children for one in wards) == renewal.find_renewal(judged).in_count
    assert sum(one.answers for one in renewal.counts_by_reason(judged)) == 7


def test_there_is_no_former_one_before_the_first_took_effect(judged: int) -> None:
    assert renewal.former_of(renewal.find_renewal(judged)) is None


def test_an_account_of_the_ledger(night: Night) -> None:
    everything = "SELECT id FROM cases_certificate"
    before = documents.account_for(Kind.CERTIFICATE, among=everything)
    assert (before.due, before.printed, before.left_out, before.pages) == (8, 0, 0, 0)
    from tests.cases.world import LATER

    documents.print_certificates(by=LATER, on=ON, at=clock.current_instant(), report=quiet)
    after = documents.account_for(Kind.CERTIFICATE, among=everything)
    assert after.due == 8 == after.printed + after.left_out
    assert after.pages == after.printed == 5
    nobody = documents.account_for(Kind.CERTIFICATE, among=f"{everything} WHERE FALSE")
    assert nobody == (0, 0, 0, 0)


def test_of_who_never_applied_no_ward_is_told(judged: int, night: Night) -> None:
    """A list of a renewal is no way to learn in which ward a protected child lives."""
    left_out = renewal.left_out_rows(judged, reason=None, wards=None, limit=50, after=0)
    wards = {row.child_id: row.ward_code for row in left_out}
    assert wards[night.never_applied.child] == ""
    assert wards[night.waiting.child] == "141011"
