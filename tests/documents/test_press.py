"""Blocks to files: in order, private, each whole; a failure in another process comes out as it is."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kyufu.documents import render
from kyufu.documents.content import CertificateContent
from kyufu.documents.render import Press, render_pdf
from tests.documents import samples
from tests.documents.reading import baselines, page_texts


def press(folder: Path) -> Press:
    """A press for Yokohama's sheet."""
    return Press(sheet=samples.TOWN.sheet, dated=samples.ON, folder=folder, prefix="certificate")


def blocks(count: int, *, size: int = 2) -> list[list[CertificateContent]]:
    """Blocks of certificates, numbered through."""
    return [[samples.certificate(index=size * n + k + 1) for k in range(size)] for n in range(count)]


def test_nothing_makes_no_file_and_starts_no_process(tmp_path: Path) -> None:
    with press(tmp_path) as machine:
        assert list(machine.run([], contents_of=list)) == []
        assert machine._pool is None
    assert list(tmp_path.iterdir()) == []


def test_one_block_is_set_in_this_process(tmp_path: Path) -> None:
    (block,) = blocks(1)
    with press(tmp_path) as machine:
        ((given, file),) = machine.run([block], contents_of=list)
        assert machine._pool is None
    assert given is block
    assert (file.name, file.pages) == ("certificate-0001.pdf", 2)


def test_many_blocks_come_back_in_order_and_whole(tmp_path: Path) -> None:
    given = blocks(7)
    with press(tmp_path) as machine:
        done = list(machine.run(given, contents_of=list))
    assert [block for block, _ in done] == given
    for number, (block, file) in enumerate(done, start=1):
        assert file.name == f"certificate-{number:04d}.pdf"
        content = (tmp_path / file.name).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        for page, text in enumerate(page_texts(content)):
            assert block[page].number in text


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    given = blocks(2)
    with press(tmp_path) as machine:
        done = list(machine.run(given, contents_of=list))
    for block, file in done:
        here, _ = render_pdf(block, sheet=samples.TOWN.sheet, dated=samples.ON)
        assert (tmp_path / file.name).read_bytes() == here


def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    with press(tmp_path) as machine:
        list(machine.run(blocks(1), contents_of=list))
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "certificate-0001.pdf").write_bytes(b"another run")
    with press(tmp_path) as machine, pytest.raises(FileExistsError):
        list(machine.run(blocks(1), contents_of=list))
    assert (tmp_path / "certificate-0001.pdf").read_bytes() == b"another run"


def test_a_failure_in_a_process_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "certificate-0002.pdf").write_bytes(b"another run")
    with press(tmp_path) as machine, pytest.raises(FileExistsError):
        list(machine.run(blocks(3), contents_of=list))


def test_blocks_are_taken_as_they_are_needed(tmp_path: Path) -> None:
    taken: list[int] = []

    def coming() -> Iterator[list[CertificateContent]]:
        for number, block in enumerate(blocks(9, size=1)):
            taken.append(number)
            yield block

    with press(tmp_path) as machine:
        running = machine.run(coming(), contents_of=list)
        next(running)
        assert len(taken) <= 2 * render.PROCESSES + 2
        assert len(list(running)) == 8
    assert len(taken) == 9


def test_letters_are_measured_as_they_are_then_set(tmp_path: Path) -> None:
    letters = [samples.rejection(), samples.request(), samples.loss()]
    long = replace(samples.rejection(), opening=("長い説明が続きます。" * 300,))
    with press(tmp_path) as machine:
        ((block, pages),) = machine.measure([[*letters, long]], contents_of=list)
    _, extents = render_pdf(block, sheet=samples.TOWN.sheet, dated=samples.ON)
    assert pages == tuple(extent.pages for extent in extents)
    assert pages[:3] == (1, 1, 1)
    assert pages[3] > 1
    assert list(tmp_path.iterdir()) == []


def test_several_blocks_of_letters_are_measured_by_the_processes_in_order(tmp_path: Path) -> None:
    given = [[samples.rejection(index=number)] * number for number in (1, 2, 3)]
    with press(tmp_path) as machine:
        assert list(machine.measure(given, contents_of=list)) == [
            (block, (1,) * len(block)) for block in given
        ]
        assert machine._pool is not None


def test_certificates_have_one_page_and_need_no_process_to_know(tmp_path: Path) -> None:
    with press(tmp_path) as machine:
        assert [pages for _, pages in machine.measure(blocks(3), contents_of=list)] == [(1, 1)] * 3
        assert machine._pool is None
    assert list(press(tmp_path).measure([], contents_of=list)) == []


def test_files_are_named_and_pages_marked_as_asked(tmp_path: Path) -> None:
    given = blocks(2)
    with press(tmp_path) as machine:
        done = list(
            machine.run(
                given,
                contents_of=list,
                name_of=lambda block: f"of-{block[0].subject_id}",
                marks_of=lambda block: [f"通し {one.subject_id:06d}" for one in block],
            )
        )
    assert [file.name for _, file in done] == ["certificate-of-1.pdf", "certificate-of-3.pdf"]
    for block, file in done:
        for content, text in zip(block, page_texts((tmp_path / file.name).read_bytes()), strict=True):
            assert f"通し{content.subject_id:06d}" in text


def test_a_mark_changes_no_page_of_a_letter(tmp_path: Path) -> None:
    long = replace(samples.rejection(), opening=("長い説明が続きます。" * 300,))
    plain, extents = render_pdf([long], sheet=samples.TOWN.sheet, dated=samples.ON)
    marked, same = render_pdf([long], sheet=samples.TOWN.sheet, dated=samples.ON, marks=["通し 000001"])
    assert extents == same
    assert [text.replace("通し000001", "") for text in page_texts(marked)] == page_texts(plain)


def test_the_mark_lies_below_the_fold_and_outside_of_the_windows() -> None:
    for content in (samples.certificate(), samples.rejection()):
        pdf, _ = render_pdf([content], sheet=samples.TOWN.sheet, dated=samples.ON, marks=["通し 000001"])
        places = [
            (x, y) for x, y, text in baselines(pdf) if "000001" in text and "保年" not in text and y > 280
        ]
        assert len(places) == 1
        assert places[0][0] > 122


def test_does_not_keep_in_memory_what_was_written(tmp_path: Path) -> None:
    """The typesetter by itself keeps the last ten files: 18 MB here for every file of 60 cards."""
    used = []
    for block in blocks(8, size=60):
        with press(tmp_path) as machine:
            list(machine.run([block], contents_of=list, name_of=lambda block: block[0].number))
        used.append(resident())
    assert used[-1] - used[1] < 40


def resident() -> int:
    """The memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20
