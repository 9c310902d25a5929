"""`kyufu staff`: from the first office to a confirmed grant, by the commands alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kyufu.cli import staff_changes
from kyufu.staff import api as staff
from tests.cli.proving import enrol, run_as
from tests.staff.town import TODAY, at, days

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]
SETTER = ["--staff", "S000", "--staff-name", "設定　花子", "--office", "情報システム課"]


def main(arguments: list[str]) -> int:
    """Run a command while whoever it names stands there to prove it."""
    named = arguments.index("--staff") + 1 if "--staff" in arguments else None
    return run_as(arguments, *([] if named is None else [arguments[named]]))


def as_one(number: str) -> list[str]:
    return ["--staff", number, "--staff-name", "見本　花子", "--office", "医療援助課"]


@pytest.fixture(autouse=True)
def july(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands run on a day in July, on the tables that the tests made."""
    monkeypatch.setattr("kyufu.platform.schema.ensure_tables", lambda: None)
    _be_on(TODAY, monkeypatch=monkeypatch)
    yield


def _be_on(day: date, *, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_changes, "current_date_in_japan", lambda: day)
    monkeypatch.setattr(staff_changes, "current_instant", lambda: at(day))


def run(*arguments: str, capsys: Capture) -> str:
    assert main(["staff", *arguments]) == 0
    return capsys.readouterr().out


def add_account(
    number: str, *, name: str, capsys: Capture, office: str = "HQ", by: list[str] = SETTER
) -> str:
    return run(
        "add-account", "--staff-no", number, "--personnel-no", f"P{number}", "--name", name, "--kana", "ミホン",
        "--at-office", office, "--why", "申請第1号", *by, capsys=capsys,
    )  # fmt: skip


@pytest.fixture
def city(capsys: Capture) -> None:
    """An office, a ward, two administrators and a clerk, made by the commands."""
    run("add-office", "--code", "HQ", "--name", "医療援助課", "--kind", "head", *SETTER, capsys=capsys)
    run(
        "add-office", "--code", "TSU", "--name", "鶴見区保険年金課", "--kind", "ward", "--parent", "HQ",
        "--ward", "141011", *SETTER, capsys=capsys,
    )  # fmt: skip
    for number, name in (("A001", "管理　一郎"), ("A002", "管理　二郎"), ("C001", "見本　花子")):
        add_account(number, name=name, capsys=capsys)
    run("first-administrators", "A001", "A002", "--at-office", "HQ", *SETTER, capsys=capsys)
    for number in ("A001", "A002", "C001"):
        enrol(number)


def ask(capsys: Capture, *, by: str = "A001") -> str:
    said = run(
        "ask-grant", "--for", "C001", "--role", "counter", "--at-office", "TSU", "--scheme", "child",
        "--why", "窓口の事務", *as_one(by), capsys=capsys,
    )  # fmt: skip
    return re.findall("[0-9]+", said)[0]


def test_from_nothing_to_a_confirmed_grant(city: None, capsys: Capture) -> None:
    grant = ask(capsys)
    assert run("grants", capsys=capsys).startswith(f"{grant}: C001 見本　花子 「窓口担当」")
    assert main(["staff", "confirm-grant", grant, *as_one("A001")]) == 1
    assert "別の職員が確認してください" in capsys.readouterr().err
    assert main(["staff", "confirm-grant", grant, *as_one("C001")]) == 1
    run("confirm-grant", grant, *as_one("A002"), capsys=capsys)
    clerk = staff.find_account("C001", on=TODAY)
    assert clerk is not None
    assert staff.rights_of(clerk.account_id, on=TODAY).offices(staff.Function.CASE) == {"TSU"}
    assert run("grants", capsys=capsys) == ""


def test_the_temporary_password_is_said_once_and_must_be_changed(city: None, capsys: Capture) -> None:
    said = add_account("C002", name="見本　次郎", capsys=capsys, by=as_one("A001"))
    (password,) = re.findall("仮のパスワード: (.+)", said)
    assert len(password) >= staff.sign_in_policy(TODAY).password_min_length
    account = staff.find_account("C002", on=TODAY)
    assert account is not None
    assert staff.password_state(account.account_id, on=TODAY) is staff.PasswordState.TO_CHANGE
    assert password not in run("accounts", capsys=capsys)


def test_once_there_are_administrators_nobody_else_changes_anything(city: None, capsys: Capture) -> None:
    office = ["add-office", "--code", "NEW", "--name", "新しい課", "--kind", "head"]
    assert main(["staff", *office, *SETTER]) == 1
    assert "そのアカウントはありません" in capsys.readouterr().err
    assert main(["staff", *office, *as_one("C001")]) == 1
    assert "権限がありません" in capsys.readouterr().err
    run(*office, *as_one("A001"), capsys=capsys)
    assert "NEW: 新しい課 本庁" in run("offices", capsys=capsys)
    assert main(["staff", "first-administrators", "A001", "C001", "--at-office", "HQ", *SETTER]) == 1


@pytest.mark.requirement("YOK-166")
def test_a_shared_account_cannot_be_made_by_the_command(city: None, capsys: Capture) -> None:
    arguments = [
        "--staff-no", "M001", "--personnel-no", "P1", "--name", "窓口　共用", "--kana", "マド", "--at-office", "HQ",
        "--why", "便利なため",
    ]  # fmt: skip
    assert main(["staff", "add-account", *arguments, *as_one("A001")]) == 1
    assert "共用のアカウントは作れません" in capsys.readouterr().err


def test_refusing_says_why(city: None, capsys: Capture) -> None:
    grant = ask(capsys)
    assert f"{grant} を却下" in run(
        "refuse-grant", grant, "--why", "担当でない", *as_one("A002"), capsys=capsys
    )
    clerk = staff.find_account("C001", on=TODAY)
    assert clerk is not None
    assert [one.state for one in staff.grants_of(clerk.account_id)] == ["refused"]


def test_an_unknown_scheme_names_those_there_are(city: None, capsys: Capture) -> None:
    asked = ["--for", "C001", "--role", "counter", "--at-office", "TSU", "--scheme", "x", "--why", "窓口"]
    assert main(["staff", "ask-grant", *asked, *as_one("A001")]) == 2
    assert "child、selfsupport、kokuho、common" in capsys.readouterr().err


@pytest.mark.requirement("KWS-172", "TKY-203")
def test_the_rights_table_is_printed_and_compared(city: None, capsys: Capture, tmp_path: Path) -> None:
    printed = run("rights-table", capsys=capsys)
    path = tmp_path / "承認済.csv"
    path.write_text(printed, encoding="utf-8")
    assert run("compare-rights-table", str(path), capsys=capsys) == "一致しています。\n"
    run("confirm-grant", ask(capsys), *as_one("A002"), capsys=capsys)
    assert main(["staff", "compare-rights-table", str(path)]) == 1
    said = capsys.readouterr().out
    assert said.count("今の権限だけ: C001") == 4
    assert said.endswith("一致していません。\n")
    assert main(["staff", "compare-rights-table", str(tmp_path / "ない.csv")]) == 2
    path.write_bytes(b"\xff\xfe")
    assert main(["staff", "compare-rights-table", str(path)]) == 2


def test_time_is_closed_daily(city: None, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    run("confirm-grant", ask(capsys), *as_one("A002"), capsys=capsys)
    _be_on(date(2027, 4, 1), monkeypatch=monkeypatch)
    said = run("lapse", *SETTER, capsys=capsys)
    assert said.startswith(
        "失効した権限 3、廃止したアカウント（退職・契約終了） 0、停止したアカウント（期限切れ） 3"
    )
    assert "更新されていないアカウント: 3 件" in run("accounts", capsys=capsys)


@pytest.mark.requirement("ATG-220", "TKY-147")
def test_accounts_are_listed_with_state_and_last_day(
    city: None, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kyufu.cli.staff.PAGE", 2)
    said = run("accounts", capsys=capsys)
    assert re.findall(r"^([A-Z][0-9]+): ", said, re.MULTILINE) == ["A001", "A002", "C001"]
    assert "C001: 見本　花子 職員 医療援助課 有効 期限 2027-03-31" in said
    _be_on(TODAY + days(300), monkeypatch=monkeypatch)
    assert "医療援助課 期限切れ" in run("accounts", capsys=capsys)


def test_terminals_and_the_rules_of_sign_in(city: None, capsys: Capture) -> None:
    run(
        "register-terminal", "--name", "窓口１", "--at-office", "TSU", "--network", "192.0.2.0/28", *as_one("A001"),
        capsys=capsys,
    )  # fmt: skip
    found = staff.terminal_of(address="192.0.2.3", fingerprint="", on=TODAY)
    assert found is not None
    assert found.name == "窓口１"
    said = run("policy", capsys=capsys)
    assert "サインインの誤りで停止するまでの回数＝3回（公表資料の値）" in said
    assert "パスワードの有効期間＝365日（仮の値）" in said
    assert "＝90日（二次資料の値）" not in said


@pytest.mark.parametrize("option", ["--first-day", "--last-day"])
def test_a_day_that_is_none_is_refused(city: None, capsys: Capture, option: str) -> None:
    asked = ["--for", "C001", "--role", "counter", "--at-office", "TSU", "--scheme", "child", "--why", "窓口"]
    assert main(["staff", "ask-grant", *asked, option, "2026-02-30", *as_one("A001")]) == 2
    assert "2026-08-01 のように" in capsys.readouterr().err
