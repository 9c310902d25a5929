"""Folders of print runs: private, published once, and settled after a kill."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from kyufu.documents import files


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """A var of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def written(uid: UUID) -> Path:
    """A staging folder with a file in it."""
    folder = files.open_staging(uid)
    (folder / "certificate-0001.pdf").write_bytes(b"pdf")
    return folder


def test_every_folder_on_the_way_is_private(var: Path) -> None:
    folder = written(uuid4())
    for place in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert folder.is_relative_to(var / "documents" / files.STAGING)


def test_publish_moves_the_folder_with_its_files() -> None:
    uid = uuid4()
    folder = written(uid)
    place = files.publish(uid, folder="20260801-certificate-abc")
    assert (place / "certificate-0001.pdf").read_bytes() == b"pdf"
    assert not folder.exists()


def test_publish_twice_changes_nothing() -> None:
    uid = uuid4()
    written(uid)
    place = files.publish(uid, folder="run")
    assert files.publish(uid, folder="run") == place
    assert (place / "certificate-0001.pdf").exists()


def test_settle_publishes_what_the_ledger_knows_and_discards_the_rest() -> None:
    known, unknown = uuid4(), uuid4()
    written(known)
    written(unknown)
    files.settle({known: "known-run"}.get)
    assert (files.root() / "known-run" / "certificate-0001.pdf").exists()
    assert list((files.root() / files.STAGING).iterdir()) == []
    assert sorted(path.name for path in files.root().iterdir()) == [files.STAGING, "known-run"]


def test_settle_on_a_fresh_machine_makes_the_folders() -> None:
    files.settle(lambda _: None)
    assert (files.root() / files.STAGING).is_dir()


def test_discard_of_nothing_is_nothing() -> None:
    files.discard(uuid4())
