"""What is past its time is deleted by the month, on record, and verification still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from kyufu.audit import retention as deletion
from kyufu.audit.api import acting
from kyufu.audit.chain import chain_records
from kyufu.audit.partitions import Partition, ensure_partitions, list_partitions, next_month
from kyufu.audit.retention import delete_expired, expired_partitions
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import STREAMS
from kyufu.audit.verification import Fault
from kyufu.platform.clock import JAPAN, current_instant
from kyufu.platform.errors import Refused
from tests.audit.conftest import access, run, tamper
from tests.audit.test_chain import AT
from tests.audit.test_verification import faults, verdict

OLD = date(2019, 3, 1)
READ = (
    "INSERT INTO audit_read (at, actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no, "
    "what, subjects) VALUES (%s, 'S1', '', '', '', 'screen', '', '', '', '{氏名}', '{1}')"
)
ON = date(2026, 11, 20)


def read_at(day: date) -> None:
    """A reading at noon of a day."""
    run(READ, datetime(day.year, day.month, day.day, 12, tzinfo=JAPAN))


@pytest.fixture
def old_log(log: Callable[..., Any], signer: Signer) -> Iterator[None]:
    """Readings of March and April 2019 and of today, sealed, with partitions of 2019."""
    ensure_partitions(on=OLD, using="default")
    for day in (OLD, date(2019, 3, 31), date(2019, 4, 1)):
        read_at(day)
    run(READ, current_instant())
    chain_records(at=AT, signer=signer)
    yield
    for partition in list_partitions(using="default"):
        if partition.month.year < 2026:
            run(f"DROP TABLE {partition.name}")


def months(stream: str = "audit_read") -> list[str]:
    """The months that have a partition."""
    return [f"{one.month:%Y-%m}" for one in list_partitions(using="default") if one.stream == stream]


@pytest.mark.requirement("YOK-186")
@pytest.mark.requirement("SPR-194")
@pytest.mark.requirement("ATG-231")
@pytest.mark.requirement("KWS-182")
def test_candidates_are_whole_months_past_their_years(old_log: None) -> None:
    reads = [one for one in expired_partitions(on=ON) if one.partition.stream == "audit_read"]
    assert [(f"{one.partition.month:%Y-%m}", one.records) for one in reads] == [
        ("2019-03", 2), ("2019-04", 1), ("2019-05", 0), ("2019-06", 0),
    ]  # fmt: skip


def test_the_last_day_of_the_last_year_still_counts(old_log: None) -> None:
    """March 2019 ends with the 31st: five years later it may go on 1 April 2024, not a day before."""
    on_the_day = [one.partition.name for one in expired_partitions(on=date(2024, 4, 1))]
    assert "audit_read_2019_03" in on_the_day
    assert "audit_read_2019_03" not in [
        one.partition.name for one in expired_partitions(on=date(2024, 3, 31))
    ]


@pytest.mark.requirement("TKY-156")
@pytest.mark.requirement("TKY-157")
def test_events_are_kept_seven_years(old_log: None) -> None:
    names = [one.partition.name for one in expired_partitions(on=date(2025, 12, 31))]
    assert "audit_read_2019_03" in names
    assert "audit_event_2019_03" not in names
    assert "audit_event_2019_03" in [one.partition.name for one in expired_partitions(on=date(2026, 4, 1))]


@pytest.mark.requirement("TKY-180")
def test_deletion_is_recorded_and_verification_still_holds(
    old_log: None, key_file: Path, signer: Signer
) -> None:
    with acting(access(purpose="保存期間を過ぎた記録の削除")):
        delete_expired(on=ON, at=AT, signer=signer)
    assert "2019-03" not in months()
    assert run("SELECT count(*) FROM audit_read") == [(1,)]
    found = run(
        "SELECT actor_id, detail->>'月', detail->>'件数', detail->>'封印' <> '' FROM audit_event "
        "WHERE kind = 'log_deleted' AND detail->>'表' = 'audit_read' ORDER BY id"
    )
    assert found[:2] == [("S001", "2019-03", "2", True), ("S001", "2019-04", "1", True)]
    after = verdict(key_file)
    assert after.findings == ()
    assert (after.retired, after.records) == (3, 4)


def test_a_deletion_without_its_signed_note_is_a_loss(old_log: None, key_file: Path, signer: Signer) -> None:
    delete_expired(on=ON, at=AT, signer=signer)
    tamper("UPDATE audit_retired SET ids = '{[1,1000000)}'")
    found = faults(key_file)
    assert found[0].fault is Fault.RETIREMENT_UNSIGNED
    assert {one.fault for one in found} == {Fault.RETIREMENT_UNSIGNED, Fault.MISSING}


def test_what_was_tampered_with_is_not_deleted(old_log: None, signer: Signer) -> None:
    tamper("UPDATE audit_read SET purpose = 'x' WHERE at < '2019-03-02'")
    with pytest.raises(Refused, match="記録の検証で問題"):
        delete_expired(on=ON, at=AT, signer=signer)
    assert "2019-03" in months()


def test_what_is_not_sealed_is_not_deleted(
    old_log: None, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_at(OLD)
    monkeypatch.setattr(deletion, "_refuse_doubtful_log", lambda **_: None)
    with pytest.raises(Refused, match="封印されていない記録が1件"):
        delete_expired(on=ON, at=AT, signer=signer)
    assert "2019-03" in months()


def test_nothing_to_delete_deletes_nothing(log: Callable[..., Any], signer: Signer) -> None:
    assert delete_expired(on=ON, at=AT, signer=signer) == []


def test_records_of_a_month_without_partition_are_taken_and_moved_later(
    log: Callable[..., Any], key_file: Path, signer: Signer
) -> None:
    read_at(date(2031, 7, 15))
    chain_records(at=AT, signer=signer)
    assert run("SELECT count(*) FROM audit_read_default") == [(1,)]
    ensure_partitions(on=date(2031, 7, 1), using="default")
    assert run("SELECT count(*) FROM audit_read_default") == [(0,)]
    assert run("SELECT count(*) FROM audit_read_2031_07") == [(1,)]
    assert faults(key_file) == []
    for partition in list_partitions(using="default"):
        if partition.month.year == 2031:
            run(f"DROP TABLE {partition.name}")


def test_months_begin_at_midnight_in_japan(old_log: None) -> None:
    run(READ, datetime(2019, 3, 31, 23, 59, 59, tzinfo=JAPAN))
    run(READ, datetime(2019, 4, 1, 0, 0, tzinfo=JAPAN))
    assert run("SELECT count(*) FROM audit_read_2019_03") == [(3,)]
    assert run("SELECT count(*) FROM audit_read_2019_04") == [(2,)]


def test_making_partitions_twice_makes_them_once(old_log: None) -> None:
    before = months()
    ensure_partitions(on=OLD, using="default")
    assert months() == before
    assert {"2019-03", "2019-04", "2019-05", "2019-06"} <= set(before)


@pytest.mark.parametrize(
    ("month", "following"), [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 12, 1), date(2027, 1, 1))]
)
def test_a_year_ends_in_january(month: date, following: date) -> None:
    assert next_month(month) == following
    assert Partition("audit_read", month).end == following


@pytest.mark.parametrize("stream", STREAMS)
def test_the_present_month_always_has_a_partition(db: None, stream: str) -> None:
    assert f"{current_instant().astimezone(JAPAN):%Y-%m}" in months(stream)


def test_a_partition_in_use_is_not_dropped_by_mistake(old_log: None) -> None:
    with pytest.raises(DatabaseError, match="the log stands as written"):
        run("DELETE FROM audit_read WHERE at < '2020-01-01'")
