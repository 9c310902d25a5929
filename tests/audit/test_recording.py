"""Who acts is known to the code and to the database; what was read is written down, or the answer is not given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kyufu.audit.api import EventKind, NotRecorded, acting, note_read, record_event
from kyufu.audit.reading import MOST_SUBJECTS_A_RECORD, READING, Reading
from kyufu.platform.access import ACCESS, Channel, NoAccess, current_access
from tests.audit.conftest import CLERK, OTHER, access, run
from tests.conftest import TESTER

pytestmark = pytest.mark.django_db


def reads() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id, actor_name, actor_office, terminal, purpose, case_no, what, subjects "
            "FROM audit_read ORDER BY id"
        )
        return cursor.fetchall()


def test_what_was_read_is_written_at_the_end() -> None:
    with acting(access()):
        note_read([3, 1], what="氏名")
        note_read([1, 3], what="住所")
        note_read([2], what="所得")
        assert reads() == []
    assert reads() == [
        ("S001", "鶴見花子", "鶴見区保険年金課", "T-01", "資格の確認", "R0000001", ["住所", "氏名"], [1, 3]),
        ("S001", "鶴見花子", "鶴見区保険年金課", "T-01", "資格の確認", "R0000001", ["所得"], [2]),
    ]


def test_event_is_written() -> None:
    with acting(access()):
        record_event(EventKind.EXPORTED, detail={"様式": "一覧"}, subjects=[1])


@pytest.mark.requirement("YOK-185")
@pytest.mark.requirement("KWS-176")
@pytest.mark.requirement("ATG-228")
def test_a_record_says_who_when_from_where_whose_and_what() -> None:
    seen = access()
    with acting(seen):
        note_read([7], what="所得")
    ((reference, channel, screen, is_now),) = run(
        "SELECT reference, channel, screen, at > now() - interval '1 minute' FROM audit_read"
    )
    assert (reference, channel, screen, is_now) == (seen.reference, "screen", "person", True)


def test_nobody_reads_without_an_access() -> None:
    token = ACCESS.set(None)
    try:
        with pytest.raises(NoAccess, match="個人の情報を読み出せません"):
            note_read([1], what="氏名")
    finally:
        ACCESS.reset(token)


def test_nobody_reads_where_nobody_would_write_it_down() -> None:
    token = READING.set(None)
    try:
        with pytest.raises(NoAccess, match="記録を残せない"):
            note_read([1], what="氏名")
    finally:
        READING.reset(token)


def test_the_access_is_known_within_and_gone_afterwards() -> None:
    before, mine = current_access(), access()
    with acting(mine):
        assert current_access() is mine
        assert run("SELECT current_setting('kyufu.access')::jsonb->>'actor_id'") == [(CLERK.staff_id,)]
    assert current_access() is before


def test_a_search_without_a_hit_is_recorded_too() -> None:
    with acting(access()):
        note_read([], what="検索")
    assert reads()[0][-2:] == (["検索"], [])


def test_a_page_that_reads_nobody_leaves_no_record() -> None:
    with acting(access()):
        pass
    assert reads() == []


def test_what_was_read_before_an_error_is_recorded() -> None:
    with pytest.raises(ValueError, match="broken"), acting(access()):
        note_read([5], what="氏名")
        raise ValueError("broken")
    assert reads()[0][-1] == [5]


def test_inner_and_outer_access_are_recorded_apart() -> None:
    with acting(access()):
        note_read([1], what="氏名")
        with acting(access(actor=OTHER)):
            note_read([2], what="氏名")
        note_read([3], what="氏名")
    assert [(row[0], row[-1]) for row in reads()] == [("S002", [2]), ("S001", [1, 3])]


def test_many_persons_become_records_of_bounded_length() -> None:
    with acting(access()):
        note_read(range(2 * MOST_SUBJECTS_A_RECORD + 1), what="氏名")
    assert [len(row[-1]) for row in reads()] == [MOST_SUBJECTS_A_RECORD, MOST_SUBJECTS_A_RECORD, 1]  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_not_released_when_the_log_fails() -> None:
    run("ALTER TABLE audit_read ADD CONSTRAINT broken CHECK (false) NOT VALID")
    released = []
    try:
        with pytest.raises(NotRecorded, match="表示を取りやめました"):
            with acting(access()):
                note_read([1], what="氏名")
            released.append("the answer")
    finally:
        run("ALTER TABLE audit_read DROP CONSTRAINT broken")
    assert released == []


@pytest.mark.django_db(transaction=True)
def test_a_log_that_fails_hides_even_the_error_of_the_page() -> None:
    run("ALTER TABLE audit_read ADD CONSTRAINT broken CHECK (false) NOT VALID")
    try:
        with pytest.raises(NotRecorded), acting(access()):
            note_read([1], what="氏名")
            raise ValueError("holds a name")
    finally:
        run("ALTER TABLE audit_read DROP CONSTRAINT broken")


@pytest.mark.django_db(transaction=True)
def test_the_log_begins_before_the_transaction_or_not_at_all() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="roll-back"), acting(access()):
        pass


@pytest.mark.django_db(transaction=True)
def test_what_a_rolled_back_transaction_read_is_recorded_all_the_same(log: Callable[..., Any]) -> None:
    with acting(access()):
        with pytest.raises(ValueError, match="undo"), transaction.atomic():
            note_read([1], what="氏名")
            raise ValueError("undo")
        note_read([2], what="氏名")
    assert reads()[0][-1] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_long_run_writes_after_each_commit(log: Callable[..., Any]) -> None:
    """A batch that is killed later leaves what it read until its last block."""
    with acting(access(channel=Channel.BATCH)):
        with transaction.atomic():
            note_read(range(MOST_SUBJECTS_A_RECORD + 1), what="判定")
            assert reads() == [], "a roll-back would take the record along"
        assert sum(len(row[-1]) for row in reads()) == MOST_SUBJECTS_A_RECORD + 1  # type: ignore[arg-type]
        note_read([99_999], what="判定")
    assert reads()[-1][-1] == [99_999]


@pytest.mark.django_db(transaction=True)
def test_a_session_opened_meanwhile_is_told_who_acts(log: Callable[..., Any]) -> None:
    with acting(access()):
        connection.close()
        run("INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000001', 'resident')")
    assert run("SELECT actor_id FROM audit_write WHERE table_name = 'registry_addressee'") == [("S001",)]
    run("INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000002', 'resident')")
    assert run("SELECT channel FROM audit_write ORDER BY id DESC LIMIT 1") == [(str(TESTER.channel),)]


@pytest.mark.requirement("SPR-193")
@pytest.mark.requirement("KWS-175")
def test_a_failed_sign_in_has_no_actor_and_its_detail() -> None:
    token = ACCESS.set(None)
    try:
        record_event(EventKind.SIGN_IN_REFUSED, detail={"職員番号": "S999", "端末": "T-09"})
    finally:
        ACCESS.reset(token)
    found = run("SELECT actor_id, kind, detail->>'職員番号', reference FROM audit_event")
    assert found == [("", "sign_in_refused", "S999", None)]


def test_an_event_goes_with_its_transaction() -> None:
    with pytest.raises(ValueError, match="undo"), transaction.atomic():
        record_event(EventKind.RIGHTS_CHANGED, detail={})
        raise ValueError("undo")
    assert run("SELECT id FROM audit_event") == []


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_has_a_japanese_name(kind: EventKind) -> None:
    assert kind.label
    assert not kind.label.isascii()


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.sets(st.integers(0, 40), max_size=15), max_size=6))
def test_records_hold_exactly_what_was_noted(noted: dict[str, set[int]]) -> None:
    reading = Reading()
    for what, subjects in noted.items():
        reading.note(subjects, what=what)
    back: dict[str, set[int]] = {}
    for items, subjects in reading.take_records():
        for item in items:
            assert item not in back
            back[item] = set(subjects)
    assert back == noted
    assert reading.take_records() == []
