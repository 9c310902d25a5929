"""The chain across database servers: a dump restored elsewhere, and back, with an announcement each time.

Another server is told apart by the cluster that its records name; here the tests say which one this is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kyufu.audit import chain
from kyufu.audit.chain import ChainResult, chain_records, chain_restored
from kyufu.audit.signing import Signer
from kyufu.audit.verification import Fault, Finding
from kyufu.platform.clock import current_instant
from kyufu.platform.errors import Refused
from tests.audit.conftest import run
from tests.audit.test_chain import blocks, read_of, sealed, written
from tests.audit.test_verification import faults, verdict

Log = Callable[..., Any]
ELSEWHERE = 42
INSERT = (
    "INSERT INTO audit_read (actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no, what, "
    "subjects, xid, cluster, at) VALUES ('S1', '', '', '', '', '', '', '', '{{}}', '{{5}}', {xid}, {cluster}, {at})"
)


def write(
    *, cluster: int = ELSEWHERE, xid: str = "pg_current_xact_id()", at: str = "clock_timestamp()"
) -> int:
    """A record as the owner of the tables can put it in; its number."""
    run(INSERT.format(xid=xid, cluster=cluster, at=at))
    return written()[-1]


def seal(signer: Signer) -> ChainResult:
    """A run of the job now."""
    return chain_records(at=current_instant(), signer=signer)


def announce(signer: Signer) -> ChainResult:
    """The announcement that a dump was restored here."""
    return chain_restored(at=current_instant(), signer=signer, reason="機器の更新")


class Server:
    """Which server this is; `write` stands for its own writes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._own = chain.HERE
        self.number = run(f"SELECT {chain.HERE}")[0][0]

    def move(self, number: int) -> None:
        """From now on this is another server, and the records name it."""
        self._patch.setattr(chain, "HERE", f"{number}::bigint")
        for stream in ("audit_read", "audit_write", "audit_event"):
            run(f"ALTER TABLE {stream} ALTER cluster SET DEFAULT {number}")

    def put_back(self) -> None:
        """As the tables were made."""
        for stream in ("audit_read", "audit_write", "audit_event"):
            run(f"ALTER TABLE {stream} ALTER cluster SET DEFAULT {self._own}")


@pytest.fixture
def server(log: Log, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """This server, which a test can have be another."""
    made = Server(monkeypatch)
    yield made
    made.put_back()


def test_there_and_back_every_record_is_sealed_once(server: Server, signer: Signer, key_file: Path) -> None:
    first = server.number
    read_of(1)
    seal(signer)
    left_over = write(cluster=first)
    for place, subject in ((ELSEWHERE, 2), (first, 3), (ELSEWHERE, 4)):
        server.move(place)
        read_of(subject)
        with pytest.raises(Refused, match="別のデータベースサーバー"):
            seal(signer)
        announce(signer)
        assert sealed() == written()
        assert sealed("audit_event") == written("audit_event")
        read_of(subject)
        assert seal(signer).records == 1
        assert seal(signer) == ChainResult(0, 0)
        assert faults(key_file) == []
    assert left_over in sealed()
    assert len(sealed()) == len(set(sealed())) == 8


def test_what_came_unsealed_is_sealed_as_it_stands_whatever_its_transaction(
    server: Server, signer: Signer, key_file: Path
) -> None:
    seal(signer)
    write(xid="'900000000000'")
    announce(signer)
    late = write(xid="'7'")
    assert sealed() == written()[:-1]
    assert faults(key_file) == [Finding(Fault.INSERTED, "audit_read", late)]
    announce(signer)
    assert sealed() == written()
    assert {block.xid_to for block in blocks() if block.cluster == ELSEWHERE} == {chain.NO_WINDOW}


def test_the_announcement_is_on_record_with_reason_and_servers(server: Server, signer: Signer) -> None:
    write()
    announce(signer)
    found = run(
        "SELECT detail->>'理由', detail->>'ほかのサーバーの記録', detail->>'封印した記録' FROM audit_event"
    )
    assert found == [("機器の更新", str(ELSEWHERE), "1")]


@pytest.mark.requirement("KWS-179")
def test_a_record_of_a_server_that_nobody_announced_is_neither_sealed_nor_believed(
    server: Server, signer: Signer, key_file: Path
) -> None:
    read_of(1)
    seal(signer)
    forged = write(xid="'900000000000'")
    assert seal(signer) == ChainResult(0, 0)
    assert faults(key_file) == [Finding(Fault.INSERTED, "audit_read", forged)]


@pytest.mark.requirement("KWS-179")
@pytest.mark.parametrize("days", [1.2, 30, 4000])
@pytest.mark.parametrize("sealed_first", [True, False])
def test_a_back_dated_record_is_named(
    server: Server, signer: Signer, key_file: Path, *, days: float, sealed_first: bool
) -> None:
    read_of(1)
    seal(signer)
    forged = write(cluster=server.number, at=f"clock_timestamp() - interval '{days} days'")
    if sealed_first:
        assert seal(signer).records == 1
    assert faults(key_file) == [Finding(Fault.INSERTED, "audit_read", forged)]


def test_a_record_of_a_transaction_that_lasted_long_is_believed(
    server: Server, signer: Signer, key_file: Path
) -> None:
    read_of(1)
    seal(signer)
    write(cluster=server.number, at="clock_timestamp() - interval '23 hours'")
    assert verdict(key_file).waiting == 1
    assert seal(signer).records == 1
    assert faults(key_file) == []


def test_what_one_run_seals_in_several_blocks_is_held_against_the_run_before(
    server: Server, signer: Signer, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "RECORDS_A_BLOCK", 1)
    at = current_instant() - timedelta(days=3)
    read_of(1)
    chain_records(at=at, signer=signer)
    for _ in range(3):
        write(cluster=server.number, at="clock_timestamp() - interval '2 days'")
    assert seal(signer).blocks == 3
    assert faults(key_file) == []
