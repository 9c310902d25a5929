"""Where delivered files lie, and who can read them."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kyufu.exchange.basic import folders

UID = UUID("12345678-1234-5678-1234-567812345678")
NAME = "basic_kokuho_FULL_000001.csv"


@pytest.fixture(autouse=True)
def _var(var: Path) -> None:
    """Files lie in the folder of the test."""


def staged(text: str = "x", *, uid: UUID = UID) -> None:
    """Write a file aside."""
    with folders.open_staging("kokuho", uid=uid) as file:
        file.write(text)
        folders.finish(file)


def mode_of(path: Path) -> int:
    """The permissions of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_is_for_the_service_account_alone(var: Path) -> None:
    staged()
    made = list(var.rglob("*"))
    assert {mode_of(path) for path in made if path.is_dir()} == {0o700}
    assert {mode_of(path) for path in made if path.is_file()} == {0o600}


def test_folders_that_were_open_are_closed(var: Path) -> None:
    open_folder = var / "exchange"
    open_folder.mkdir(parents=True)
    open_folder.chmod(0o755)
    staged()
    assert mode_of(open_folder) == 0o700


def test_a_file_that_is_there_is_not_written_over(var: Path) -> None:
    staged("first")
    with pytest.raises(FileExistsError):
        staged("second")
    place = folders.publish("kokuho", uid=UID, name=NAME)
    assert place.read_text(encoding="utf-8") == "first"


def test_line_ends_stay_as_written() -> None:
    staged("a\nb\r\n")
    assert folders.publish("kokuho", uid=UID, name=NAME).read_bytes() == b"a\nb\r\n"


def test_publishing_twice_is_publishing_once() -> None:
    staged("first")
    place = folders.publish("kokuho", uid=UID, name=NAME)
    assert folders.publish("kokuho", uid=UID, name=NAME) == place
    assert place.read_text(encoding="utf-8") == "first"
    assert place == folders.place_of("kokuho", name=NAME)


def test_settling_publishes_what_the_ledger_knows_and_clears_the_rest() -> None:
    lost = uuid4()
    staged("known")
    staged("lost", uid=lost)
    asked: list[UUID] = []

    def name_of(uid: UUID) -> str | None:
        asked.append(uid)
        return NAME if uid == UID else None

    folders.settle("kokuho", name_of=name_of)
    assert sorted(asked) == sorted((UID, lost))
    assert folders.place_of("kokuho", name=NAME).read_text(encoding="utf-8") == "known"
    assert list((folders.place_of("kokuho", name=folders.STAGING)).iterdir()) == []


def test_settling_where_nothing_was_ever_written_does_nothing(var: Path) -> None:
    folders.settle("kokuho", name_of=lambda _: NAME)
    assert not var.exists()


def test_each_system_has_a_folder_of_its_own() -> None:
    staged("kokuho")
    with folders.open_staging("tax", uid=UID) as file:
        file.write("tax")
    folders.settle("tax", name_of=lambda _: None)
    assert folders.publish("kokuho", uid=UID, name=NAME).read_text(encoding="utf-8") == "kokuho"
