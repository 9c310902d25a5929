"""The files of the demo city: their frame, their columns, their hashes, and the same bytes every time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from kyufu.demo.city import make_city, read_manifest
from kyufu.demo.city.layouts import COLUMNS
from kyufu.platform.errors import BadInput
from kyufu.platform.feeds.columns import plain_row_pattern, problem_of
from kyufu.platform.feeds.layout import Layout
from tests.demo.conftest import AS_OF, RESIDENTS, make
from tests.demo.feed_checker import Feed

FILES = [
    "resident_FULL_000001.csv", "resident_DIFF_000002.csv", "tax_FULL_000001.csv", "tax_DIFF_000002.csv",
    "insurance_FULL_000001.csv", "assistance_FULL_000001.csv", "schemes_FULL_000001.csv",
    "protection_FULL_000001.csv", "application_FULL_000001.csv",
]  # fmt: skip


def layouts() -> dict[str, Layout]:
    from kyufu.cases.intake import LAYOUT as APPLICATION
    from kyufu.evidence.feeds import layouts as evidence
    from kyufu.registry.feeds import layouts as registry

    listed = (
        registry.RESIDENT, registry.PROTECTION, evidence.TAX, evidence.INSURANCE, evidence.ASSISTANCE,
        evidence.SCHEMES, APPLICATION,
    )  # fmt: skip
    return {layout.name: layout for layout in listed}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_files_are_there_and_nothing_else(city_folder: Path) -> None:
    assert sorted(path.name for path in city_folder.iterdir()) == sorted([*FILES, "manifest.json"])


def test_every_file_keeps_the_frame(feeds: dict[str, Feed]) -> None:
    assert len(feeds) == len(FILES)
    for feed in feeds.values():
        assert feed.municipality == "141003"
        assert feed.sequence == (1 if feed.mode == "FULL" else 2)
        assert feed.rows


def test_the_columns_are_those_that_the_readers_of_the_feeds_know(feeds: dict[str, Feed]) -> None:
    known = layouts()
    assert set(COLUMNS) == set(known)
    for feed in feeds.values():
        assert tuple(feed.rows[0]) == known[feed.layout].names == COLUMNS[feed.layout]


def test_every_row_but_the_faulty_ones_is_right_value_by_value(
    city_folder: Path, feeds: dict[str, Feed]
) -> None:
    known, wrong = layouts(), []
    for feed in feeds.values():
        columns = {column.name: column for column in known[feed.layout].columns}
        for row in feed.rows:
            problems = [problem_of(columns[name], value=value) for name, value in row.items()]
            wrong += [problem[0] for problem in problems if problem]
    assert sorted(wrong) == ["code", "date", "my_number", "too_long"], "one of each fault, no other"


def test_full_files_take_the_fast_path_of_the_reader(city_folder: Path) -> None:
    for name in FILES:
        if "FULL" in name:
            pattern = plain_row_pattern(layouts()[name.split("_")[0]])
            lines = (city_folder / name).read_text(encoding="utf-8").splitlines(keepends=True)[2:-1]
            slow = [line for line in lines if not pattern.fullmatch(line)]
            assert [line for line in slow if "-02-29" not in line] == [], (
                "leap days alone are looked at twice"
            )


def test_the_manifest_tells_what_was_made(city_folder: Path, feeds: dict[str, Feed]) -> None:
    manifest = read_manifest(city_folder)
    assert (manifest.municipality, manifest.seed, manifest.as_of) == ("141003", 1, "2026-08-01")
    assert manifest.residents == RESIDENTS
    assert [file.name for file in manifest.files] == FILES
    for file in manifest.files:
        content = (city_folder / file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert (len(content), len(feeds[f"{file.layout} {file.mode}"].rows)) == (file.size, file.rows)
        assert sum(file.rows_by_kind.values()) == file.rows


def test_the_same_seed_gives_the_same_bytes_in_one_process_and_in_two(
    city_folder: Path, tmp_path: Path
) -> None:
    make(tmp_path / "two", processes=2)
    assert contents(tmp_path / "two") == contents(city_folder)


def test_another_seed_gives_another_city(city_folder: Path, tmp_path: Path) -> None:
    make(tmp_path, seed=2)
    mine, other = contents(city_folder), contents(tmp_path)
    assert all(mine[name] != other[name] for name in FILES)


def test_a_second_run_replaces_the_files(tmp_path: Path) -> None:
    make(tmp_path, residents=50)
    before = contents(tmp_path)
    make(tmp_path, residents=60, seed=3)
    make(tmp_path, residents=50)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("residents", [1, 2, 3, 7])
def test_the_smallest_cities_are_made_as_well(residents: int, tmp_path: Path) -> None:
    manifest = make(tmp_path, residents=residents)
    assert manifest.residents == residents
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(asdict(manifest))
    )


@pytest.mark.parametrize("residents", [0, -5, 20_000_001])
def test_impossible_numbers_of_residents_are_refused(residents: int, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="住民の数は1人から"):
        make(tmp_path / "city", residents=residents)
    assert not (tmp_path / "city").exists()


def test_an_unknown_municipality_is_refused_with_those_known(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="kobe") as caught:
        make_city(
            residents=10, out=tmp_path, seed=1, municipality="kobe", as_of=AS_OF, report=lambda *_: None
        )
    assert "yokohama" in caught.value.remedy


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="フォルダを作成できません"):
        make(occupied, residents=10)


def test_progress_is_reported_by_stage_from_nought_to_all(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    make_city(
        residents=5_001, out=tmp_path, seed=1, municipality="yokohama", as_of=date(2026, 8, 1), processes=1,
        report=lambda stage, done, total: heard.append((stage, done, total)),
    )  # fmt: skip
    stages = list(dict.fromkeys(stage for stage, _, _ in heard))
    assert len(stages) == 2
    assert [(done, total) for stage, done, total in heard if stage == stages[0]] == [(0, 2), (1, 2), (2, 2)]
    assert heard[-1][1:] == (len(FILES), len(FILES))
