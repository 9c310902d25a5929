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
    settings.VAR_DIR, settings.SCHEMA = tmp_path, "yokohama"
    return tmp_path


def written(uid: UUID) -> Path:
    """A staging folder with a file in it."""
    folder = files.open_staging(uid)
    (folder / "certificate-0001.pdf").write_bytes(b"pdf")
    return folder


def test_every_folder_on_the_way_is_private(var: Path) -> None:
    folder = written(uuid4())
    assert folder.is_relative_to(var / "documents" / "yokohama" / files.STAGING)
    for place in (folder, *folder.parents[:3]):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700


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


def test_settle_leaves_the_runs_of_another_municipality_alone(settings: Settings) -> None:
    uid = uuid4()
    settings.SCHEMA = "kawasaki"
    theirs = written(uid)
    settings.SCHEMA = "yokohama"
    mine = written(uuid4())
    files.settle(lambda _: None)
    assert not mine.exists()
    assert (theirs / "certificate-0001.pdf").read_bytes() == b"pdf"
    settings.SCHEMA = "kawasaki"
    files.settle({uid: "their-run"}.get)
    assert (files.root() / "their-run" / "certificate-0001.pdf").exists()


def test_settle_leaves_what_is_no_run_where_it_lies() -> None:
    staging = files.root() / files.STAGING
    files.settle(lambda _: None)
    stray, odd, named_like_a_run = staging / ".DS_Store", staging / uuid4().hex, staging / str(uuid4())
    stray.write_bytes(b"x")
    odd.mkdir()
    named_like_a_run.write_bytes(b"a file")
    gone = written(uuid4())
    files.settle(lambda _: None)
    assert not gone.exists()
    assert sorted(staging.iterdir()) == sorted((stray, odd, named_like_a_run))


def test_settle_on_a_fresh_machine_makes_the_folders() -> None:
    files.settle(lambda _: None)
    assert (files.root() / files.STAGING).is_dir()


def test_discard_of_nothing_is_nothing() -> None:
    files.discard(uuid4())
