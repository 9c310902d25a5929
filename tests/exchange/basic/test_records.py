"""A delivery is written down before its file is there, and a delivery that fails or is killed leaves whole pieces."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from kyufu.audit.api import NotRecorded, acting
from kyufu.exchange.basic import folders, selection
from kyufu.exchange.basic.api import Delivered, Mode, deliveries
from kyufu.exchange.basic.operations import deliveries as operation
from kyufu.platform.access import ACCESS, Access, Channel, NoAccess
from kyufu.platform.actors import Actor
from kyufu.platform.errors import Refused
from kyufu.registry.api import extract_residents
from tests.exchange.basic.parts import SYSTEM, TODAY, allow, asked, hand_over, told
from tests.registry.persons import Register, fetch, measure, resident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("system", "var")]
OFFICER = Access(
    Actor("S0001", "職員1", "情報システム課"),
    "端末01",
    Channel.COMMAND,
    "kyufu exchange basic",
    "提供",
    uuid4(),
)


@pytest.fixture(autouse=True)
def _allowed(register: Register, system: str, var: Path) -> None:
    """Two persons, of whom a system may have two items."""
    register.send([resident(1), resident(2)], mode="FULL")
    allow(asked("atenabango", "shimei"))


@pytest.fixture
def broken_ledger() -> Iterator[None]:
    """The ledger takes no row."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_basic_delivery ADD CONSTRAINT broken CHECK (false) NOT VALID")
        yield
        cursor.execute("ALTER TABLE exchange_basic_delivery DROP CONSTRAINT broken")


def files(var: Path) -> list[str]:
    """The names of all files below the folder."""
    return sorted(path.name for path in var.rglob("*") if path.is_file())


@pytest.mark.requirement("SPR-132", "TKY-254", "KWS-135")
def test_the_log_says_who_delivered_whose_items_to_whom_and_why() -> None:
    access = OFFICER._replace(reference=uuid4())
    with acting(access):
        made = hand_over()
    assert made is not None
    events = fetch(
        "SELECT actor_id, terminal, detail::text, purpose FROM audit_event WHERE reference = %s",
        access.reference,
    )
    ((actor, terminal, detail, purpose),) = events
    assert (actor, terminal) == ("S0001", "端末01")
    assert json.loads(detail) | {"一覧": ""} == {
        "システム": "kokuho", "通番": "1", "区分": "FULL", "一覧": "", "項目": "宛名番号・氏名",
        "人数": "2", "提供終了": "0", "ファイル": made.path.name, "媒体": "サーバー内のファイル", "sha256": made.sha256,
    }  # fmt: skip
    assert purpose == "国民健康保険システムへの提供（住民基本台帳法第1条、市個人情報保護条例）"
    reads = fetch("SELECT what, subjects, channel FROM audit_read WHERE reference = %s", access.reference)
    persons = fetch("SELECT array_agg(id ORDER BY id) FROM registry_addressee")[0][0]
    assert reads == [(["個人基本の提供：宛名番号・氏名"], persons, "batch")]


def test_nobody_delivers_for_no_purpose(var: Path) -> None:
    token = ACCESS.set(None)
    try:
        with pytest.raises(NoAccess):
            hand_over()
    finally:
        ACCESS.reset(token)
    assert files(var) == []


def test_a_delivery_that_cannot_be_logged_leaves_no_file(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NotRecorded("閲覧の記録を残せなかったため、表示を取りやめました。")

    monkeypatch.setattr(operation, "write_reads", refuse)
    with pytest.raises(NotRecorded):
        hand_over()
    assert deliveries() == ()
    assert fetch("SELECT count(*) FROM exchange_basic_told") == [(0,)]
    assert not [name for name in files(var) if name.endswith(".csv")]
    monkeypatch.undo()


@pytest.mark.usefixtures("broken_ledger")
def test_a_delivery_that_the_ledger_refuses_leaves_no_file(var: Path) -> None:
    count = "SELECT count(*) FROM audit_event WHERE kind = 'delivered'"
    before = fetch(count)
    with pytest.raises(DatabaseError):
        hand_over()
    assert not [name for name in files(var) if name.endswith(".csv")]
    assert fetch(count) == before


def test_what_a_killed_delivery_wrote_aside_is_cleared_by_the_next(var: Path) -> None:
    with folders.open_staging(SYSTEM, uid=uuid4()) as file:
        file.write("half")
    made = hand_over()
    assert made is not None
    assert files(var) == [made.path.name]


def test_a_delivery_killed_between_ledger_and_file_is_finished_by_the_next(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    publish = operation.publish
    monkeypatch.setattr(operation, "publish", die)
    with pytest.raises(KeyboardInterrupt):
        hand_over()
    (made,) = deliveries()
    assert not made.path.exists()
    monkeypatch.setattr(operation, "publish", publish)
    assert hand_over(Mode.DIFF) is None
    assert len(told(made).rows) == 2
    assert files(var) == [made.path.name]


def test_two_deliveries_at_once_take_two_numbers() -> None:
    results: list[Delivered | None] = []

    def run() -> None:
        try:
            with acting(OFFICER):
                results.append(hand_over())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made.seq for made in results if made) == [1, 2, 3]
    assert [made.seq for made in deliveries()] == [1, 2, 3]
    assert all(len(told(made).rows) == 2 for made in deliveries())


def test_a_number_is_never_given_twice() -> None:
    hand_over()
    with pytest.raises(DatabaseError, match="basic_delivery_numbered_once"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_basic_delivery (system_id, item_list_id, uid, seq, mode, on_day, made_at, made_by, "
            "made_by_name, made_by_office, name, sha256, told_count, ended_count) "
            "SELECT system_id, item_list_id, gen_random_uuid(), seq, mode, on_day, made_at, made_by, made_by_name, "
            "made_by_office, name, sha256, told_count, ended_count FROM exchange_basic_delivery"
        )
    for statement in ("UPDATE exchange_basic_delivery SET seq = 9", "DELETE FROM exchange_basic_delivery"):
        with pytest.raises(DatabaseError, match="rows stand as written"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_session_keeps_nothing_of_the_persons() -> None:
    hand_over()
    left = fetch(
        "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r' AND relname LIKE 'exch%%'"
    )
    assert left == []
    with selection.alone(1):
        pass


def test_the_ordinary_account_can_deliver_and_cannot_rewrite_the_ledger(
    ordinary_role: psycopg.Connection[Any],
) -> None:
    hand_over()
    assert ordinary_role.execute("SELECT count(*) FROM exchange_basic_delivery").fetchone() == (1,)
    with pytest.raises(psycopg.Error, match="rows stand as written"):
        ordinary_role.execute("DELETE FROM exchange_basic_delivery")


def test_a_protected_address_is_read_under_an_opening_alone(register: Register) -> None:
    register.send([measure(1)], layout="protection", mode="FULL")
    with pytest.raises(Refused, match="権限の確認がされていません"):
        extract_residents("leak", items=("hogo_jusho",), on=TODAY, today=TODAY)
    assert fetch("SELECT to_regclass('leak')") == [(None,)]


def test_what_is_no_delivery_in_the_staging_folder_is_left_alone(var: Path) -> None:
    hand_over()
    note = folders.place_of(SYSTEM, name=folders.STAGING) / "notes.txt"
    note.write_text("x", encoding="utf-8")
    assert hand_over() is not None
    assert note.exists()
