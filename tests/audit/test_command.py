"""`kyufu audit` as an operator types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kyufu.audit.api import acting, note_read
from kyufu.audit.direct import direct_writes
from kyufu.audit.signing import Signer
from kyufu.audit.tables_sql import stands_trigger
from kyufu.cli.main import main
from kyufu.platform.access import Channel
from tests.audit.conftest import access, run, tamper
from tests.audit.test_chain import read_of, written

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]
STAFF = ["--staff", "S0009", "--staff-name", "点検　担当", "--office", "個人情報保護課"]
PERIOD = ["--from", "2026-01-01", "--to", "2099-12-31"]


def kyufu(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """Run the command; its status, what it said and what it complained of."""
    capsys.readouterr()
    status = main(["audit", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture(autouse=True)
def ready(log: Callable[..., Any], key_file: Path) -> None:
    """An empty log and a place for the key."""


def test_the_key_is_made_and_named_but_not_shown(capsys: Capture, key_file: Path) -> None:
    status, said, _ = kyufu(capsys, "init")
    assert (status, key_file.exists()) == (0, True)
    assert key_file.read_text().splitlines()[1] not in said
    assert kyufu(capsys, "init")[1] == said, "a second time it is the same key"


def test_sealing_and_verifying_a_sound_log(capsys: Capture) -> None:
    read_of(1)
    assert kyufu(capsys, "chain")[:2] == (0, "1件の記録を1個の封印にまとめました。\n")
    status, said, complaint = kyufu(capsys, "verify")
    assert (status, complaint) == (0, "")
    assert "封印1個、記録1件" in said
    assert "変更・欠落・差し込みはありません。" in said


def test_a_restored_log_goes_on_when_somebody_says_so(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_of(1)
    kyufu(capsys, "chain")
    monkeypatch.setattr("kyufu.audit.chain.HERE", "42::bigint")
    status, _, complaint = kyufu(capsys, "chain")
    assert (status, "--restored-from-elsewhere" in complaint) == (1, True)
    run("ALTER TABLE audit_event ALTER cluster SET DEFAULT 42")
    try:
        assert kyufu(capsys, "chain", "--restored-from-elsewhere", "機器の更新")[0] == 0
    finally:
        run("ALTER TABLE audit_event ALTER cluster SET DEFAULT (pg_control_system()).system_identifier")
    assert run("SELECT detail->>'理由' FROM audit_event WHERE kind = 'log_restored'") == [("機器の更新",)]
    assert kyufu(capsys, "chain")[0] == 0


def test_a_lost_key_is_replaced_with_a_reason_only(capsys: Capture, key_file: Path) -> None:
    read_of(1)
    kyufu(capsys, "chain")
    key_file.unlink()
    for step in ("init", "chain"):
        status, _, complaint = kyufu(capsys, step)
        assert (status, "kyufu audit new-key" in complaint, key_file.exists()) == (1, True, False)
    assert kyufu(capsys, "new-key", "--reason", "　", *STAFF)[0] == 2
    assert kyufu(capsys, "new-key", "--reason", "鍵の紛失", *STAFF)[0] == 0
    found = run("SELECT actor_id, detail->>'理由' FROM audit_event WHERE kind = 'key_operation'")
    assert found == [("S0009", "鍵の紛失")]
    kyufu(capsys, "chain")
    assert kyufu(capsys, "verify")[0] == 0


def test_writes_past_kyufu_are_counted_and_the_first_is_named(capsys: Capture) -> None:
    insert = "INSERT INTO registry_addressee (addressee_no, kind) VALUES ('{}', 'resident')"
    run(insert.format("000000000000021"))
    kyufu(capsys, "chain")
    assert "Kyufu を通さない更新：なし" in kyufu(capsys, "verify")[1]
    run("SET application_name = 'psql'")
    try:
        run(insert.format("000000000000022"))
        run(insert.format("000000000000023"))
    finally:
        run("SET application_name = 'kyufu'")
    first = run("SELECT id FROM audit_write WHERE db_application = 'psql' ORDER BY id LIMIT 1")[0][0]
    status, said, _ = kyufu(capsys, "verify")
    assert status == 0
    assert "Kyufu を通さない更新：2件（最初：" in said
    assert f" psql 宛名の登録（番号 {first}）" in said
    assert "Kyufu を通さない更新：2件" in kyufu(capsys, "review", *PERIOD, *STAFF)[1]
    before = ["--from", "2026-01-01", "--to", "2026-01-02"]
    assert "Kyufu を通さない更新：なし" in kyufu(capsys, "review", *before, *STAFF)[1]
    found = run(
        "SELECT detail->>'Kyufuを通さない更新' FROM audit_event WHERE kind = 'log_verified' ORDER BY id"
    )
    assert (found[0], found[1][0][:2]) == (("なし",), "2件")


def test_a_write_by_a_foreign_account_is_counted_whatever_it_calls_itself() -> None:
    run("INSERT INTO audit_write (actor_id, actor_name, actor_office, terminal, channel, screen, purpose, case_no, "
        "table_name, operation, row_count, db_user, db_application) VALUES ('x', '', '', '', 'sql', '', '', '', "
        "'registry_addressee', 'DELETE', 3, 'postgres', 'kyufu')")  # fmt: skip
    found = direct_writes()
    assert (found.statements, found.first and found.first.account) == (1, "postgres")


def test_a_broken_log_ends_with_status_1_and_the_first_record(capsys: Capture) -> None:
    read_of(1)
    read_of(2)
    kyufu(capsys, "chain")
    tamper("UPDATE audit_read SET purpose = 'x'")
    status, _, complaint = kyufu(capsys, "verify")
    first, second = written()
    assert status == 1
    assert complaint.splitlines() == [
        f"最初の問題：記録が書き換えられています（audit_read の番号 {first}）",
        f"　　　ほか：記録が書き換えられています（audit_read の番号 {second}）",
    ]


def test_a_head_is_exported_once_and_held_against_the_chain(capsys: Capture, tmp_path: Path) -> None:
    read_of(1)
    kyufu(capsys, "chain")
    out = tmp_path / "head.json"
    assert kyufu(capsys, "export-head", "--out", str(out))[0] == 0
    status, _, complaint = kyufu(capsys, "export-head", "--out", str(out))
    assert (status, "書き出せません" in complaint) == (2, True)
    assert kyufu(capsys, "verify", "--head", str(out))[0] == 0
    tamper("DELETE FROM audit_block; DELETE FROM audit_read")
    status, _, complaint = kyufu(capsys, "verify", "--head", str(out))
    assert status == 1
    assert "保管した封印の続きになっていません" in complaint


def test_there_is_no_head_before_the_first_block(capsys: Capture, tmp_path: Path) -> None:
    status, _, complaint = kyufu(capsys, "export-head", "--out", str(tmp_path / "head.json"))
    assert (status, "まだ封印がありません" in complaint) == (1, True)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"no": "x"}', "\u3042"])
def test_a_file_that_is_no_head_is_bad_input(
    capsys: Capture, tmp_path: Path, signer: Signer, content: str
) -> None:
    path = tmp_path / "head.json"
    path.write_text(content, encoding="utf-8")
    status, _, complaint = kyufu(capsys, "verify", "--head", str(path))
    assert (status, "head.json は、書き出した封印のファイルとして読めません" in complaint) == (2, True)


@pytest.mark.requirement("TKY-137")
@pytest.mark.requirement("YOK-194")
def test_records_are_searched_by_staff_and_by_person(capsys: Capture) -> None:
    made = run(
        "INSERT INTO registry_addressee (addressee_no, kind) VALUES ('000000000000011', 'resident') RETURNING id"
    )
    read_of(made[0][0])
    read_of(999)
    _, said, _ = kyufu(capsys, "search", "--of", "S001", *PERIOD, *STAFF)
    assert said.splitlines()[-1] == "2件"
    assert "S001 鶴見花子（鶴見区保険年金課） T-01 画面 資格の確認 R0000001 氏名・住所 1件" in said
    _, said, _ = kyufu(capsys, "search", "--addressee", "000000000000011", *PERIOD, *STAFF)
    assert said.splitlines()[-1] == "1件"
    found = run("SELECT actor_id, actor_name FROM audit_event WHERE kind = 'log_searched' ORDER BY id")
    assert found == [("S0009", "点検　担当")] * 2


@pytest.mark.parametrize("kind", ["reads", "writes", "events"])
def test_each_part_of_the_log_can_be_searched(capsys: Capture, kind: str) -> None:
    assert kyufu(capsys, "search", "--kind", kind, *PERIOD, *STAFF)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["search", "--addressee", "000000000000099", *PERIOD, *STAFF], "登録されていません"),
        (["search", "--from", "きのう", "--to", "2026-01-01", *STAFF], "日付ではありません"),
        (["review", "--sample", "3", *PERIOD, *STAFF], "抽出の条件が足りません"),
    ],
)
def test_what_cannot_be_read_is_said(capsys: Capture, arguments: list[str], complaint: str) -> None:
    status, _, said = kyufu(capsys, *arguments)
    assert (status, complaint in said) == (2, True)


def test_odd_readings_are_found_and_drawn_ones_added(capsys: Capture) -> None:
    run("INSERT INTO reading_watched_person (addressee_id, valid, reason, recorded_by, recorded_at) "
        "VALUES (11, '[2020-01-01,)', '議員', 'S1', now())")  # fmt: skip
    read_of(11)
    with acting(access(case_no="")):
        note_read([12], what="氏名・住所")
    # On a working day, whatever day the tests run on.
    tamper("UPDATE audit_read SET at = '2026-11-19 03:00+00'")
    _, said, _ = kyufu(capsys, "review", "--find", "--sample", "5", "--seed", "8月", *PERIOD, *STAFF)
    assert "点検が要る閲覧：新たに1件" in said
    assert "無作為に抽出した閲覧：新たに1件" in said
    assert "著名人などの一覧にある人の情報を見ています（1人）" in said
    _, said, _ = kyufu(capsys, "review", "--find", "--sample", "5", "--seed", "8月", *PERIOD, *STAFF)
    assert "点検が要る閲覧：新たに0件" in said
    channels = {row[0] for row in run("SELECT channel FROM audit_read WHERE actor_id = 'S0009'")}
    assert channels <= {str(Channel.BATCH)}, "the review is not reviewed as readings by a person"


def test_without_candidates_nothing_is_deleted(capsys: Capture) -> None:
    assert kyufu(capsys, "retention", "--delete", *STAFF)[:2] == (0, "保存期間を過ぎた記録はありません。\n")


def test_candidates_are_shown_before_they_are_deleted(capsys: Capture) -> None:
    read_of(1)
    run("CREATE TABLE audit_read_2019_03 PARTITION OF audit_read FOR VALUES "
        "FROM ('2019-03-01 00:00 Asia/Tokyo') TO ('2019-04-01 00:00 Asia/Tokyo')")  # fmt: skip
    run(stands_trigger("audit_read_2019_03"))
    run("INSERT INTO audit_read SELECT nextval('audit_read_id'), '2019-03-09 Asia/Tokyo', reference, actor_id, "
        "actor_name, actor_office, terminal, channel, screen, purpose, case_no, what, "
        "subjects FROM audit_read")  # fmt: skip
    kyufu(capsys, "chain")
    _, said, _ = kyufu(capsys, "retention", *STAFF)
    assert "audit_read 2019-03分 1件（2024-04-01に保存期間満了）" in said
    assert "--delete" in said
    assert len(written()) == 2
    status, said, complaint = kyufu(capsys, "retention", "--delete", *STAFF)
    assert (status, complaint) == (0, "")
    assert "1件を削除し、削除を記録しました。" in said
    assert run("SELECT actor_id FROM audit_event WHERE kind = 'log_deleted'") == [("S0009",)]
    assert kyufu(capsys, "verify")[0] == 0


def test_the_command_writes_under_the_name_it_was_given() -> None:
    assert access().actor.staff_id == "S001"
