"""Which readings look odd: each signal alone, their sum, and the words in which they are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyufu.audit.oddness import (
    OddRead,
    PersonFacts,
    RecordedRead,
    Signal,
    StaffFacts,
    Yardstick,
    _persons_around,
    odd_reads,
)
from kyufu.audit.parameters import holidays, limits, weights
from kyufu.platform.clock import JAPAN

ON = date(2026, 11, 20)
NOON = datetime(2026, 11, 19, 12, 0, tzinfo=JAPAN)
ORDINARY = PersonFacts("タナカ", "西区1-1", "H1", has_open_case=True)


@dataclass
class Known:
    """Facts as a test states them; who is not named has a case and is a stranger."""

    people: Mapping[int, PersonFacts] = field(default_factory=dict)
    clerk: StaffFacts = field(default_factory=StaffFacts)

    def persons(self, addressee_ids: Collection[int]) -> Mapping[int, PersonFacts]:
        """The stated persons, else ordinary ones; the application R1 is theirs."""
        return {
            one: replace(self.people.get(one, ORDINARY), case_numbers=frozenset({"R1"}))
            for one in addressee_ids
        }

    def staff(self, staff_numbers: Collection[str]) -> Mapping[str, StaffFacts]:
        """The same clerk for every number."""
        return dict.fromkeys(staff_numbers, self.clerk)


def read(
    number: int = 1, *, subjects: tuple[int, ...] = (1,), at: datetime = NOON, case_no: str = "R1"
) -> RecordedRead:
    """A reading by the clerk on a working day at noon with a case, unless said otherwise."""
    return RecordedRead(number, at, None, "S001", "鶴見花子", "鶴見区", case_no, subjects)


def judged(
    *reads: RecordedRead, known: Known | None = None, public_eye: frozenset[int] = frozenset()
) -> list[OddRead]:
    """Every reading with any signal at all, by the weights in force."""
    yardstick = Yardstick(weights(on=ON), replace(limits(on=ON), queue_score=1), holidays(), public_eye)
    return odd_reads(reads, facts=known or Known(), yardstick=yardstick)


def signals(*reads: RecordedRead, **items: object) -> tuple[Signal, ...]:
    """The signals of the one odd reading, none where there is none."""
    found = judged(*reads, **items)  # type: ignore[arg-type]
    return found[0].signals if found else ()


def test_ordinary_work_is_not_odd() -> None:
    assert signals(read()) == ()


@pytest.mark.parametrize(
    ("person", "clerk", "expected"),
    [
        (PersonFacts("アオキ", "x", "H9", has_open_case=True), StaffFacts("アオキ"), {Signal.SAME_NAME}),
        (PersonFacts("アオキ", "x", "H9", has_open_case=True), StaffFacts("キシ", "x"), {Signal.NEIGHBOUR}),
        (PersonFacts("アオキ", "x", "H9", has_open_case=True), StaffFacts("アオキ", "x", "H9"), {Signal.FAMILY}),
        (PersonFacts("アオキ", "x", "H9", has_open_case=True), StaffFacts(own=frozenset({1})), {Signal.FAMILY}),
        (PersonFacts(is_staff=True, has_open_case=True), StaffFacts(), {Signal.COLLEAGUE}),
        (PersonFacts(is_protected=True, has_open_case=True), StaffFacts(), {Signal.PROTECTED}),
        (PersonFacts(has_open_case=True), StaffFacts(), set()),
    ],
)  # fmt: skip
def test_each_relation_is_a_signal_of_its_own(
    person: PersonFacts, clerk: StaffFacts, expected: set[Signal]
) -> None:
    assert set(signals(read(), known=Known({1: person}, clerk))) == expected


def test_what_is_not_known_is_equal_to_nothing() -> None:
    assert signals(read(), known=Known({1: PersonFacts(has_open_case=True)}, StaffFacts())) == ()


def test_the_public_eye_is_a_list() -> None:
    assert signals(read(subjects=(1, 2)), public_eye=frozenset({2})) == (Signal.PUBLIC_EYE,)


@pytest.mark.parametrize(
    ("has_open_case", "case_no", "odd"),
    [(False, "", True), (True, "", False), (False, "R1", False), (False, "R2", True)],
)
def test_no_case_counts_where_neither_person_nor_reader_names_one(
    has_open_case: bool, case_no: str, odd: bool
) -> None:
    known = Known({1: PersonFacts(has_open_case=has_open_case)})
    assert (Signal.NO_CASE in signals(read(case_no=case_no), known=known)) is odd


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 19, 20, 59, tzinfo=JAPAN), set()),
        (datetime(2026, 11, 19, 21, 0, tzinfo=JAPAN), {Signal.NIGHT}),
        (datetime(2026, 11, 19, 6, 59, tzinfo=JAPAN), {Signal.NIGHT}),
        (datetime(2026, 11, 19, 7, 0, tzinfo=JAPAN), set()),
        (datetime(2026, 11, 21, 12, 0, tzinfo=JAPAN), {Signal.HOLIDAY}),
        (datetime(2026, 11, 22, 12, 0, tzinfo=JAPAN), {Signal.HOLIDAY}),
        (datetime(2026, 11, 23, 12, 0, tzinfo=JAPAN), {Signal.HOLIDAY}),
        (datetime(2026, 12, 29, 12, 0, tzinfo=JAPAN), {Signal.HOLIDAY}),
        (datetime(2027, 1, 4, 12, 0, tzinfo=JAPAN), set()),
        (datetime(2026, 12, 31, 23, 0, tzinfo=JAPAN), {Signal.HOLIDAY, Signal.NIGHT}),
    ],
)
def test_night_and_closed_days_are_those_of_japan(at: datetime, expected: set[Signal]) -> None:
    assert set(signals(read(at=at))) == expected


def test_many_persons_in_a_short_time_are_counted_once_each() -> None:
    reads = [read(n, subjects=(n,), at=NOON + timedelta(seconds=10 * n)) for n in range(1, 31)]
    (odd,) = judged(*reads)
    assert odd.read.number == 30
    assert odd.signals == (Signal.MANY,)
    assert odd.reasons == ("10分のうちに30人の情報を見ています",)
    assert judged(*[one._replace(subjects=(1,)) for one in reads]) == []


def test_the_score_is_the_sum_and_the_oddest_comes_first() -> None:
    known = Known(
        {1: PersonFacts("アオキ", has_open_case=True), 2: PersonFacts(is_protected=True)},
        StaffFacts("アオキ"),
    )
    first, second = judged(read(1), read(2, subjects=(2,), case_no=""), known=known)
    assert (first.read.number, first.score) == (2, 60)
    assert (second.read.number, second.score) == (1, 15)


def test_below_the_score_nothing_is_queued() -> None:
    yardstick = Yardstick(weights(on=ON), limits(on=ON), holidays(), frozenset())
    known = Known({1: PersonFacts("アオキ", has_open_case=True)}, StaffFacts("アオキ"))
    assert odd_reads([read()], facts=known, yardstick=yardstick) == []


def test_the_reasons_are_japanese_and_name_nobody() -> None:
    known = Known({1: PersonFacts("アオキ", "西区1-1", is_protected=True)}, StaffFacts("アオキ", "西区1-1"))
    (odd,) = judged(read(case_no="", at=NOON.replace(hour=22)), known=known, public_eye=frozenset({1}))
    text = "".join(odd.reasons)
    assert len(odd.reasons) == len(odd.signals) == 6
    assert odd.reasons[0].startswith("著名人などの一覧"), "the heaviest first"
    assert "アオキ" not in text
    assert "西区" not in text


def test_every_signal_has_a_weight() -> None:
    assert weights(on=ON).keys() == set(Signal)


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("AB"), st.frozensets(st.integers(1, 6), max_size=3)),
        max_size=25,
    )
)
def test_the_moving_window_counts_as_the_plain_definition(
    made: list[tuple[int, str, frozenset[int]]],
) -> None:
    reads = [
        read(number, subjects=tuple(subjects), at=NOON + timedelta(minutes=minute))._replace(staff_no=staff)
        for number, (minute, staff, subjects) in enumerate(made)
    ]
    for number, count in _persons_around(reads, minutes=10).items():
        mine = reads[number]
        earlier = {
            subject
            for one in reads
            if one.staff_no == mine.staff_no
            and mine.at - timedelta(minutes=10) < one.at
            and (one.at, one.number) <= (mine.at, mine.number)
            for subject in one.subjects
        }
        assert count == len(earlier)


@pytest.mark.parametrize(("case_no", "odd"), [("R1", False), ("", False), ("R2", True), ("R8-0000", True)])
def test_a_receipt_number_of_nobody_who_was_read_is_a_signal_of_its_own(case_no: str, odd: bool) -> None:
    found = signals(read(case_no=case_no))
    assert (Signal.FOREIGN_CASE in found) is odd
