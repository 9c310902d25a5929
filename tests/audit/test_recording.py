"""Who acts is known to the code and to the database; what was read is written down, or the answer is not given."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from kyufu.audit.api import EventKind, acting, note_read, record_event
from kyufu.platform.access import Access, Channel, NoAccess
from kyufu.platform.actors import Actor

pytestmark = pytest.mark.django_db


def access(**changes: object) -> Access:
    made = Access(
        Actor("S001", "鶴見花子", "鶴見区保険年金課"),
        "T-01",
        Channel.SCREEN,
        "person",
        "資格の確認",
        uuid4(),
        "R0000001",
    )
    return made._replace(**changes)  # type: ignore[arg-type]


def reads() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id, actor_name, actor_office, terminal, purpose, case_no, what, subjects FROM audit_read ORDER BY id"
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
