"""The chain seals what finished transactions wrote, once, whatever happens to the job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from kyufu.audit import chain
from kyufu.audit.api import EventKind, acting, note_read, record_event
from kyufu.audit.blocks import FIRST, Block, as_block, numbers_in, ranges_in
from kyufu.audit.chain import ChainResult, chain_records
from kyufu.audit.signing import Signer
from tests.audit.conftest import access, run

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
Log = Callable[..., Any]


def read_of(*subjects: int, what: str = "氏名・住所") -> None:
    """One recorded reading."""
    with acting(access()):
        note_read(subjects, what=what)


def blocks() -> list[Block]:
    """The chain as it stands."""
    return [as_block(row) for row in run(f"SELECT {chain.BLOCK_COLUMNS} FROM audit_block ORDER BY no")]


def sealed(stream: str = "audit_read") -> list[int]:
    """The sealed numbers of a stream."""
    return sorted(n for block in blocks() if block.stream == stream for n in numbers_in(block.ids))


def written(stream: str = "audit_read") -> list[int]:
    """The numbers of the records that there are."""
    return [row[0] for row in run(f"SELECT id FROM {stream} ORDER BY id")]


def test_every_committed_record_is_sealed_once(log: Log, signer: Signer) -> None:
    read_of(1)
    read_of(2, 3)
    record_event(EventKind.EXPORTED, detail={"様式": "一覧"})
    assert chain_records(at=AT, signer=signer).records == 3
    assert sealed() == written()
    assert sealed("audit_event") == written("audit_event")
    assert chain_records(at=AT, signer=signer) == ChainResult(0, 0)


def test_each_block_holds_the_hash_of_the_one_before(log: Log, signer: Signer) -> None:
    for subject in range(3):
        read_of(subject)
        chain_records(at=AT, signer=signer)
    first, second, third = blocks()
    assert (first.previous, second.previous, third.previous) == (FIRST, first.hash, second.hash)
    assert all(block.computed_hash() == block.hash for block in blocks())


def test_a_window_with_many_records_becomes_several_blocks(
    log: Log, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "RECORDS_A_BLOCK", 2)
    for subject in range(5):
        read_of(subject)
    assert chain_records(at=AT, signer=signer) == ChainResult(3, 5)
    assert [block.record_count for block in blocks()] == [2, 2, 1]
    assert sealed() == written()


def other_session() -> psycopg.Connection[Any]:
    """A session of its own on the test database, by the owner."""
    found = connection.settings_dict
    return psycopg.connect(
        host=str(found["HOST"]), port=found["PORT"] or None, user=found["USER"], dbname=found["NAME"],
        password=found["PASSWORD"] or None, options="-c search_path=public",
    )  # fmt: skip


INSERT = (
    "INSERT INTO audit_event (actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no, kind, "
    "detail, subjects) VALUES ('S9', '', '', '', '', '', '', '', 'exported', '{}', '{}')"
)


def test_a_record_of_an_open_transaction_waits_for_a_later_block(log: Log, signer: Signer) -> None:
    with other_session() as slow:
        slow.execute(INSERT)
        record_event(EventKind.EXPORTED, detail={})
        early, late = sorted(run("SELECT last_value FROM audit_event_id")[0][0] - step for step in (1, 0))
        chain_records(at=AT, signer=signer)
        # The later number is written under a later transaction, which waits behind the open one.
        assert sealed("audit_event") == []
        slow.commit()
    chain_records(at=AT, signer=signer)
    assert sealed("audit_event") == [early, late] == written("audit_event")


def test_records_committed_out_of_order_are_all_sealed(log: Log, signer: Signer) -> None:
    with other_session() as first, other_session() as second:
        second.execute(INSERT)
        first.execute(INSERT)
        first.commit()
        chain_records(at=AT, signer=signer)
        record_event(EventKind.EXPORTED, detail={})
        second.commit()
    chain_records(at=AT, signer=signer)
    assert sealed("audit_event") == written("audit_event")
    assert len(written("audit_event")) == 3


def test_what_was_rolled_back_is_neither_written_nor_missed(log: Log, signer: Signer) -> None:
    record_event(EventKind.EXPORTED, detail={})
    with other_session() as undone:
        undone.execute(INSERT)
        undone.rollback()
    record_event(EventKind.EXPORTED, detail={})
    chain_records(at=AT, signer=signer)
    assert sealed("audit_event") == written("audit_event")
    first, last = written("audit_event")
    assert last - first == 2, "the number of the rolled back record stays unused"


def test_a_job_killed_between_blocks_leaves_nothing_half_done(
    log: Log, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "RECORDS_A_BLOCK", 1)
    read_of(1)
    read_of(2)
    insert, seen = chain._insert, []

    def dies(*arguments: Any, **items: Any) -> None:
        insert(*arguments, **items)
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(chain, "_insert", dies)
    with pytest.raises(KeyboardInterrupt):
        chain_records(at=AT, signer=signer)
    assert blocks() == []
    monkeypatch.setattr(chain, "_insert", insert)
    assert chain_records(at=AT, signer=signer).records == 2
    assert sealed() == written()


def test_two_jobs_at_once_seal_everything_once(log: Log, signer: Signer) -> None:
    for subject in range(20):
        read_of(subject)
    ready, results = Barrier(2), []

    def job() -> None:
        ready.wait()
        results.append(chain_records(at=AT, signer=signer).records)
        connection.close()

    jobs = [Thread(target=job) for _ in range(2)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    assert sorted(results) == [0, 20]
    assert sealed() == written()


def test_the_chain_goes_on_inside_nobodys_transaction_only(log: Log, signer: Signer) -> None:
    with transaction.atomic():
        record_event(EventKind.EXPORTED, detail={})
        assert chain_records(at=AT, signer=signer).records == 0
    assert chain_records(at=AT, signer=signer).records == 1


@pytest.mark.parametrize(
    ("text", "ranges", "numbers"),
    [("{}", [], []), ("{[1,4)}", [(1, 4)], [1, 2, 3]), ("{[1,2),[7,9)}", [(1, 2), (7, 9)], [1, 7, 8])],
)
def test_ranges_are_read_as_the_database_prints_them(
    text: str, ranges: list[tuple[int, int]], numbers: list[int]
) -> None:
    assert ranges_in(text) == ranges
    assert list(numbers_in(text)) == numbers


def test_a_transaction_of_another_database_holds_nothing_up(log: Log, signer: Signer) -> None:
    found = connection.settings_dict
    with psycopg.connect(
        host=str(found["HOST"]), port=found["PORT"] or None, user=str(found["USER"]), dbname="postgres",
        password=found.get("PASSWORD") or None,
    ) as elsewhere:  # fmt: skip
        elsewhere.execute("SELECT pg_current_xact_id()")
        read_of(1)
        assert chain_records(at=AT, signer=signer).records == 1
        elsewhere.rollback()
    assert sealed() == written()
