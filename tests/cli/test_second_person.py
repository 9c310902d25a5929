"""Nobody is believed to be the second person at the shell by a name alone."""

from __future__ import annotations

import re

import pytest

from kyufu.cli import staff_changes
from kyufu.cli.main import main
from kyufu.staff import api as staff
from tests.cli.proving import PASSWORD, enrol, present_code, type_in, type_proofs
from tests.staff.town import NOW, TODAY, Town, build_town, rows

pytestmark = pytest.mark.django_db(transaction=True)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Two administrators with authenticator apps, and a clerk, on the day of the tests."""
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.platform.schema.ensure_tables", lambda: None)
    monkeypatch.setattr(staff_changes, "current_date_in_japan", lambda: TODAY)
    monkeypatch.setattr(staff_changes, "current_instant", lambda: NOW)
    made = build_town()
    for number in ("A001", "A002", "C001"):
        enrol(number)
    return made


def confirm(grant: int, *, by: str) -> int:
    """Confirm a grant under the name of somebody."""
    who = ("--staff", by, "--staff-name", "管理", "--office", "医療援助課")
    return main(["staff", "confirm-grant", str(grant), *who])


def states(account: int) -> list[str]:
    """The states of the grants of an account."""
    return [one.state for one in staff.grants_of(account)]


@pytest.mark.requirement("YOK-166")
def test_the_name_of_the_second_person_is_not_enough(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    grant = town.ask(town.clerk)
    type_in(monkeypatch)
    assert confirm(grant, by="A002") == 1
    assert "本人の確認ができません" in capsys.readouterr().err
    assert states(town.clerk) == ["asked"]


def test_password_and_code_of_the_second_person_confirm(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    grant = town.ask(town.clerk)
    type_proofs(monkeypatch, "A002")
    assert confirm(grant, by="A002") == 0
    assert states(town.clerk) == ["confirmed"]
    said = capsys.readouterr()
    assert f"{grant}: C001 見本　花子 「窓口担当」" in said.err, "what is confirmed is shown first"
    assert PASSWORD not in said.out + said.err
    events = rows("SELECT kind, detail->>'staff_no', detail->>'step' FROM audit_event")
    assert ("reauthenticated", "A002", "command") in events


def test_the_code_of_another_person_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    grant = town.ask(town.clerk)
    type_in(monkeypatch, PASSWORD, present_code("A001"))
    assert confirm(grant, by="A002") == 1
    events = rows("SELECT kind, detail->>'staff_no', detail->>'step' FROM audit_event")
    assert ("reauthentication_refused", "A002", "second factor") in events
    assert states(town.clerk) == ["asked"]


def test_a_code_serves_once(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    first, second = town.ask(town.clerk), town.ask(town.worker)
    code = present_code("A002")
    type_in(monkeypatch, PASSWORD, code)
    assert confirm(first, by="A002") == 0
    type_in(monkeypatch, PASSWORD, code)
    assert confirm(second, by="A002") == 1
    assert states(town.worker) == ["asked"]


def test_wrong_guesses_at_the_shell_lock_the_account(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    grant = town.ask(town.clerk)
    for _ in range(staff.sign_in_policy(TODAY).failures_before_lock):
        type_in(monkeypatch, "wrong", present_code("A002"))
        assert confirm(grant, by="A002") == 1
    type_proofs(monkeypatch, "A002")
    assert confirm(grant, by="A002") == 1, "the right proofs come too late"
    assert rows("SELECT state FROM staff_account WHERE staff_no = 'A002'") == [("locked",)]
    assert rows("SELECT count(*) FROM audit_event WHERE kind = 'account_locked'") == [(1,)]


def test_a_temporary_password_confirms_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    grant = town.ask(town.clerk)
    rows("UPDATE staff_account SET password_is_temporary = true WHERE staff_no = 'A002'")
    type_proofs(monkeypatch, "A002")
    assert confirm(grant, by="A002") == 1
    assert "パスワードの変更が必要です" in capsys.readouterr().err
    assert states(town.clerk) == ["asked"]


def test_nobody_asks_in_the_name_of_another(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    asked = [
        "staff", "ask-grant", "--for", "C001", "--role", "counter", "--at-office", "TSU", "--scheme", "child",
        "--why", "窓口", "--staff", "A001", "--staff-name", "管理", "--office", "医療援助課",
    ]  # fmt: skip
    type_in(monkeypatch, PASSWORD, present_code("A002"))
    assert main(asked) == 1
    assert staff.grants_waiting() == []
    type_proofs(monkeypatch, "A001")
    assert main(asked) == 0
    assert re.search(r"申請番号 \d+", capsys.readouterr().out)


def test_at_a_terminal_the_password_is_not_shown(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    grant = town.ask(town.clerk)
    prompts: list[str] = []
    answers = iter((PASSWORD, present_code("A002")))

    def hidden(prompt: str) -> str:
        prompts.append(prompt)
        return next(answers)

    type_in(monkeypatch)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", hidden)
    assert confirm(grant, by="A002") == 0
    assert prompts == ["A002 のパスワード: ", "A002 の認証アプリの数字: "]
