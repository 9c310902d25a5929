"""SIGKILL at any stage of the demonstration and a rerun end as an undisturbed run: same tables, same papers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.city_run import CityRun, fresh_schema, shared_server
from tests.journeys.dumps import dump, letters

pytestmark = pytest.mark.slow
Make = Callable[[], CityRun]

# Where to kill: the line of the progress to wait for; of two stages of one name, which one.
POINTS = {
    "making the city": ("住民と資料を作成しています", 1),
    "full residents": ("取込：住民記録 1,000", 1),
    "differing residents": ("取込：住民記録 …", 2),
    "applications": ("申請の受付 …", 1),
    "judgement": ("判定 …", 1),
    "late tax": ("取込：個人住民税（所得） …", 2),
    "approval": ("決裁 …", 1),
    "judgement of the stale": ("再判定（判定後に資料が変わったもの） …", 1),
    "issue": ("医療証の交付 …", 1),
    "printing certificates": ("印刷：小児医療証 …", 1),
    "printing rejections": ("印刷：却下通知書 …", 1),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityRun]:
    """A run that nothing came in the way of."""
    made = CityRun(tmp_path_factory.mktemp("undisturbed") / "var", fresh_schema(), shared_server())
    done = made.run()
    assert done.returncode == 0, done.stderr[-2000:]
    yield made
    made.remove()


def kill_at(run: CityRun, *, line: str, nth: int, after: float = 0.0) -> bool:
    """Start a run and kill it when the nth such line of progress was shown; False: it ended before."""
    child = run.start()
    assert child.stderr is not None
    seen = 0
    for shown in child.stderr:
        seen += shown.startswith(line)
        if seen == nth:
            time.sleep(after)
            child.kill()
            break
    ended = child.wait(timeout=120)
    child.stderr.close()
    return ended == -9


def assert_same_end(run: CityRun, *, undisturbed: CityRun) -> None:
    done = run.run()
    assert done.returncode == 0, done.stderr[-2000:]
    wanted, found = dump(undisturbed), dump(run)
    assert found.keys() == wanted.keys()
    for table, rows in wanted.items():
        assert found[table] == rows, table
    assert letters(run) == letters(undisturbed)
    assert run.summary["applications"] == undisturbed.summary["applications"]
    assert staged_files(run) == []


def staged_files(run: CityRun) -> list[Path]:
    """Papers that no print run of the ledger knows."""
    known = {run.paper_folder / row[0] for row in run.rows("SELECT folder FROM documents_print_run")}
    return [path for path in run.papers() if path.parent not in known]


@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_a_stage_ends_the_same(point: str, new_run: Make, undisturbed: CityRun) -> None:
    run, (line, nth) = new_run(), POINTS[point]
    assert kill_at(run, line=line, nth=nth)
    assert_same_end(run, undisturbed=undisturbed)


def test_a_run_killed_again_and_again_ends_the_same(new_run: Make, undisturbed: CityRun) -> None:
    """One city, killed at one stage after the other, each time a moment later than the stage begins."""
    run, chance = new_run(), random.Random(20260801)
    killed = 0
    for line in (
        "取込：住民記録 1,000",
        "取込：医療保険資格",
        "申請の受付",
        "判定",
        "決裁",
        "医療証の交付",
        "印刷：小児医療証",
        "印刷：却下",
    ):
        killed += kill_at(run, line=line, nth=1, after=chance.random() * 0.05)
    assert killed >= 6
    assert_same_end(run, undisturbed=undisturbed)


def test_a_killed_run_leaves_no_certificate_without_an_approval(new_run: Make) -> None:
    run = new_run()
    assert kill_at(run, line="医療証の交付", nth=1, after=0.02)
    issued = run.count("cases_certificate")
    approved = run.count("cases_application WHERE state = 'approved'")
    steps = run.count("cases_application_transition WHERE to_state = 'issued'")
    assert issued == steps
    assert (issued == 0) != (approved == 0)
    assert run.papers() == []


def test_the_ledger_never_names_a_paper_that_is_not_there(new_run: Make) -> None:
    run = new_run()
    assert kill_at(run, line="印刷：小児医療証", nth=1, after=0.3)
    assert run.run().returncode == 0
    named = run.rows(
        "SELECT r.folder, f.name FROM documents_print_file f JOIN documents_print_run r ON r.id = f.run_id"
    )
    assert named
    assert {run.paper_folder / folder / name for folder, name in named} == set(run.papers())
    assert (
        run.count("(SELECT 1 FROM documents_document GROUP BY kind, subject_id HAVING count(*) > 1) twice")
        == 0
    )
