"""The order of the mail and the cutting of files: everything once, in order, no file of two groups or too thick."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.documents.sorting import INDIVIDUAL, Part, Placed, cut, in_order
from tests.documents.placing import placed

WARDS = ("141011", "141020", "141097", INDIVIDUAL)
CODES = ("", "2220032", "2220033", "2300051")


@st.composite
def runs(draw: st.DrawFn) -> list[Placed]:
    """The documents of a run, as they come: wards, envelopes, pages and postal codes in any order."""
    count = draw(st.integers(0, 40))
    return [
        placed(
            subject_id,
            ward=draw(st.sampled_from(WARDS)),
            envelope=draw(st.integers(0, 1)),
            pages=draw(st.integers(1, 7)),
            postal_code=draw(st.sampled_from(CODES)),
            household=draw(st.sampled_from(("", "1", "2"))),
            guardian_id=draw(st.integers(1, 3)),
        )
        for subject_id in draw(st.permutations(range(1, count + 1)))
    ]


def lying(parts: list[Part]) -> list[Placed]:
    """The documents as they lie in the files, one after the other."""
    return [one for part in parts for one in part.documents]


def group_of(one: Placed) -> tuple[str, int]:
    """What must not lie in one file with another."""
    return one.ward, one.envelope


@pytest.mark.requirement("TKY-048")
@given(runs(), st.integers(1, 12))
def test_every_document_is_in_exactly_one_file_and_the_order_is_kept(
    documents: list[Placed], most: int
) -> None:
    ordered = in_order(documents)
    assert lying(list(cut(ordered, most_pages=most))) == ordered
    assert sorted(one.item.subject_id for one in ordered) == sorted(one.item.subject_id for one in documents)


@given(runs(), st.integers(1, 12))
def test_no_file_mixes_groups_or_is_thicker_than_allowed(documents: list[Placed], most: int) -> None:
    for part in cut(in_order(documents), most_pages=most):
        assert part.documents
        assert {group_of(one) for one in part.documents} == {(part.ward, part.envelope)}
        assert part.pages <= most or len(part.documents) == 1


@given(runs(), st.integers(1, 12))
def test_files_are_not_cut_where_they_need_not_be(documents: list[Placed], most: int) -> None:
    for before, after in pairwise(cut(in_order(documents), most_pages=most)):
        same = (before.ward, before.envelope) == (after.ward, after.envelope)
        assert not same or before.pages + after.documents[0].pages > most


@given(runs(), st.integers(1, 12))
def test_files_and_documents_are_numbered_through(documents: list[Placed], most: int) -> None:
    parts = list(cut(in_order(documents), most_pages=most))
    assert [part.sequence for part in parts] == list(range(1, len(parts) + 1))
    numbers = [number for part in parts for number in range(part.first, part.last + 1)]
    assert numbers == list(range(1, len(documents) + 1))


@given(runs())
def test_each_ward_and_envelope_lies_together_and_the_individual_ones_last(documents: list[Placed]) -> None:
    groups = [group_of(one) for one in in_order(documents)]
    changes = [after for before, after in pairwise([("", 0), *groups]) if before != after]
    assert len(changes) == len(set(groups))
    individual = [ward == INDIVIDUAL for ward, _ in groups]
    assert individual == sorted(individual)


@given(runs())
def test_within_a_group_postal_codes_go_up_and_households_lie_together(documents: list[Placed]) -> None:
    for before, after in pairwise(in_order(documents)):
        if group_of(before) == group_of(after):
            codes = [(one.postal_code == "", one.postal_code) for one in (before, after)]
            assert codes == sorted(codes)
            if before.postal_code == after.postal_code:
                assert before.household <= after.household


@given(runs(), st.randoms())
def test_the_order_does_not_hang_on_how_documents_come(documents: list[Placed], chance: object) -> None:
    shuffled = list(documents)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == in_order(documents)


def test_nothing_makes_no_file() -> None:
    assert list(cut([], most_pages=500)) == []


def test_a_thousand_cards_of_one_ward_are_two_files() -> None:
    cards = [placed(number) for number in range(1, 1_001)]
    first, second = cut(cards, most_pages=500)
    assert (first.first, first.last, first.pages) == (1, 500, 500)
    assert (second.first, second.last, second.sequence) == (501, 1_000, 2)


def test_brothers_and_sisters_lie_one_after_the_other() -> None:
    home = {"postal_code": "2220032", "household": "7", "guardian_id": 5}
    elsewhere = placed(2, postal_code="2220032", household="8")
    children = [placed(1, **home), elsewhere, placed(3, **home)]  # type: ignore[arg-type]
    assert [one.item.subject_id for one in in_order(children)] == [1, 3, 2]
