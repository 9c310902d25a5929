"""`kyufu vault`: what the keeper of the vault sees; key operations by two, and never a number."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from kyufu.cli.main import main
from kyufu.mynumber import api as mynumber
from kyufu.mynumber import rotation
from kyufu.staff.api import Scheme
from tests.cli.proving import enrol, run_as
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import AT, CLERK, SECOND, look, pair, post, send
from tests.registry.persons import addressee_no, my_number
from tests.staff.town import NOW, Town, build_town

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def town(vault: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Two keepers of keys in the offices of the tests, on the day of those tests."""
    monkeypatch.setattr("kyufu.cli.access.prepare_django", lambda: None)
    monkeypatch.setattr("kyufu.cli.vault._prepare", lambda: None)
    monkeypatch.setattr("kyufu.cli.vault.current_instant", lambda: NOW + timedelta(minutes=5))
    made = build_town()
    for account in (made.clerk, made.worker):
        made.grant(account, role="operations" if account == made.clerk else "counter", office="HQ")
    made.grant(made.admin, role="operations", office="HQ", scheme=Scheme.COMMON)
    for number in ("A001", "A002", "C001", "X001"):
        enrol(number)
    return made


def kyufu(*arguments: str, staff: str = "C001") -> int:
    """Run a step of the command as a member of staff, who proves it; a second person at `init` proves it too."""
    seconds = [arguments[arguments.index("--second") + 1]] if "--second" in arguments else []
    who = ("--staff", staff, "--staff-name", "見本", "--office", "情報システム課")
    return run_as(["vault", *arguments, *who], staff, *seconds)


def number_in(said: str) -> str:
    """The number of the proposal that was told."""
    found = re.search(r"申出番号 (\d+)", said)
    assert found is not None, said
    return found[1]


def test_status_counts_and_shows_no_number(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    send(pair(1), pair(2), (addressee_no(3), my_number(1)))
    post(pair(4))
    assert main(["vault", "status"]) == 0
    said = capsys.readouterr().out
    for line in ("統合番号 2 件", "個人番号 2 件", "待つ束 1 件", "確認事項 1 件", "データ鍵、使用中"):
        assert line in said
    assert not [number for number in range(1, 5) if my_number(number) in said]


def test_the_inbox_is_opened_and_open_points_are_told_by_the_exit_status(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    post(pair(1), pair(2))
    assert kyufu("drain") == 0
    assert "番号 2 件を開きました" in capsys.readouterr().out
    post((addressee_no(9), my_number(1)))
    assert kyufu("drain") == 1
    assert "確認事項 1 件" in capsys.readouterr().out


def test_opening_twice_changes_nothing(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert kyufu("init", "--second", "A001") == 0
    assert "すでに開設" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("second", "said"), [("C001", "本人の確認"), ("S2", "本人の確認"), ("A002", "権限がありません")]
)
def test_the_vault_is_opened_by_two_who_prove_it_and_may(
    town: Town, capsys: pytest.CaptureFixture[str], second: str, said: str
) -> None:
    """The code of the first person served already: nobody is the second person as well."""
    assert kyufu("init", "--second", second) == 1
    assert said in capsys.readouterr().err


def test_keys_are_exchanged_when_a_second_person_confirms(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    send(pair(1), pair(2))
    assert kyufu("rotate") == 0
    proposal = number_in(capsys.readouterr().out)
    assert main(["vault", "status"]) == 0
    assert f"確認待ち {proposal}: データ鍵の交換" in capsys.readouterr().out
    assert kyufu("confirm", proposal) == 1
    assert kyufu("confirm", proposal, staff="X001") == 1
    assert kyufu("confirm", proposal, staff="NOBODY") == 1
    assert look("SELECT count(*) FROM mynumber_key WHERE purpose = 'data'") == [(1,)]
    assert kyufu("confirm", proposal, staff="A001") == 0
    assert "2 件" in capsys.readouterr().out
    states = "SELECT state FROM mynumber_key WHERE purpose = 'data' ORDER BY id"
    assert look(states) == [("destroyed",), ("active",)]
    assert kyufu("confirm", proposal, staff="A001") == 1


def test_who_has_no_right_over_keys_may_not_ask(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert kyufu("rotate", staff="A002") == 1
    assert look("SELECT count(*) FROM mynumber_key WHERE purpose = 'data'") == [(1,)]
    assert "権限" in capsys.readouterr().err


def test_what_was_asked_for_other_keys_is_not_carried_out(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kyufu("rotate") == 0
    proposal = number_in(capsys.readouterr().out)
    mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=lambda _: None)
    assert kyufu("confirm", proposal, staff="A001") == 1
    assert "変わっています" in capsys.readouterr().err


def test_an_exchange_that_was_interrupted_is_finished(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rotation, "BLOCK", 1)
    send(pair(1), pair(2), pair(3))

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mynumber.rotate_keys(by=CLERK, confirmed_by=SECOND, at=AT, report=interrupt)
    assert kyufu("rotate") == 0
    assert "止まっていた鍵の交換を終えました（2 件）" in capsys.readouterr().out


def test_another_key_encryption_key_takes_over_by_two(
    town: Town, vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, other = tmp_path / "new" / "kek", tmp_path / "other" / "kek"
    mynumber.make_key_file(other)
    assert kyufu("rewrap", "--new-key-file", str(new)) == 0
    assert new.stat().st_mode & 0o777 == 0o600
    proposal = number_in(capsys.readouterr().out)
    assert kyufu("confirm", proposal, staff="A001") == 1
    assert kyufu("confirm", proposal, "--new-key-file", str(other), staff="A001") == 1
    assert kyufu("confirm", proposal, "--new-key-file", str(new), staff="A001") == 0
    assert "今すぐ新しい鍵に" in capsys.readouterr().out
    assert kyufu("drain") == 0
    post(pair(1))
    assert kyufu("drain") == 1
    assert "この金庫のものではありません" in capsys.readouterr().err
    vault.write_bytes(new.read_bytes())
    assert kyufu("drain") == 0


def test_keys_and_numbers_are_never_printed(
    town: Town, vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(pair(1))
    for act in (("status",), ("drain", "--staff", "1", "--staff-name", "a", "--office", "b")):
        main(["vault", *act])
    said = capsys.readouterr()
    assert vault.read_text("ascii").strip() not in said.out + said.err
    assert my_number(1) not in said.out + said.err
