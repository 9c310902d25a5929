"""The numbers that a feed brings: registered at once where somebody answers for it, named where nobody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kyufu.cli.main import main
from tests.cli.test_feeds_import import CLERK, RESIDENT, Capture, people
from tests.cli.test_feeds_import import tables_are_there as tables_are_there
from tests.mynumber.conftest import empty
from tests.mynumber.conftest import vault as vault
from tests.mynumber.people import look
from tests.platform.feed_files import write_feed
from tests.registry.persons import addressee_no, my_number, resident

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def take_in(folder: Path, rows: list[dict[str, object]], *, seq: int = 1, staff: tuple[str, ...] = ()) -> int:
    """Take in a file of residents."""
    path = write_feed(folder, layout=RESIDENT, rows=rows, mode="FULL" if seq == 1 else "DIFF", seq=seq)
    return main(["feeds", "import", str(path), "--municipality", "yokohama", *staff])


def counts() -> tuple[int, int]:
    """Letters that wait and numbers that are registered."""
    ((letters,),) = look("SELECT count(*) FROM mynumber_inbox")
    ((numbers,),) = look("SELECT count(*) FROM mynumber_number WHERE upper_inf(recorded)")
    return letters, numbers


def test_where_nobody_answers_for_it_the_letters_wait_and_the_command_is_named(
    vault: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert take_in(tmp_path, people(1, 2)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == (
        "個人番号の束 1 件が金庫の受け箱で待っています。kyufu vault drain で登録してください。"
    )
    assert counts() == (1, 0)


def test_whoever_takes_the_file_in_registers_the_numbers(
    vault: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert take_in(tmp_path, people(1, 2), staff=tuple(CLERK)) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == (
        "個人番号の束 1 件、番号 2 件を金庫に登録しました。新しい人 2、既知の人の番号 0、確認事項 0"
    )
    assert counts() == (0, 2)
    assert my_number(1) not in said
    ((by,),) = look("SELECT DISTINCT by FROM mynumber_number")
    assert by.startswith("S0001 受付　花子")


def test_what_waited_before_is_registered_with_it(vault: Path, tmp_path: Path, capsys: Capture) -> None:
    take_in(tmp_path, people(1))
    assert counts() == (1, 0)
    assert take_in(tmp_path, people(2), seq=2, staff=tuple(CLERK)) == 0
    assert "束 2 件、番号 2 件を" in capsys.readouterr().out
    assert counts() == (0, 2)


def test_a_double_registration_is_counted_for_the_clerk(vault: Path, tmp_path: Path, capsys: Capture) -> None:
    take_in(tmp_path, people(1), staff=tuple(CLERK))
    assert take_in(tmp_path, [resident(5, kojinbango=my_number(1))], seq=2, staff=tuple(CLERK)) == 0
    assert "確認事項 1" in capsys.readouterr().out
    assert look("SELECT number FROM mynumber_conflict WHERE state = 'open'") == [(addressee_no(5),)]


def test_without_the_key_the_file_has_landed_and_the_letters_wait(
    vault: Path, tmp_path: Path, capsys: Capture
) -> None:
    vault.unlink()
    assert take_in(tmp_path, people(1, 2), staff=tuple(CLERK)) == 0
    shown = capsys.readouterr()
    assert "2 行のうち 2 行を取り込みました" in shown.out
    last = shown.out.splitlines()[-1]
    assert last.startswith("個人番号の束 1 件が金庫の受け箱で待っています。kyufu vault drain で")
    assert str(vault) not in shown.out + shown.err
    assert counts() == (1, 0)


@pytest.mark.parametrize("staff", [(), tuple(CLERK)])
def test_where_nothing_waits_nothing_is_said(
    staff: tuple[str, ...], vault: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert take_in(tmp_path, [resident(1, kojinbango="")], staff=staff) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_where_the_vault_was_never_opened_nothing_is_said(
    tmp_path: Path, capsys: Capture, transactional_db: None
) -> None:
    empty()
    assert take_in(tmp_path, people(1), staff=tuple(CLERK)) == 0
    assert "受け箱" not in capsys.readouterr().out
