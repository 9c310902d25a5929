"""A print run that was decided is checked: its files byte for byte, its manifest, its certificates, its re-prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from kyufu.cases import api as cases
from kyufu.documents import api as documents
from kyufu.documents.manifest import JSON_NAME, PAGE_NAME
from kyufu.documents.models import Document
from kyufu.documents.operations import run_job
from tests.cases.world import AT, CLERK, ON, World, certify, quiet
from tests.documents.sources import Source, order
from tests.registry.persons import fetch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Print into a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    """A city with two families whose children have a certificate."""
    made = World(tmp_path)
    for _ in range(2):
        certify(made.family())
    return made


@pytest.fixture
def printed(world: World) -> documents.Printed:
    """Their certificates, printed."""
    return documents.print_certificates(by=CLERK, on=ON, at=AT, report=quiet, watermark="見本・訓練用")


def number_of(done: documents.Printed) -> int:
    """The number of a run that printed."""
    assert done.run_id is not None
    return done.run_id


def folder_of(done: documents.Printed) -> Path:
    """The folder of a run that printed."""
    assert done.folder is not None
    return done.folder


def test_a_run_of_issued_certificates_ties(printed: documents.Printed) -> None:
    checked = documents.check_run(number_of(printed))
    assert checked.faults == ()
    assert (checked.manifest.documents, checked.manifest.pages) == (2, 2)


def lose_a_file(folder: Path) -> None:
    """A PDF is gone."""
    next(folder.glob("*.pdf")).unlink()


def change_a_file(folder: Path) -> None:
    """A PDF has a byte more."""
    path = next(folder.glob("*.pdf"))
    path.write_bytes(path.read_bytes() + b"%")


def add_a_file(folder: Path) -> None:
    """Something lies there that no run has written."""
    (folder / "certificate-0009.pdf").write_bytes(b"pdf")


def change_the_manifest(folder: Path) -> None:
    """The manifest tells of another count."""
    path = folder / JSON_NAME
    path.write_text(path.read_text(encoding="utf-8").replace('"pages": 2', '"pages": 3', 1), encoding="utf-8")


def lose_the_manifest(folder: Path) -> None:
    """The manifest is gone."""
    (folder / JSON_NAME).unlink()


def move_it_all(folder: Path) -> None:
    """The whole folder lies elsewhere."""
    folder.rename(folder.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lose_a_file, "が見つかりません"),
        (change_a_file, "内容が、印刷したときと違います"),
        (add_a_file, "記録にないファイル certificate-0009.pdf"),
        (change_the_manifest, "送付票（manifest.json）が、印刷の記録と合いません"),
        (lose_the_manifest, "送付票（manifest.json）が、印刷の記録と合いません"),
        (move_it_all, "印刷用のフォルダが見つかりません"),
    ],
)
def test_what_does_not_tie_in_the_folder_is_named(
    printed: documents.Printed, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(folder_of(printed))
    (fault,) = documents.check_run(number_of(printed)).faults
    assert told in fault


def test_the_page_of_the_mail_room_may_lie_there(printed: documents.Printed) -> None:
    assert (folder_of(printed) / PAGE_NAME).is_file()


def test_certificates_that_nobody_issued_are_named() -> None:
    done = run_job(Source([901, 902]).job(), order=order(), municipality="yokohama", report=quiet)
    assert documents.check_run(number_of(done)).faults == ("交付の記録がない医療証が 2 件あります。",)


def test_a_voided_certificate_is_left_out_of_the_range_and_both_runs_tie(
    printed: documents.Printed,
) -> None:
    ((voided,),) = fetch(
        "SELECT c.number FROM cases_certificate c JOIN documents_document d ON d.subject_id = c.id"
        " WHERE d.running_no = 2"
    )
    cases.void_certificate(voided, by=CLERK, at=AT, why="紛失の届出")
    again = documents.reprint_range(
        number_of(printed), first=1, last=2, reason="紙詰まり", by=CLERK, at=AT, report=quiet
    )
    assert (again.documents, again.exceptions) == (1, 1)
    assert [one.running_no for one in documents.not_printed_again(number_of(again), limit=9)] == [2]
    for done in (printed, again):
        assert documents.check_run(number_of(done)).faults == ()


def test_a_reprint_that_stands_for_nothing_is_named(printed: documents.Printed) -> None:
    again = documents.reprint_range(
        number_of(printed), first=1, last=2, reason="紙詰まり", by=CLERK, at=AT, report=quiet
    )
    Document.objects.filter(run=number_of(again), running_no=1).update(content_digest="0" * 32)
    Document.objects.filter(run=number_of(again), running_no=2).update(replaces=None)
    assert documents.check_run(number_of(again)).faults == ("元の帳票と合わない再印刷が 2 件あります。",)
