"""kill -9 in the middle of an import and a restart leave the same tables as an undisturbed run."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.platform import embedded
from kyufu.registry.feeds.layouts import RESIDENT
from tests.platform.feed_files import write_feed
from tests.platform.files_with import files_with
from tests.registry.persons import resident

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
CHILD = ROOT / "tests" / "registry" / "import_child.py"
STATEMENTS = (
    "CREATE TEMPORARY TABLE feed_staging",
    "INSERT INTO registry_addressee",
    "after INSERT INTO registry_person_event",
    "after INSERT INTO registry_person_version",
    'after UPDATE "platform_feed_file"',
)


class Runs:
    """Child processes that work on one schema of their own in the real database."""

    def __init__(self) -> None:
        self.schema = f"kyufu_test_{uuid4().hex[:12]}"
        self.env = {
            **os.environ,
            "KYUFU_SCHEMA": self.schema,
            "KYUFU_VAR": str(settings.VAR_DIR),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, str(CHILD), *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(CHILD), *arguments], env=self.env, stdout=subprocess.PIPE, text=True
        )

    def kill_when_reached(self, *arguments: str) -> None:
        child = self.start(*arguments)
        assert child.stdout is not None
        assert child.stdout.readline() == "reached\n"
        child.kill()
        child.wait()
        child.stdout.close()

    def dump(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self.run("dump"))
        return found


@pytest.fixture
def runs() -> Iterator[Runs]:
    made = Runs()
    made.run("prepare")
    yield made
    made.run("remove")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A full feed, and a difference that changes, corrects and adds, with some bad rows in each."""
    folder = tmp_path_factory.mktemp("killed")
    full = [resident(number) for number in range(1, 3_001)]
    full[10]["shimei"], full[20]["ido_nengappi"], full[30]["shimei"] = "長" * 101, "2024-02-30", "\ue000"
    changes = [
        resident(number, rirekibango=2, ido_jiyu="30", ido_nengappi="2026-07-01")
        for number in range(1, 1_001)
    ]
    corrections = [resident(number, rirekieda=1, shimei="訂正　後") for number in range(900, 1_100)]
    added = [resident(number) for number in range(3_001, 3_051)]
    wrong = [resident(5_000, seinengappi="2030-01-01")]
    diff = [*changes, *corrections, *added, *wrong]
    return [
        str(write_feed(folder, layout=RESIDENT, rows=full, mode="FULL", seq=1)),
        str(write_feed(folder, layout=RESIDENT, rows=diff, mode="DIFF", seq=2)),
    ]


@pytest.fixture(scope="module")
def undisturbed(files: list[str]) -> dict[str, list[str]]:
    """The tables after both files, with nothing in the way."""
    made = Runs()
    made.run("prepare")
    made.run("import", *files)
    dump = made.dump()
    made.run("remove")
    return dump


def test_the_undisturbed_run_is_worth_comparing(undisturbed: dict[str, list[str]]) -> None:
    sizes = {name: len(rows) for name, rows in undisturbed.items()}
    assert sizes == {
        "addressee": 3_050,
        "event": 4_248,
        "version": 5_145,
        "undrawable": 1,
        "change": 1_097,
        "rejected": 3,
        "file": 2,
    }


def test_a_process_killed_while_staging_leaves_the_tables_as_they_were(
    runs: Runs, files: list[str], undisturbed: dict[str, list[str]]
) -> None:
    runs.kill_when_reached("until-rows", "2000", files[0])
    left = runs.dump()
    assert not any(rows for name, rows in left.items() if name != "file")
    assert ["received" in row for row in left["file"]] == [True]
    runs.run("import", *files)
    assert runs.dump() == undisturbed


@pytest.mark.parametrize("point", STATEMENTS)
def test_a_process_killed_while_applying_starts_again_to_the_same_end(
    runs: Runs, files: list[str], undisturbed: dict[str, list[str]], point: str
) -> None:
    runs.run("import", files[0])
    before = runs.dump()
    runs.kill_when_reached("until", point, files[1])
    after = runs.dump()
    assert set(before.pop("file")) < set(after.pop("file"))
    assert after == before
    runs.run("import", files[1])
    assert runs.dump() == undisturbed


def test_a_process_killed_at_any_moment_starts_again_to_the_same_end(
    runs: Runs, files: list[str], undisturbed: dict[str, list[str]]
) -> None:
    chance = random.Random(20260801)
    for _ in range(3):
        child = runs.start("import", *files)
        time.sleep(0.4 + chance.random() * 1.2)
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
    runs.run("import", *files)
    assert runs.dump() == undisturbed


def test_no_individual_number_stays_anywhere(runs: Runs, tmp_path: Path) -> None:
    numbers = [
        INDIVIDUAL_NUMBER.with_check_digit(f"{random.randrange(10**10, 10**11):011}") for _ in range(4)
    ]
    rows = [resident(number, kojinbango=numbers[number]) for number in range(4)]
    rows[1]["shimei"] = "長" * 101
    rows[2]["seinengappi"] = "2030-01-01"
    rows.append(resident(9, kojinbango=numbers[0]))
    path = write_feed(tmp_path, layout=RESIDENT, rows=rows)
    text = path.read_text(encoding="utf-8").replace(f",{numbers[3]},", f",ずれ,{numbers[3]},")
    path.write_text(text, encoding="utf-8")
    runs.run("import", str(path))
    tables = runs.run("dump-everything")
    assert "見本" in tables
    assert not [number for number in numbers if number in tables]
    assert len(runs.dump()["rejected"]) == 4
    if not settings.DATABASE_URL:
        # Table files, write-ahead log and server log of the embedded server.
        assert files_with(set(numbers), folder=embedded.data_folder(settings.VAR_DIR)) == []
