"""The review: opened once, answered by the reader, closed by another, every step on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from kyufu.audit.api import (
    Finding,
    PersonFacts,
    ReviewState,
    StaffFacts,
    acting,
    answer_review,
    assign_review,
    close_review,
    draw_sample,
    find_review,
    note_read,
    open_odd_reads,
    review_queue,
    review_steps,
    reviewed_read,
    reviews_to_answer,
    unwatch_person,
    watch_person,
    watched_persons,
)
from kyufu.platform.access import Channel
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import BadInput, Refused
from tests.audit.conftest import CLERK, OTHER, access, run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 20)


class Strangers:
    """Everybody is protected, nobody has a case."""

    def persons(self, addressee_ids: Collection[int]) -> Mapping[int, PersonFacts]:
        """Protected persons without a case."""
        return dict.fromkeys(addressee_ids, PersonFacts(is_protected=True))

    def staff(self, staff_numbers: Collection[str]) -> Mapping[str, StaffFacts]:
        """Nothing is known of any of them."""
        return dict.fromkeys(staff_numbers, StaffFacts())


def read_of(*subjects: int, **changes: object) -> None:
    """A reading by the clerk without a case."""
    with acting(access(case_no="", **changes)):
        note_read(subjects, what="住所")


def search() -> int:
    """Look for odd readings of the last hour."""
    now = current_instant()
    span = timedelta(hours=1)
    return open_odd_reads(since=now - span, until=now + span, on=ON, facts=Strangers(), by=OTHER, at=AT)


@pytest.fixture
def review_id() -> int:
    """A review of one odd reading."""
    read_of(11)
    assert search() == 1
    return review_queue(limit=10)[0].review_id


@pytest.mark.requirement("TKY-173")
@pytest.mark.requirement("KWS-180")
def test_an_odd_reading_is_queued_once_with_its_reasons(review_id: int) -> None:
    (seen,) = review_queue(limit=10)
    assert (seen.reader_no, seen.reader_name, seen.state, seen.finding) == (
        "S001",
        "鶴見花子",
        ReviewState.OPEN,
        None,
    )
    assert seen.score >= 60
    assert "支援措置の対象者の情報を見ています（1人）" in seen.reasons
    assert search() == 0


def test_what_a_batch_read_is_not_queued_person_by_person() -> None:
    read_of(11, channel=Channel.BATCH)
    assert search() == 0


def test_the_whole_way_is_on_record(review_id: int) -> None:
    assign_review(review_id, question="閲覧した理由を教えてください。", by=OTHER, at=AT)
    assert [one.review_id for one in reviews_to_answer("S001")] == [review_id]
    answer_review(review_id, explanation="窓口で転居の相談を受けました。", by=CLERK, at=AT)
    close_review(review_id, finding=Finding.JUSTIFIED, why="受付簿と一致した。", by=OTHER, at=AT)
    assert [(step.to_state, step.actor_no) for step in review_steps(review_id)] == [
        (ReviewState.OPEN, "S002"), (ReviewState.ASSIGNED, "S002"), (ReviewState.ANSWERED, "S001"),
        (ReviewState.CLOSED, "S002"),
    ]  # fmt: skip
    seen = find_review(review_id)
    assert seen is not None
    assert seen.finding is Finding.JUSTIFIED
    assert review_queue(limit=10) == []
    assert reviews_to_answer("S001") == []


def test_only_the_reader_answers(review_id: int) -> None:
    assign_review(review_id, question="理由は。", by=OTHER, at=AT)
    with pytest.raises(Refused, match="本人だけが回答"):
        answer_review(review_id, explanation="代わりに答えます。", by=OTHER, at=AT)


def test_the_reader_neither_assigns_nor_closes(review_id: int) -> None:
    with pytest.raises(Refused, match="点検できません"):
        assign_review(review_id, question="自分で。", by=CLERK, at=AT)
    with pytest.raises(Refused, match="点検できません"):
        close_review(review_id, finding=Finding.JUSTIFIED, why="問題ない。", by=CLERK, at=AT)
    assert find_review(review_id).finding is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("from_state", "to_state", "actor"), [("open", "closed", "S001"), ("assigned", "answered", "S002")]
)
def test_the_database_holds_the_second_person_too(
    review_id: int, from_state: str, to_state: str, actor: str
) -> None:
    if from_state == "assigned":
        assign_review(review_id, question="理由は。", by=OTHER, at=AT)
    run("UPDATE reading_review SET finding = 'justified'")
    with (
        pytest.raises(DatabaseError, match="answered by the reader, closed by another"),
        transaction.atomic(),
    ):
        run(
            "INSERT INTO reading_review_transition (subject_id, from_state, to_state, actor_id, actor_name, "
            "actor_office, at, why) VALUES (%s, %s, %s, %s, '', '', now(), 'x')",
            review_id, from_state, to_state, actor,
        )  # fmt: skip


def test_nothing_is_closed_without_a_finding(review_id: int) -> None:
    with pytest.raises(DatabaseError, match="reading_review_closed_with"), transaction.atomic():
        run(
            "INSERT INTO reading_review_transition (subject_id, from_state, to_state, actor_id, actor_name, "
            "actor_office, at, why) VALUES (%s, 'open', 'closed', 'S002', '', '', now(), 'x')", review_id,
        )  # fmt: skip


def test_an_answer_comes_after_the_question(review_id: int) -> None:
    with pytest.raises(Refused, match="いまの状態では"):
        answer_review(review_id, explanation="先に答えます。", by=CLERK, at=AT)


def test_a_poor_answer_is_asked_for_again(review_id: int) -> None:
    for _ in range(2):
        assign_review(review_id, question="理由は。", by=OTHER, at=AT)
        answer_review(review_id, explanation="業務です。", by=CLERK, at=AT)
    close_review(review_id, finding=Finding.UNJUSTIFIED, why="説明がつかない。", by=OTHER, at=AT)
    assert len(review_steps(review_id)) == 6


def test_a_closed_review_stays_closed(review_id: int) -> None:
    close_review(review_id, finding=Finding.JUSTIFIED, why="明らか。", by=OTHER, at=AT)
    with pytest.raises(Refused):
        close_review(review_id, finding=Finding.UNJUSTIFIED, why="やり直し。", by=OTHER, at=AT)
    assert find_review(review_id).finding is Finding.JUSTIFIED  # type: ignore[union-attr]


@pytest.mark.parametrize("empty", ["", "  ", "\u3000"])
def test_every_step_has_words(review_id: int, empty: str) -> None:
    with pytest.raises(BadInput, match="理由が入力されていません"):
        assign_review(review_id, question=empty, by=OTHER, at=AT)


def test_a_review_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused, match="見つかりません"):
        assign_review(1, question="理由は。", by=OTHER, at=AT)
    assert find_review(1) is None


def test_looking_at_the_reading_under_review_is_a_reading(review_id: int) -> None:
    with acting(access(actor=OTHER, screen="review")):
        found = reviewed_read(review_id)
    assert found is not None
    assert (found.items, found.subjects) == (("住所",), (11,))
    assert run("SELECT actor_id, what, subjects FROM audit_read ORDER BY id DESC LIMIT 1") == [
        ("S002", ["閲覧の点検"], [11])
    ]


def test_the_queue_goes_on_page_by_page() -> None:
    for subject in range(5):
        read_of(subject)
    search()
    seen, after = [], None
    while page := review_queue(after=after, limit=2):
        seen += [one.review_id for one in page]
        after = (page[-1].score, page[-1].review_id)
    assert len(seen) == len(set(seen)) == 5


def sample(seed: str, size: int) -> int:
    """Draw from the readings of the last hour."""
    now, span = current_instant(), timedelta(hours=1)
    return draw_sample(seed=seed, size=size, since=now - span, until=now + span, by=OTHER, at=AT)


@pytest.mark.requirement("YOK-191")
def test_the_same_seed_draws_the_same_readings() -> None:
    for subject in range(30):
        read_of(subject)
    assert sample("2026年度", 5) == 5
    assert sample("2026年度", 5) == 0, "the same five have their review"
    assert sample("2026年度", 8) == 3
    assert {one.sample for one in review_queue(limit=50)} == {"2026年度"}
    assert sample("別の種", 30) == 22, "what is under review is not drawn twice"


@pytest.mark.parametrize(("seed", "size"), [("", 5), (" ", 5), ("x", 0)])
def test_a_draw_needs_a_seed_and_a_size(seed: str, size: int) -> None:
    with pytest.raises(BadInput, match="抽出の条件"):
        sample(seed, size)


def test_persons_in_the_public_eye_are_listed_for_a_time() -> None:
    watch_person(5, since=date(2026, 4, 1), until=None, reason="市議会議員", by=OTHER, at=AT)
    with pytest.raises(Refused, match="すでに一覧に載っています"):
        watch_person(5, since=date(2026, 6, 1), until=None, reason="市議会議員", by=OTHER, at=AT)
    (listed,) = watched_persons(on=ON)
    assert (listed.addressee_id, listed.until, listed.reason) == (5, None, "市議会議員")
    unwatch_person(listed.watched_id, until=date(2026, 11, 1))
    assert watched_persons(on=ON) == []
    with pytest.raises(Refused, match="終えられません"):
        unwatch_person(listed.watched_id, until=date(2026, 12, 1))


def test_a_reason_is_needed_for_the_list() -> None:
    with pytest.raises(BadInput):
        watch_person(5, since=ON, until=None, reason="", by=OTHER, at=AT)


def test_who_is_on_the_list_makes_a_reading_odd() -> None:
    watch_person(11, since=date(2026, 4, 1), until=None, reason="市議会議員", by=OTHER, at=AT)
    read_of(11)
    search()
    assert any("著名人などの一覧" in reason for reason in review_queue(limit=1)[0].reasons)
