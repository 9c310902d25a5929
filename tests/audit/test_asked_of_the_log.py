"""What the page of the system's state asks of the log: found by an index, however much there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from kyufu.audit import api as audit
from kyufu.audit import log_state
from kyufu.audit.api import EventKind, record_event
from kyufu.audit.chain import chain_records
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import STREAMS
from kyufu.platform import clock
from tests.audit.conftest import run

WHO = "reference, actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no"
NOBODY = "NULL, '', '', '', '', '', '', '', ''"
EVENTS = f"""
INSERT INTO audit_event (at, {WHO}, kind, detail, subjects)
SELECT now() - n * interval '1 minute', {NOBODY}, 'sign_in', '{{}}', '{{}}' FROM generate_series(1, %s) n
"""
READS = f"""
INSERT INTO audit_read (at, {WHO}, what, subjects)
SELECT now() - n * interval '1 minute', {NOBODY}, '{{x}}', '{{1}}' FROM generate_series(1, %s) n
"""


PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_event'::regclass"
EVENT = f"INSERT INTO audit_event (at, {WHO}, kind, detail, subjects) VALUES (%s, {NOBODY}, %s, %s, '{{}}')"


# So many that to read through them is the longer way; at the turn of a month they lie in two partitions.
MANY, FEW = 4_000, 400


@pytest.fixture
def large(db: None) -> None:
    """A log with so many records that looking through all of them would be the longer way."""
    for statement in (EVENTS, READS):
        run(statement, MANY)
    for table in STREAMS:
        run(f"ANALYZE {table}")


def most_read(statement: str, *values: object) -> int:
    """How many rows the step of the answer went through that went through the most."""
    answer = "\n".join(row[0] for row in run(f"EXPLAIN (ANALYZE, COSTS OFF) {statement}", *values))
    found = re.findall(r"actual time=\S+ rows=([0-9]+)|Rows Removed by Filter: ([0-9]+)", answer)
    assert found, answer
    return max(int(rows or removed) for rows, removed in found)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (log_state._LAST_EVENT, EventKind.DAILY_DONE), (log_state._LAST_EVENT, EventKind.LOG_VERIFIED),
        (log_state._VERIFIED, EventKind.LOG_VERIFIED),
    ],
)  # fmt: skip
def test_the_last_of_a_kind_is_looked_up_even_where_there_never_was_one(
    large: None, statement: str, kind: EventKind
) -> None:
    assert most_read(statement, str(kind)) < FEW


def test_the_oldest_record_without_a_seal_is_looked_up(large: None) -> None:
    assert most_read(log_state._OLDEST_OPEN) < FEW


def test_the_measure_sees_a_log_that_is_read_through(large: None) -> None:
    assert most_read("SELECT count(*) FROM audit_event WHERE actor_name = 'nobody'") >= MANY // 2


def test_every_partition_has_the_index_of_kinds(db: None) -> None:
    partitions = {name for (name,) in run(PARTITIONS)}
    indexed = {
        table for (table,) in run("SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%%(kind, at)'")
    } - {"audit_event"}
    assert indexed == partitions
    assert len(partitions) >= 2


def test_of_several_of_a_kind_the_latest_counts_in_whatever_partition(db: None) -> None:
    now = clock.current_instant()
    for days in (400, 40, 0):
        run(EVENT, now - timedelta(days=days), "daily_done", "{}")
    assert audit.last_event_at(EventKind.DAILY_DONE) == now


def test_a_kind_that_lies_long_back_is_found(large: None) -> None:
    long_ago = clock.current_instant() - timedelta(days=900)
    run(EVENT, long_ago, "log_verified", '{"問題": "なし"}')
    state = audit.log_state()
    assert (state.verified_at, state.verdict) == (long_ago, {"問題": "なし"})


def test_a_seal_covers_what_was_before_it_and_nothing_after(log: Callable[..., Any], signer: Signer) -> None:
    assert audit.oldest_unsealed_at() is None
    record_event(EventKind.EXPORTED, detail={})
    first = audit.oldest_unsealed_at()
    assert isinstance(first, datetime)
    record_event(EventKind.EXPORTED, detail={})
    assert audit.oldest_unsealed_at() == first
    chain_records(at=clock.current_instant(), signer=signer)
    assert audit.oldest_unsealed_at() is None
    record_event(EventKind.EXPORTED, detail={})
    later = audit.oldest_unsealed_at()
    assert later is not None
    assert later > first


def test_the_daily_job_has_its_words() -> None:
    assert EventKind.DAILY_DONE.label == "日次の処理の終了"
    assert len({one.label for one in EventKind}) == len(EventKind)
