"""The chain against a model: sessions that commit late or never, runs in between, and any tampering afterwards.

The model keeps in plain lists what was committed, and which of it a run of the chain must have sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kyufu.audit import chain
from kyufu.audit.chain import chain_records
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import TABLES
from kyufu.audit.verification import Fault
from tests.audit.conftest import run, tamper
from tests.audit.test_chain import AT, blocks, read_of, sealed, written
from tests.audit.test_verification import COPY, faults, verdict

Log = Callable[..., Any]
SESSIONS = st.integers(0, 2)
INSERT = (
    "INSERT INTO audit_read (actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no, what, "
    "subjects) VALUES ('S9', '', '', '', 'screen', '', '', '', '{氏名}', '{1}') RETURNING id"
)


def another_session() -> psycopg.Connection[Any]:
    """A connection of its own to the test database, as the owner."""
    found = connections["default"].settings_dict
    return psycopg.connect(
        host=str(found["HOST"]), port=found["PORT"] or None, user=str(found["USER"]),
        password=str(found.get("PASSWORD", "")), dbname=str(found["NAME"]), options="-c search_path=public",
    )  # fmt: skip


class LogModel(RuleBasedStateMachine):
    """`open` is what each session wrote and has not committed; `final` what is committed; `under` the sealed."""

    signer: Signer
    key_file: Path

    def __init__(self) -> None:
        super().__init__()
        self.sessions = [another_session() for _ in range(3)]
        self.open: list[list[int]] = [[], [], []]
        self.final: set[int] = set()

    @initialize()
    def start(self) -> None:
        """An empty log."""
        tamper(f"TRUNCATE {', '.join(TABLES)}")

    @rule(who=SESSIONS)
    def write(self, who: int) -> None:
        """Somebody reads; their transaction stays open."""
        row = self.sessions[who].execute(INSERT).fetchone()
        self.open[who].append(row[0] if row else 0)

    @rule(who=SESSIONS)
    def commit(self, who: int) -> None:
        """A transaction ends well."""
        self.sessions[who].commit()
        self.final |= set(self.open[who])
        self.open[who] = []

    @rule(who=SESSIONS)
    def roll_back(self, who: int) -> None:
        """A transaction ends badly; its numbers are never used again."""
        self.sessions[who].rollback()
        self.open[who] = []

    @rule()
    def chain(self) -> None:
        """The job runs."""
        before = set(sealed())
        result = chain_records(at=AT, signer=self.signer)
        after = set(sealed())
        assert before <= after
        assert result.records == len(after - before)

    @rule()
    def finish(self) -> None:
        """Everybody commits and the job runs: nothing is left over."""
        for who in range(3):
            self.commit(who)
        self.chain()
        assert set(sealed()) == self.final
        assert verdict(self.key_file).waiting == 0

    @invariant()
    def holds(self) -> None:
        """What is committed is there, what is sealed was committed once, and nobody is accused."""
        assert set(written()) == self.final
        numbers = sealed()
        assert len(numbers) == len(set(numbers))
        assert set(numbers) <= self.final
        found = verdict(self.key_file)
        assert found.findings == ()
        assert found.records + found.waiting == len(self.final)

    def teardown(self) -> None:
        """Let go of the sessions."""
        for session in self.sessions:
            session.close()


@pytest.mark.slow
@pytest.mark.requirement("KWS-179")
def test_any_order_of_sessions_and_runs_seals_each_record_once(
    log: Log, signer: Signer, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "RECORDS_A_BLOCK", 2)
    LogModel.signer, LogModel.key_file = signer, key_file
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        LogModel,
        settings=settings(
            max_examples=15, stateful_step_count=15, deadline=None,
            phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@contextmanager
def fresh_log(signer: Signer, *, readings: int, block: int) -> Iterator[list[int]]:
    """A log of so many readings in blocks of a size; the numbers of the records."""
    tamper(f"TRUNCATE {', '.join(TABLES)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "RECORDS_A_BLOCK", block)
        for subject in range(readings):
            read_of(subject)
        chain_records(at=AT, signer=signer)
    yield written()


def swap(numbers: list[int], *, first: int, second: int) -> set[tuple[Fault, int]]:
    """Two records change their contents, each keeping its number."""
    one, other = numbers[first], numbers[second]
    tamper(
        "UPDATE audit_read a SET subjects = b.subjects, at = b.at FROM audit_read b "
        "WHERE a.id IN (%s, %s) AND b.id IN (%s, %s) AND a.id <> b.id",
        one, other, one, other,
    )  # fmt: skip
    return {(Fault.ALTERED, one), (Fault.ALTERED, other)}


def double(numbers: list[int], *, first: int, second: int) -> set[tuple[Fault, int]]:
    """A record is put in again under a number of its own."""
    tamper(COPY.format(id="nextval('audit_read_id')", xid="xid"), numbers[first])
    return {(Fault.INSERTED, written()[-1])}


def take_out(numbers: list[int], *, first: int, second: int) -> set[tuple[Fault, int]]:
    """Two records vanish."""
    tamper("DELETE FROM audit_read WHERE id IN (%s, %s)", numbers[first], numbers[second])
    return {(Fault.MISSING, numbers[first]), (Fault.MISSING, numbers[second])}


def renumber(numbers: list[int], *, first: int, second: int) -> set[tuple[Fault, int]]:
    """A record gets a number that nobody has."""
    tamper("UPDATE audit_read SET id = 900000 WHERE id = %s", numbers[first])
    return {(Fault.MISSING, numbers[first]), (Fault.INSERTED, 900_000)}


def cut_the_end(numbers: list[int], *, first: int, second: int) -> set[tuple[Fault, int]]:
    """Everything from a record on vanishes, the blocks stay."""
    since = min(first, second)
    tamper("DELETE FROM audit_read WHERE id >= %s", numbers[since])
    return {(Fault.MISSING, number) for number in numbers[since:]}


@pytest.mark.slow
@pytest.mark.requirement("KWS-179")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    act=st.sampled_from([swap, double, take_out, renumber, cut_the_end]), readings=st.integers(2, 9),
    block=st.integers(1, 4), data=st.data(),
)  # fmt: skip
def test_what_is_done_to_a_sealed_log_is_named_whole_and_the_first_one_first(
    log: Log, signer: Signer, key_file: Path, *, act: Any, readings: int, block: int, data: st.DataObject
) -> None:
    places = st.integers(0, readings - 1)
    first, second = data.draw(st.lists(places, min_size=2, max_size=2, unique=True))
    with fresh_log(signer, readings=readings, block=block) as numbers:
        assert faults(key_file) == []
        expected = act(numbers, first=first, second=second)
        found = [(one.fault, one.number) for one in faults(key_file)]
    assert set(found) == expected
    in_blocks = [number for fault, number in found if fault is not Fault.INSERTED and number]
    assert in_blocks == sorted(in_blocks)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(victim=st.integers(1, 4), other=st.integers(1, 4))
def test_a_block_that_takes_the_place_of_another_is_named(
    log: Log, signer: Signer, key_file: Path, *, victim: int, other: int
) -> None:
    with fresh_log(signer, readings=4, block=1):
        assert len(blocks()) == 4
        tamper("UPDATE audit_block SET no = no + 100 WHERE no IN (%s, %s)", victim, other)
        tamper(
            "UPDATE audit_block SET no = CASE no WHEN %s THEN %s::bigint ELSE %s::bigint END WHERE no > 100",
            victim + 100, other, victim,
        )  # fmt: skip
        found = faults(key_file)
    if victim == other:
        assert found == []
        return
    assert (found[0].fault, found[0].number) == (Fault.BLOCK_ALTERED, min(victim, other))


def test_the_tampering_of_these_tests_is_not_open_to_the_ordinary_account(
    log: Log, signer: Signer, ordinary_role: psycopg.Connection[Any]
) -> None:
    assert ordinary_role.info.user == django_settings.ORDINARY_ACCOUNT
    run(INSERT)
    for statement in (
        "ALTER TABLE audit_read DISABLE TRIGGER USER",
        "UPDATE audit_read SET id = 900000",
        "UPDATE audit_block SET no = no + 100",
        "SELECT setval('audit_read_id', 1)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ordinary_role.execute(statement)
        ordinary_role.rollback()
