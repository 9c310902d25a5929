"""The log is searched by staff, person, screen and period; searching it is itself on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kyufu.audit import trigger_sql
from kyufu.audit.api import (
    EventKind,
    LogQuery,
    LogRecord,
    Stream,
    acting,
    note_read,
    record_event,
    search_log,
)
from kyufu.platform.clock import current_instant
from tests.audit.conftest import OTHER, access, run

pytestmark = pytest.mark.django_db


def found(stream: Stream = Stream.READS, *, limit: int = 100, **criteria: Any) -> list[LogRecord]:
    """What a search of the last hour gives."""
    now, hour = current_instant(), timedelta(hours=1)
    return search_log(stream, query=LogQuery(now - hour, now + hour, **criteria), limit=limit)


@pytest.fixture(autouse=True)
def readings() -> None:
    """Readings of three persons by two clerks on two screens."""
    for actor, screen, subject in (
        (None, "person", 1),
        (None, "case", 2),
        (OTHER, "person", 1),
        (OTHER, "person", 3),
    ):
        changes = {"actor": actor} if actor else {}
        with acting(access(screen=screen, **changes)):
            note_read([subject], what="氏名")


@pytest.mark.requirement("ATG-230")
@pytest.mark.requirement("TKY-220")
@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, [3, 1, 2, 1]),
        ({"staff_no": "S001"}, [2, 1]),
        ({"staff_no": "S002"}, [3, 1]),
        ({"staff_no": "S003"}, []),
        ({"addressee_id": 1}, [1, 1]),
        ({"addressee_id": 1, "staff_no": "S002"}, [1]),
        ({"screen": "case"}, [2]),
        ({"addressee_id": 4}, []),
    ],
)
def test_records_are_found_newest_first(criteria: dict[str, Any], expected: list[int]) -> None:
    assert [record.subjects[0] for record in found(**criteria)] == expected


@pytest.mark.requirement("KWS-183")
def test_a_record_is_shown_in_japanese() -> None:
    record = found(staff_no="S001", addressee_id=1)[0]
    assert (record.name, record.office, record.terminal, record.channel) == (
        "鶴見花子",
        "鶴見区保険年金課",
        "T-01",
        "画面",
    )
    assert (record.purpose, record.case_no, record.what, record.extent) == (
        "資格の確認",
        "R0000001",
        ("氏名",),
        1,
    )


def test_a_period_begins_and_ends_where_it_says() -> None:
    now = current_instant()
    assert (
        search_log(
            Stream.READS, query=LogQuery(now + timedelta(minutes=1), now + timedelta(hours=1)), limit=9
        )
        == []
    )
    assert (
        search_log(
            Stream.READS, query=LogQuery(now - timedelta(hours=1), now - timedelta(minutes=5)), limit=9
        )
        == []
    )


def test_pages_follow_each_other_without_gap_or_double() -> None:
    seen: list[int] = []
    before: tuple[datetime, int] | None = None
    while page := found(before=before, limit=3):
        seen += [record.number for record in page]
        before = page[-1].key
    assert len(seen) == len(set(seen)) == 4


def test_the_search_is_itself_recorded_with_the_person() -> None:
    with acting(access(actor=OTHER, screen="log")):
        found(addressee_id=1, staff_no="S001")
    event = run(
        "SELECT actor_id, subjects, detail->>'職員番号' FROM audit_event WHERE kind = 'log_searched' ORDER BY id"
    )
    assert event[-1] == ("S002", [1], "S001")
    assert run("SELECT subjects, what FROM audit_read ORDER BY id DESC LIMIT 1") == [
        ([1], ["閲覧・更新の記録"])
    ]


@pytest.mark.requirement("YOK-190")
def test_writes_are_found_by_person_whether_one_or_thousands() -> None:
    many = trigger_sql.MOST_SUBJECTS + 1
    run(
        "INSERT INTO registry_addressee (addressee_no, kind) SELECT lpad(n::text, 15, '0'), 'resident' "
        "FROM generate_series(1, %s) n", many,
    )  # fmt: skip
    middle = run("SELECT min(id) + 500 FROM registry_addressee")[0][0]
    run("UPDATE registry_addressee SET kind = 'corporation' WHERE id = %s", middle)
    update, insert = found(Stream.WRITES, addressee_id=middle)
    assert (update.what, update.extent) == (("宛名", "変更", "kind"), 1)
    assert (insert.what, insert.extent) == (("宛名", "登録"), many)
    assert found(Stream.WRITES, addressee_id=middle + many) == []


def test_events_are_found_with_what_they_say() -> None:
    with acting(access()):
        record_event(EventKind.KEY_OPERATION, detail={"鍵": "K2"}, subjects=[8])
    _search, record = found(Stream.EVENTS, addressee_id=8)
    assert record.what == ("暗号鍵の操作", "鍵：K2")


def test_a_search_by_person_uses_the_index() -> None:
    run("SET LOCAL enable_seqscan = off")
    plan = run("EXPLAIN SELECT id FROM audit_read WHERE subjects @> ARRAY[1::bigint]")
    assert any("Bitmap Index Scan" in row[0] for row in plan)
