"""Whoever alters, removes or adds a record by SQL is found, and the record is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kyufu.audit.chain import chain_records
from kyufu.audit.head import export_head, read_head
from kyufu.audit.signing import Signer, open_signer, public_keys
from kyufu.audit.verification import Fault, Finding, Verdict, verify
from kyufu.platform.clock import current_instant
from tests.audit.conftest import tamper
from tests.audit.test_chain import AT, blocks, read_of, run, written

Log = Callable[..., Any]
DAY = timedelta(days=1)


def verdict(key_file: Path, *, head: Path | None = None, at: datetime | None = None) -> Verdict:
    """What verification says now."""
    return verify(
        at=at or current_instant(),
        keys=public_keys(key_file),
        patience=DAY,
        longest=DAY,
        head=read_head(head) if head else None,
    )


def faults(key_file: Path, **items: Any) -> list[Finding]:
    """What verification finds now."""
    return list(verdict(key_file, **items).findings)


@pytest.fixture
def chained(log: Log, signer: Signer) -> list[int]:
    """Six readings in three blocks; the numbers of the records."""
    for subject in range(6):
        read_of(subject)
        if subject % 2:
            chain_records(at=AT, signer=signer)
    return written()


@pytest.mark.requirement("KWS-179")
@pytest.mark.requirement("TKY-155")
def test_an_untouched_log_holds(chained: list[int], key_file: Path) -> None:
    assert verdict(key_file) == Verdict(blocks=3, records=6, retired=0, waiting=0, findings=())


@pytest.mark.requirement("KWS-179")
@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 'S002'", "actor_name = '別人'", "at = at + interval '1 microsecond'", "subjects = '{99}'",
        "what = ARRAY['氏名', '住所']", "purpose = purpose || ' '", "terminal = 'T-02'", "case_no = ''",
        "reference = NULL", "db_user = 'postgres'", "subjects = '{}'", "actor_id = '', actor_name = 'S001鶴見花子'",
    ],
)  # fmt: skip
def test_an_altered_record_is_named(chained: list[int], key_file: Path, change: str) -> None:
    tamper(f"UPDATE audit_read SET {change} WHERE id = %s", chained[2])
    assert faults(key_file) == [Finding(Fault.ALTERED, "audit_read", chained[2])]
    assert str(faults(key_file)[0]) == f"記録が書き換えられています（audit_read の番号 {chained[2]}）"


@pytest.mark.requirement("KWS-179")
def test_a_missing_record_is_named(chained: list[int], key_file: Path) -> None:
    tamper("DELETE FROM audit_read WHERE id = %s", chained[0])
    assert faults(key_file) == [Finding(Fault.MISSING, "audit_read", chained[0])]


COPY = (
    "INSERT INTO audit_read SELECT {id}, at, reference, 'S777', actor_name, actor_office, terminal, channel, screen, "
    "purpose, case_no, what, subjects, db_user, db_application, {xid}, cluster FROM audit_read WHERE id = %s"
)


def test_a_record_inserted_under_an_old_transaction_is_named(chained: list[int], key_file: Path) -> None:
    tamper(COPY.format(id="nextval('audit_read_id')", xid="xid"), chained[1])
    assert faults(key_file) == [Finding(Fault.INSERTED, "audit_read", written()[-1])]


def test_a_second_record_with_a_sealed_number_is_named(chained: list[int], key_file: Path) -> None:
    tamper(
        COPY.format(id="id", xid="xid").replace("SELECT id, at,", "SELECT id, at + interval '1 hour',"),
        chained[1],
    )
    assert faults(key_file) == [Finding(Fault.INSERTED, "audit_read", chained[1])]


def test_a_record_moved_into_a_gap_of_numbers_is_named(chained: list[int], key_file: Path) -> None:
    tamper(COPY.format(id="1000000", xid="xid"), chained[1])
    assert faults(key_file) == [Finding(Fault.INSERTED, "audit_read", 1_000_000)]


def test_the_first_of_several_is_named_first(chained: list[int], key_file: Path) -> None:
    tamper("UPDATE audit_read SET purpose = '' WHERE id >= %s", chained[3])
    assert [finding.number for finding in faults(key_file)] == chained[3:]


def test_a_record_that_waits_too_long_for_its_block_is_named(chained: list[int], key_file: Path) -> None:
    read_of(9)
    assert verdict(key_file).waiting == 1
    late = current_instant() + DAY
    assert faults(key_file, at=late) == [Finding(Fault.UNSEALED, "audit_read", written()[-1])]


def test_a_block_taken_out_of_the_middle_is_named(chained: list[int], key_file: Path) -> None:
    tamper("DELETE FROM audit_block WHERE no = 2")
    found = faults(key_file)
    assert found[0] == Finding(Fault.BLOCK_MISSING, "audit_block", 2)
    assert {finding.number for finding in found[1:]} == set(chained[2:4])


@pytest.mark.parametrize(
    "change",
    ["at = at + interval '1 second'", "record_count = 1, digests = substr(digests, 1, 32)", "cluster = 1"],
)
def test_an_altered_block_is_named(chained: list[int], key_file: Path, change: str) -> None:
    tamper(f"UPDATE audit_block SET {change} WHERE no = 2")
    assert faults(key_file)[0] == Finding(Fault.BLOCK_ALTERED, "audit_block", 2)


def test_a_record_and_its_digest_altered_together_break_the_block(chained: list[int], key_file: Path) -> None:
    tamper("UPDATE audit_read SET actor_id = 'S002' WHERE id = %s", chained[2])
    forged = "set_byte(digests, 0, (get_byte(digests, 0) + 1) %% 256)"
    tamper(f"UPDATE audit_block SET digests = {forged} WHERE no = %s", 2)
    assert faults(key_file)[0] == Finding(Fault.BLOCK_ALTERED, "audit_block", 2)


def test_a_chain_written_anew_lacks_the_signature(chained: list[int], key_file: Path, tmp_path: Path) -> None:
    """Whoever owns the tables can compute hashes, but does not have the key."""
    tamper("DELETE FROM audit_block")
    tamper("UPDATE audit_read SET actor_id = 'S002' WHERE id = %s", chained[2])
    chain_records(at=AT, signer=open_signer(tmp_path / "forged" / "key"))
    assert faults(key_file) == [Finding(Fault.BLOCK_UNSIGNED, "audit_block", 1)]


def test_a_tail_cut_off_is_found_against_the_head_kept_in_safety(
    chained: list[int], key_file: Path, signer: Signer, tmp_path: Path
) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(export_head(at=AT, signer=signer), encoding="utf-8")
    assert faults(key_file, head=kept) == []
    tamper("DELETE FROM audit_block WHERE no = 3; DELETE FROM audit_read WHERE id >= %s", chained[4])
    assert faults(key_file) == []
    assert faults(key_file, head=kept) == [Finding(Fault.HEAD_LOST, "audit_block", 3)]


def test_the_chain_goes_on_after_the_head(
    chained: list[int], key_file: Path, signer: Signer, tmp_path: Path
) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(export_head(at=AT, signer=signer), encoding="utf-8")
    read_of(10)
    chain_records(at=AT, signer=signer)
    assert len(blocks()) == 4
    assert faults(key_file, head=kept) == []


def test_a_head_that_somebody_wrote_is_not_believed(
    chained: list[int], key_file: Path, signer: Signer, tmp_path: Path
) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(export_head(at=AT, signer=signer).replace('"no": 3', '"no": 2'), encoding="utf-8")
    assert {finding.fault for finding in faults(key_file, head=kept)} == {
        Fault.BLOCK_UNSIGNED,
        Fault.HEAD_LOST,
    }


def test_writes_and_events_are_verified_too(log: Log, key_file: Path, signer: Signer) -> None:
    run("INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000017', 'resident')")
    chain_records(at=datetime(2026, 1, 1, tzinfo=UTC), signer=signer)
    number = written("audit_write")[-1]
    assert faults(key_file) == []
    tamper("UPDATE audit_write SET subjects = NULL WHERE id = %s", number)
    assert faults(key_file) == [Finding(Fault.ALTERED, "audit_write", number)]
