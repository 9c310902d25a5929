"""How the log says it stands: sealed so far, verified when, with what result."""

from __future__ import annotations

import pytest
from django.db import connection

from kyufu.audit import api as audit
from kyufu.audit.api import EventKind, record_event

pytestmark = pytest.mark.django_db


def _blocks() -> tuple[int, int, int | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(sum(record_count), 0), max(no) FROM audit_block")
        row = cursor.fetchone()
        return row[0], int(row[1]), row[2]


def test_what_is_sealed_is_counted() -> None:
    state = audit.log_state()
    assert (state.blocks, state.records, state.last_block_no) == _blocks()
    assert (state.last_block_at is None) == (state.blocks == 0)


def test_the_last_verification_is_told_with_what_it_said() -> None:
    record_event(EventKind.LOG_VERIFIED, detail={"問題": "記録の変更（audit_read の番号 7）"})
    record_event(EventKind.LOG_VERIFIED, detail={"問題": "なし", "確かめた記録": "12件"})
    state = audit.log_state()
    assert state.verdict == {"問題": "なし", "確かめた記録": "12件"}
    assert state.verified_at is not None


def test_another_event_is_no_verification() -> None:
    before = audit.log_state()
    record_event(EventKind.SIGN_IN, detail={"問題": "別"})
    assert audit.log_state() == before
