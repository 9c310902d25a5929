"""Chunks and their assembly: nothing half-made is left, whatever breaks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kyufu.demo.city import chunk, make
from kyufu.demo.city.assembly import AssemblyPlan, assemble
from kyufu.demo.city.chunk import FILES, ChunkPlan, chunk_path, make_chunk, register_day
from kyufu.demo.city.manifest import Manifest, read_manifest
from tests.demo.city_parts import towns
from tests.demo.conftest import AS_OF
from tests.demo.conftest import make as make_small
from tests.demo.feed_checker import read_feed


def plan(folder: Path, *, number: int = 0, residents: int = 200) -> ChunkPlan:
    return ChunkPlan(number, residents, 1, AS_OF, towns(), folder)


def test_the_full_files_speak_for_a_day_three_weeks_before() -> None:
    assert register_day(AS_OF) == date(2026, 7, 10)


def test_a_chunk_leaves_one_part_for_each_file(tmp_path: Path) -> None:
    result = make_chunk(plan(tmp_path))
    assert (result.number, result.residents) == (0, 200)
    assert sorted(tmp_path.iterdir()) == sorted(chunk_path(tmp_path, number=0, file=file) for file in FILES)


def test_faults_are_put_into_the_first_chunk_alone(tmp_path: Path) -> None:
    first, second = (make_chunk(plan(tmp_path, number=number)) for number in (0, 1))
    assert [name for name in first.counts if name.startswith(chunk.FAULT)]
    assert not [name for name in second.counts if name.startswith(chunk.FAULT)]


def test_chunks_share_no_person_and_no_household(tmp_path: Path) -> None:
    numbers: list[set[str]] = []
    for number in (0, 1):
        make_chunk(plan(tmp_path, number=number))
        lines = (
            chunk_path(tmp_path, number=number, file=("resident", "FULL"))
            .read_text(encoding="utf-8")
            .splitlines()
        )
        numbers.append({line.split(",")[place] for line in lines for place in (6, 7, 17)})
    assert not numbers[0] & numbers[1]


def test_parts_are_numbered_through_and_removed(tmp_path: Path) -> None:
    for number, rows in enumerate((["1,a", "2,b"], [], ["1,c"])):
        part = chunk_path(tmp_path, number=number, file=("schemes", "FULL"))
        part.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    file = assemble(AssemblyPlan("schemes", "FULL", 1, "141003", "2026-07-10T22:00:00+09:00", 3, tmp_path))
    lines = (tmp_path / file.name).read_text(encoding="utf-8").splitlines()
    assert lines[2:] == ["D,1,1,a", "D,2,2,b", "D,3,1,c", "T,3,1=2;2=1"]
    assert (file.rows, file.rows_by_kind) == (3, {"1": 2, "2": 1})
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_run_that_breaks_off_leaves_the_city_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_small(tmp_path, residents=80)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def break_off(_: AssemblyPlan) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(make, "assemble", break_off)
    with pytest.raises(OSError, match="no space left"):
        make_small(tmp_path, residents=90, seed=9)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("residents", [4_999, 5_000, 5_001])
def test_cities_at_the_edge_of_a_chunk_are_whole(residents: int, tmp_path: Path) -> None:
    manifest = make_small(tmp_path, residents=residents)
    feed = read_feed(tmp_path / "resident_FULL_000001.csv")
    last = {row["atenabango"]: row["jumin_jotai"] for row in feed.rows}
    assert list(last.values()).count("1") == residents == manifest.residents


def test_the_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = make_small(tmp_path, residents=30)
    assert isinstance(written, Manifest)
    assert read_manifest(tmp_path) == written
