"""A file is taken whole, sealed, with its record and history; or nothing of it is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kyufu.attachments import operations, parameters
from kyufu.attachments.api import (
    AttachmentLimits,
    Infected,
    attachment_by_id,
    attachment_limits,
    attachments_of,
    open_attachment,
    receive_attachment,
    refused_in,
)
from kyufu.audit.api import acting
from kyufu.cases import api as cases
from kyufu.platform.errors import BadInput, Refused
from tests.attachments.files import EICAR, jpeg, pdf, png, tiff
from tests.attachments.papers import AT, CLERK, OTHER, attach, handed
from tests.attachments.scanner import command
from tests.cases.world import WARD, Family, World, filing, receive
from tests.conftest import TESTER

TABLES = (
    "attachments_attachment",
    "attachments_attachment_content",
    "attachments_attachment_transition",
    "attachments_refusal",
)


def counts() -> dict[str, int]:
    """How many rows stand in each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def run(statement: str, *values: object) -> list[Any]:
    """Rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def last_event(kind: str) -> list[int]:
    """The persons of the last event of a kind; the log outlives the tables that a test empties."""
    rows = run("SELECT subjects FROM audit_event WHERE kind = %s ORDER BY id DESC LIMIT 1", kind)
    return list(rows[0][0])


def limit_to(monkeypatch: pytest.MonkeyPatch, **values: int) -> AttachmentLimits:
    """Give other limits to what is received from now on; returns those of the parameters."""
    limits = attachment_limits(on=AT.date())
    fewer = replace(limits, **values)
    monkeypatch.setattr(operations, "attachment_limits", lambda **_: fewer)
    return limits


NOTHING = dict.fromkeys(TABLES, 0)


@pytest.mark.requirement("TKY-007")
def test_a_file_is_kept_with_all_that_is_known_of_it(family: Family, application: int) -> None:
    attachment = attach(application)
    row = attachment_by_id(attachment)
    assert attachments_of(application) == (row,)
    assert (row.kind, row.name, row.media_type, row.pages) == (
        "insurance", "資格確認書.pdf", "application/pdf", 1,
    )  # fmt: skip
    assert (row.size, row.scan, row.state) == (len(pdf()), "unscanned", "received")
    assert (row.received_by, row.received_at) == ("鶴見区保険年金課　受付　花子", AT)
    assert row.child_id == family.child
    assert open_attachment(attachment).content == pdf()


@pytest.mark.parametrize(
    ("content", "name"),
    [(png(), "a.png"), (jpeg(), "a.jpg"), (tiff(sizes=[(3, 3)] * 4), "a.tif"), (pdf(pages=5), "a")],
)
def test_every_kind_comes_back_as_it_was_handed_in(application: int, content: bytes, name: str) -> None:
    attachment = receive_attachment(handed(application, content, name=name), by=CLERK, at=AT)
    assert open_attachment(attachment).content == content


def test_reading_is_noted_as_reading_of_the_child(application: int, family: Family) -> None:
    attachment = attach(application)
    with acting(TESTER):
        open_attachment(attachment)
    ((what, subjects),) = run(
        "SELECT what::text, subjects FROM audit_read WHERE subjects <> '{}' ORDER BY id DESC LIMIT 1"
    )
    assert "添付書類の中身" in what
    assert subjects == [family.child]


def test_a_dump_without_the_key_shows_nothing(application: int, own_key: Path) -> None:
    content = pdf(text="KIMITSU-NO-SHORUI " * 20)
    attach(application, content)
    dump = b""
    for table in TABLES:
        for row in run(f"SELECT * FROM {table}"):
            dump += b"".join(bytes(one) if isinstance(one, memoryview) else str(one).encode() for one in row)
    assert b"KIMITSU" not in dump
    assert not any(content[at : at + 16] in dump for at in range(0, len(content) - 16, 8))
    assert own_key.read_bytes().strip() not in dump


def test_a_record_without_its_content_is_never_committed(
    application: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is killed between the two: the transaction takes both along."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operations, "_keep_content", killed)
        with pytest.raises(KeyboardInterrupt):
            attach(application)
    assert counts() == NOTHING
    with monkeypatch.context() as patch:
        # Even a faulty program that forgets the content is stopped, by the database, when it commits.
        patch.setattr(operations, "_keep_content", lambda *_, **__: None)
        with pytest.raises(DatabaseError, match="without its content"):
            attach(application)
    assert counts() == NOTHING
    assert open_attachment(attach(application)).content == pdf()


def test_a_content_is_not_committed_where_its_key_is_lost(application: int, own_key: Path) -> None:
    attach(application)
    before = counts()
    own_key.unlink()
    with pytest.raises(Refused, match="鍵ファイル"):
        attach(application, pdf(text="SECOND"))
    assert counts() == before
    assert not own_key.exists()


def test_the_same_file_again_is_noticed(application: int) -> None:
    attach(application)
    with pytest.raises(Refused, match="同じ内容のファイルが、すでに「資格確認書") as refused:
        receive_attachment(handed(application, kind="other", name="別の名前.pdf"), by=OTHER, at=AT)
    assert "受付　花子" in refused.value.message
    assert "令和8年8月3日（2026年） 10:00" in refused.value.message


def test_the_same_file_may_belong_to_two_applications(world: World) -> None:
    first, second = (receive(world.family()) for _ in range(2))
    assert attach(first) != attach(second)


def test_two_clerks_attach_the_same_file_at_once(application: int) -> None:
    together = Barrier(2)

    def act(_: int) -> object:
        try:
            together.wait()
            return attach(application)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = [one.result() for one in [pool.submit(copy_context().run, act, each) for each in (1, 2)]]
    assert sorted(type(one).__name__ for one in results) == ["Refused", "int"]
    assert len(attachments_of(application)) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "nothing"}, "種類が一覧にありません"),
        ({"content": b""}, "空です"),
        ({"content": b"MZ" + bytes(100)}, "添付できない種類"),
        ({"name": "a.exe"}, "拡張子"),
        ({"content": pdf(pages=51)}, "50ページを超えて"),
        ({"content": png(width=20_000, height=20_000), "name": "a.png"}, "画素数"),
        ({"content": pdf() + b" " * (10 * 1024 * 1024)}, "10MBを超えて"),
        ({"content": pdf(catalog=b"/Encrypt 1 0 R")}, "パスワード"),
    ],
)
def test_what_is_not_taken_leaves_nothing(application: int, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        receive_attachment(handed(application)._replace(**changed), by=CLERK, at=AT)
    assert refused.value.remedy
    assert counts() == NOTHING


def test_an_application_takes_so_many_files_and_no_more(
    application: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_to(monkeypatch, most_files=2)
    for number in range(2):
        attach(application, pdf(text=str(number)))
    with pytest.raises(Refused, match="2件まで"):
        attach(application, pdf(text="third"))


def test_an_application_takes_so_many_bytes_and_no_more(
    application: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = limit_to(monkeypatch, most_bytes=2 * len(pdf()) - 1)
    attach(application)
    with pytest.raises(Refused, match="合計"):
        attach(application, pdf(text="OTHER"))
    assert parameters.attachment_limits(on=AT.date()) == limits


def test_a_withdrawn_application_takes_none(family: Family, application: int) -> None:
    number = cases.application_by_id(application).number
    paper = filing(family, kind=cases.Kind.WITHDRAWAL, target_no=number)
    cases.withdraw_application(paper, by=CLERK, at=AT)
    with pytest.raises(Refused, match="取り下げられた申請"):
        attach(application)


def test_an_unknown_application_takes_none(world: World) -> None:
    with pytest.raises(BadInput, match="その申請はありません"):
        attach(999_999)
    with pytest.raises(BadInput, match="その添付書類はありません"):
        attachment_by_id(999_999)


def test_a_clean_file_is_marked_as_scanned(application: int, settings: Any) -> None:
    settings.KYUFU_SCAN_COMMAND = command()
    assert attachment_by_id(attach(application)).scan == "clean"


def test_an_infected_file_is_refused_and_stands_on_the_list(
    application: int, family: Family, settings: Any
) -> None:
    settings.KYUFU_SCAN_COMMAND = command()
    with pytest.raises(Infected, match="有害なデータ"):
        attach(application, pdf(text=EICAR.decode()))
    assert counts() == {**NOTHING, "attachments_refusal": 1}
    (refused,) = refused_in([WARD], limit=10, after=0)
    assert (refused.application_id, refused.name, refused.child_id) == (
        application, "資格確認書.pdf", family.child,
    )  # fmt: skip
    assert refused_in(["999999"], limit=10, after=0) == ()
    assert refused_in(None, limit=10, after=refused.refusal_id) == ()
    assert last_event("attachment_refused") == [family.child]


@pytest.mark.parametrize("words", [command("--fail"), "/nowhere"])
def test_a_scanner_that_is_down_stores_nothing(application: int, settings: Any, words: str) -> None:
    settings.KYUFU_SCAN_COMMAND = words
    with pytest.raises(Refused, match="検査ができなかった") as refused:
        attach(application)
    assert "もう一度" in refused.value.remedy
    assert counts() == NOTHING


def test_a_scanner_that_is_slow_holds_nobody_up(
    application: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KYUFU_SCAN_COMMAND = command("--seconds", "30")
    limit_to(monkeypatch, scan_seconds=1)
    with pytest.raises(Refused, match="検査ができなかった"):
        attach(application)
    with transaction.atomic():
        run("SELECT FROM cases_application WHERE id = %s FOR UPDATE NOWAIT", application)
    assert counts() == NOTHING
